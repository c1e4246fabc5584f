-- reads menu_items, orders
-- $
SELECT '{"order_id":'||to_json(_0."order_id")::text||',"address":'||to_json(_0."address")::text||',"order_valid":'||coalesce(_0."order_valid"::text,'null')||',"payment_valid":'||coalesce(_0."payment_valid"::text,'null')||',"created":'||to_json(_0."created")::text||'}' FROM "public"."orders" AS _0 WHERE _0."order_id" = ($1)::text;
-- $1 = o2
