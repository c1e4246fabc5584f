-- reads keyless
-- $
SELECT '['||coalesce(string_agg('{"a":'||coalesce(_0."a"::text,'null')||',"b":'||coalesce(to_json(_0."b")::text,'null')||'}',','),'')||']' FROM (SELECT _1."a", _1."b" FROM "public"."keyless" AS _1 ORDER BY _1."a" ASC NULLS FIRST) AS _0;
