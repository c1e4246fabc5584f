-- reads menu_items, number_orders, orders
-- $
SELECT coalesce((SELECT threefactor_json.object('{"user_id":%v}', _0."user_id") FROM "public"."orders" AS _0 WHERE _0."order_id" = ($1)::text),'null'), coalesce((SELECT threefactor_json.object('{"user_id":%v}', _1."user_id") FROM "public"."orders" AS _1 WHERE _1."order_id" = ($2)::text),'null'), (SELECT threefactor_json.list('{"count":%v}', _2."count") FROM "public"."number_orders" AS _2), (SELECT threefactor_json.list('{"name":%v}', _3."name") FROM (SELECT _4."name" FROM "public"."menu_items" AS _4 ORDER BY _4."name" DESC NULLS FIRST LIMIT 2 OFFSET ($3)::bigint) AS _3), (SELECT threefactor_json.list('{"order_id":%v}', _5."order_id") FROM "public"."orders" AS _5 WHERE _5."order_id" = ($4)::text);
-- $1 = o1
-- $2 = nobody
-- $3 = 1
-- $4 = nobody
