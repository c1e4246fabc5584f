-- reads menu_items, orders
-- $
SELECT '['||coalesce(string_agg('{"a":'||to_json(_0."order_id")::text||',"d":'||to_json(_0."order_id")::text||'}',','),'')||']' FROM (SELECT _1."order_id" FROM "public"."orders" AS _1 LIMIT 1) AS _0;
