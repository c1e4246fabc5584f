-- reads menu_items, number_orders, orders
-- $
SELECT coalesce((SELECT '{"user_id":'||to_json(_0."user_id")::text||'}' FROM "public"."orders" AS _0 WHERE _0."order_id" = ($1)::text),'null'), coalesce((SELECT '{"user_id":'||to_json(_1."user_id")::text||'}' FROM "public"."orders" AS _1 WHERE _1."order_id" = ($2)::text),'null'), (SELECT '['||coalesce(string_agg('{"count":'||coalesce(_2."count"::text,'null')||'}',','),'')||']' FROM "public"."number_orders" AS _2), (SELECT '['||coalesce(string_agg('{"name":'||to_json(_3."name")::text||'}',','),'')||']' FROM (SELECT _4."name" FROM "public"."menu_items" AS _4 ORDER BY _4."name" DESC NULLS FIRST LIMIT 2 OFFSET ($3)::bigint) AS _3), (SELECT '['||coalesce(string_agg('{"order_id":'||to_json(_5."order_id")::text||'}',','),'')||']' FROM "public"."orders" AS _5 WHERE _5."order_id" = ($4)::text);
-- $1 = o1
-- $2 = nobody
-- $3 = 1
-- $4 = nobody
