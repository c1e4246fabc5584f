-- reads menu_items, orders
-- $
SELECT threefactor_json.object('{"order_id":%v}', _0."order_id") FROM "public"."orders" AS _0 WHERE _0."order_id" = ($1)::text;
-- $1 = nobody
