-- reads paints
-- $
SELECT pg_catalog.array_to_string(ARRAY['{"paintList":', (SELECT threefactor_json.list('{"brand":%v}', pg_catalog.to_json(_0."brand")) FROM "public"."paints" AS _0 WHERE _0."brand"::public.citext OPERATOR(public.~~*) ($1)::public.citext), ',"equal":', (SELECT threefactor_json.list('{"brand":%v}', pg_catalog.to_json(_1."brand")) FROM "public"."paints" AS _1 WHERE _1."brand"::public.citext OPERATOR(public.=) ($2)::public.citext), ',"Paint_aggregate":', (SELECT threefactor_json.object('{"aggregate":{"max":{"brand":%v,"volume":%v}}}', pg_catalog.to_json(public.max(_2."brand"::public.citext)), pg_catalog.max(_2."litres")) FROM "public"."paints" AS _2)], '');
-- $1 = a%
-- $2 = ACME
