-- reads measures, measures_low
-- $
SELECT '['||coalesce(string_agg('{"day":'||_0."day"::text||',"value":'||coalesce(_0."value"::text,'null')||'}',','),'')||']' FROM (SELECT _1."day", _1."value" FROM "public"."measures_low" AS _1 ORDER BY _1."day" ASC NULLS LAST) AS _0;
