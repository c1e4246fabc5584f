-- reads item_counts
-- $
SELECT threefactor_json.list('{"item":%v,"total":%v}', _0."item", _0."total") FROM (SELECT _1."item", _1."total" FROM "public"."item_counts" AS _1 ORDER BY _1."item" ASC NULLS LAST) AS _0;
