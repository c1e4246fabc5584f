-- reads menu_items, orders
-- $
SELECT '{"order_id":'||to_json(_0."order_id")::text||'}' FROM "public"."orders" AS _0 WHERE _0."order_id" = ($1)::text;
-- $1 = o1
