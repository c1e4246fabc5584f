-- reads menu_items, orders
-- $
SELECT pg_catalog.array_to_string(ARRAY['{"orders_by_pk":', coalesce((SELECT threefactor_json.object('{"order_id":%v}', _0."order_id") FROM "public"."orders" AS _0 WHERE _0."order_id" OPERATOR(pg_catalog.=) ($1)::pg_catalog.text),'null'), ',"orders":', (SELECT threefactor_json.list('{"order_id":%v}', _1."order_id") FROM (SELECT _2."order_id" FROM "public"."orders" AS _2 ORDER BY _2."order_id" DESC NULLS FIRST LIMIT 1) AS _1)], '');
-- $1 = o3
