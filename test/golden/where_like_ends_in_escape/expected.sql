-- reads menu_items, orders
-- $
SELECT '['||coalesce(string_agg('{"order_id":'||to_json(_0."order_id")::text||'}',','),'')||']' FROM "public"."orders" AS _0 WHERE _0."address" LIKE ($1)::text;
-- $1 = %\
