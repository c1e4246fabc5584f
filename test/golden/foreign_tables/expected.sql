-- reads hosts
-- $
SELECT (SELECT '['||coalesce(string_agg('{"line":'||coalesce(to_json(_0."line")::text,'null')||'}',','),'')||']' FROM (SELECT _1."line" FROM "public"."hosts" AS _1 ORDER BY _1."line" DESC NULLS FIRST) AS _0), (SELECT '{"aggregate":{"count":'||count(*)::text||'}}' FROM "public"."hosts" AS _2);
