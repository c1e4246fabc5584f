-- reads menu_items, number_orders, orders
-- $
SELECT pg_catalog.array_to_string(ARRAY['{"__typename":"query_root","one":', coalesce((SELECT threefactor_json.object('{"user_id":%v}', _0."user_id") FROM "public"."orders" AS _0 WHERE _0."order_id" OPERATOR(pg_catalog.=) ($1)::pg_catalog.text),'null'), ',"none":', coalesce((SELECT threefactor_json.object('{"user_id":%v}', _1."user_id") FROM "public"."orders" AS _1 WHERE _1."order_id" OPERATOR(pg_catalog.=) ($2)::pg_catalog.text),'null'), ',"number_orders":', (SELECT threefactor_json.list('{"count":%v}', _2."count") FROM "public"."number_orders" AS _2), ',"menu_items":', (SELECT threefactor_json.list('{"name":%v}', _3."name") FROM (SELECT _4."name" FROM "public"."menu_items" AS _4 ORDER BY _4."name" DESC NULLS FIRST LIMIT 2 OFFSET ($3)::bigint) AS _3), ',"empty":', (SELECT threefactor_json.list('{"order_id":%v}', _5."order_id") FROM "public"."orders" AS _5 WHERE _5."order_id" OPERATOR(pg_catalog.=) ($4)::pg_catalog.text)], '');
-- $1 = o1
-- $2 = nobody
-- $3 = 1
-- $4 = nobody
