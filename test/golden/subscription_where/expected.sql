-- reads items, menu_items, orders
-- $
SELECT '['||coalesce(string_agg('{"order_id":'||to_json(_0."order_id")::text||',"approved":'||_0."approved"::text||',"items":'||(SELECT '['||coalesce(string_agg('{"item":'||to_json(_1."item")::text||'}',','),'')||']' FROM "public"."items" AS _1 WHERE _1."order_id" = _0."order_id" AND EXISTS (SELECT 1 FROM "public"."orders" AS _2 WHERE _2."order_id" = _1."order_id" AND _2."user_id" <> ($1)::text))||'}',','),'')||']' FROM "public"."orders" AS _0 WHERE _0."order_id" = ($2)::text;
-- $1 = x
-- $2 = o1
