-- reads kinds
-- $
SELECT (SELECT threefactor_json.list('{"id":%v}', _0."id") FROM "public"."kinds" AS _0 WHERE _0."doc" @> ($1)::jsonb), (SELECT threefactor_json.list('{"id":%v}', _1."id") FROM "public"."kinds" AS _1 WHERE _1."doc" @> ($2)::jsonb), (SELECT threefactor_json.list('{"id":%v}', _2."id") FROM "public"."kinds" AS _2 WHERE _2."doc" <@ ($3)::jsonb), (SELECT threefactor_json.list('{"id":%v}', _3."id") FROM "public"."kinds" AS _3 WHERE _3."doc" ? ($4)::text), (SELECT threefactor_json.list('{"id":%v}', _4."id") FROM "public"."kinds" AS _4 WHERE _4."doc" ?| ($5)::text[]), (SELECT threefactor_json.list('{"id":%v}', _5."id") FROM "public"."kinds" AS _5 WHERE _5."doc" ?& ($6)::text[]);
-- $1 = {"tags":["q"]}
-- $2 = {"a":{"b":[10]}}
-- $3 = {"a":1}
-- $4 = tags
-- $5 = {"x","a"}
-- $6 = {"x","a"}
