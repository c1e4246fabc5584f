-- reads menu_items, orders
-- $
SELECT threefactor_json.list('{"a":%v,"d":%v}', _0."order_id", _0."order_id") FROM (SELECT _1."order_id" FROM "public"."orders" AS _1 LIMIT 1) AS _0;
