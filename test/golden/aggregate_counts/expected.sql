-- reads menu_items, orders
-- $
SELECT '{"aggregate":{"count":'||count(*)::text||',"a":'||count((_0."user_id", _0."restaurant_id"))::text||',"b":'||count(DISTINCT _0."user_id")::text||',"c":'||count(DISTINCT (_0."user_id", _0."restaurant_id"))::text||',"d":'||count(_0."payment_valid")::text||',"e":'||count(*)::text||',"f":'||count(*)::text||',"g":'||count(*)::text||'}}' FROM "public"."orders" AS _0;
