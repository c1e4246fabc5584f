-- reads kinds
-- $
SELECT array_to_string(ARRAY['{"contains":', (SELECT '['||coalesce(string_agg('{"id":'||_0."id"::text||'}',','),'')||']' FROM "public"."kinds" AS _0 WHERE _0."doc" @> ($1)::jsonb), ',"literal":', (SELECT '['||coalesce(string_agg('{"id":'||_1."id"::text||'}',','),'')||']' FROM "public"."kinds" AS _1 WHERE _1."doc" @> ($2)::jsonb), ',"contained":', (SELECT '['||coalesce(string_agg('{"id":'||_2."id"::text||'}',','),'')||']' FROM "public"."kinds" AS _2 WHERE _2."doc" <@ ($3)::jsonb), ',"key":', (SELECT '['||coalesce(string_agg('{"id":'||_3."id"::text||'}',','),'')||']' FROM "public"."kinds" AS _3 WHERE _3."doc" ? ($4)::text), ',"any":', (SELECT '['||coalesce(string_agg('{"id":'||_4."id"::text||'}',','),'')||']' FROM "public"."kinds" AS _4 WHERE _4."doc" ?| ($5)::text[]), ',"all":', (SELECT '['||coalesce(string_agg('{"id":'||_5."id"::text||'}',','),'')||']' FROM "public"."kinds" AS _5 WHERE _5."doc" ?& ($6)::text[])], '');
-- $1 = {"tags":["q"]}
-- $2 = {"a":{"b":[10]}}
-- $3 = {"a":1}
-- $4 = tags
-- $5 = {"x","a"}
-- $6 = {"x","a"}
