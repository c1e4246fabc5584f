-- reads -, rooms
-- $
SELECT '['||coalesce(string_agg('{"id":'||_0."id"::text||',"refused":'||coalesce("public"."refuse"(_0)::text,'null')||'}',','),'')||']' FROM "public"."rooms" AS _0;
