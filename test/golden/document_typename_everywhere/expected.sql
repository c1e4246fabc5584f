-- reads items, menu_items, orders
-- $
SELECT threefactor_json.list('{"__typename":"orders","items_aggregate":%r}', (SELECT '{"__typename":"items_aggregate","aggregate":{"__typename":"items_aggregate_fields","max":{"__typename":"items_max_fields"}}}' FROM "public"."items" AS _1 WHERE _1."order_id" OPERATOR(pg_catalog.=) _0."order_id" HAVING true)) FROM (SELECT _2."order_id" FROM "public"."orders" AS _2 ORDER BY _2."order_id" ASC NULLS LAST LIMIT 1) AS _0;
