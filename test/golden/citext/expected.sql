-- reads paints
-- $
SELECT (SELECT threefactor_json.list('{"brand":%v}', to_json(_0."brand")) FROM "public"."paints" AS _0 WHERE _0."brand" ILIKE ($1)::public.citext), (SELECT threefactor_json.list('{"brand":%v}', to_json(_1."brand")) FROM "public"."paints" AS _1 WHERE _1."brand" = ($2)::public.citext), (SELECT threefactor_json.object('{"aggregate":{"max":{"brand":%v,"volume":%v}}}', to_json(max(_2."brand")), max(_2."litres")) FROM "public"."paints" AS _2);
-- $1 = a%
-- $2 = ACME
