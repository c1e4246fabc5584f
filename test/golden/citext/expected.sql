-- reads paints
-- $
SELECT array_to_string(ARRAY['{"paintList":', (SELECT '['||coalesce(string_agg('{"brand":'||coalesce(to_json(_0."brand")::text,'null')||'}',','),'')||']' FROM "public"."paints" AS _0 WHERE _0."brand" ILIKE ($1)::public.citext), ',"equal":', (SELECT '['||coalesce(string_agg('{"brand":'||coalesce(to_json(_1."brand")::text,'null')||'}',','),'')||']' FROM "public"."paints" AS _1 WHERE _1."brand" = ($2)::public.citext), ',"Paint_aggregate":', (SELECT '{"aggregate":{"max":{"brand":'||coalesce(to_json(max(_2."brand"))::text,'null')||',"volume":'||coalesce(to_json(max(_2."litres"))::text,'null')||'}}}' FROM "public"."paints" AS _2)], '');
-- $1 = a%
-- $2 = ACME
