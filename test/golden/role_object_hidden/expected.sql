-- reads items, menu_items, orders
-- $
SELECT '['||coalesce(string_agg('{"item":'||to_json(_0."item")::text||',"order":'||coalesce((SELECT '{"user_id":'||to_json(_1."user_id")::text||'}' FROM "public"."orders" AS _1 WHERE _1."order_id" = _0."order_id"),'null')||'}',','),'')||']' FROM (SELECT _2."item", _2."order_id" FROM "public"."items" AS _2 ORDER BY _2."id" ASC NULLS LAST) AS _0;
