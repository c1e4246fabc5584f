-- reads item_counts
-- $
SELECT '['||coalesce(string_agg('{"item":'||coalesce(to_json(_0."item")::text,'null')||',"total":'||coalesce(_0."total"::text,'null')||'}',','),'')||']' FROM (SELECT _1."item", _1."total" FROM "public"."item_counts" AS _1 ORDER BY _1."item" ASC NULLS LAST) AS _0;
