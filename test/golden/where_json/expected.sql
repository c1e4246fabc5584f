-- reads kinds
-- $
SELECT pg_catalog.array_to_string(ARRAY['{"contains":', (SELECT threefactor_json.list('{"id":%v}', _0."id") FROM "public"."kinds" AS _0 WHERE _0."doc" OPERATOR(pg_catalog.@>) ($1)::pg_catalog.jsonb), ',"literal":', (SELECT threefactor_json.list('{"id":%v}', _1."id") FROM "public"."kinds" AS _1 WHERE _1."doc" OPERATOR(pg_catalog.@>) ($2)::pg_catalog.jsonb), ',"contained":', (SELECT threefactor_json.list('{"id":%v}', _2."id") FROM "public"."kinds" AS _2 WHERE _2."doc" OPERATOR(pg_catalog.<@) ($3)::pg_catalog.jsonb), ',"key":', (SELECT threefactor_json.list('{"id":%v}', _3."id") FROM "public"."kinds" AS _3 WHERE _3."doc" OPERATOR(pg_catalog.?) ($4)::pg_catalog.text), ',"any":', (SELECT threefactor_json.list('{"id":%v}', _4."id") FROM "public"."kinds" AS _4 WHERE _4."doc" OPERATOR(pg_catalog.?|) ($5)::pg_catalog.text[]), ',"all":', (SELECT threefactor_json.list('{"id":%v}', _5."id") FROM "public"."kinds" AS _5 WHERE _5."doc" OPERATOR(pg_catalog.?&) ($6)::pg_catalog.text[])], '');
-- $1 = {"tags":["q"]}
-- $2 = {"a":{"b":[10]}}
-- $3 = {"a":1}
-- $4 = tags
-- $5 = {"x","a"}
-- $6 = {"x","a"}
