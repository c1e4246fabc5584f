-- reads menu_items, orders
-- $
SELECT coalesce((SELECT '{"user_id":'||to_json(_0."user_id")::text||',"a":'||to_json(_0."address")::text||',"order_id":'||to_json(_0."order_id")::text||'}' FROM "public"."orders" AS _0 WHERE _0."order_id" = ($1)::text),'null'), (SELECT '['||coalesce(string_agg('{"name":'||to_json(_1."name")::text||'}',','),'')||']' FROM (SELECT _2."name" FROM "public"."menu_items" AS _2 ORDER BY _2."name" ASC NULLS LAST LIMIT 1) AS _1);
-- $1 = o1
