-- reads approved_orders, menu_items, number_order_approved, number_orders, orders
-- $
SELECT pg_catalog.array_to_string(ARRAY['{"number_orders":', (SELECT threefactor_json.list('{"count":%v}', _0."count") FROM "public"."number_orders" AS _0), ',"number_order_approved":', (SELECT threefactor_json.list('{"count":%v}', _1."count") FROM "public"."number_order_approved" AS _1), ',"approved_orders":', (SELECT threefactor_json.list('{"order_id":%v}', _2."order_id") FROM (SELECT _3."order_id" FROM "public"."approved_orders" AS _3 ORDER BY _3."order_id" ASC NULLS LAST) AS _2)], '');
