-- reads menu_items, orders
-- $
SELECT pg_catalog.array_to_string(ARRAY['{"z":', coalesce((SELECT threefactor_json.object('{"user_id":%v,"a":%v,"order_id":%v}', _0."user_id", _0."address", _0."order_id") FROM "public"."orders" AS _0 WHERE _0."order_id" OPERATOR(pg_catalog.=) ($1)::pg_catalog.text),'null'), ',"a":', (SELECT threefactor_json.list('{"name":%v}', _1."name") FROM (SELECT _2."name" FROM "public"."menu_items" AS _2 ORDER BY _2."name" ASC NULLS LAST LIMIT 1) AS _1)], '');
-- $1 = o1
