-- reads items, menu_items, orders
-- $
SELECT pg_catalog.array_to_string(ARRAY['{"menu_items":', (SELECT threefactor_json.list('{"__typename":"menu_items"}') FROM "public"."menu_items" AS _0), ',"orders":', (SELECT threefactor_json.list('{"kind":"orders","items":%r}', (SELECT threefactor_json.list('{"__typename":"items"}') FROM "public"."items" AS _2 WHERE _2."order_id" OPERATOR(pg_catalog.=) _1."order_id")) FROM (SELECT _3."order_id" FROM "public"."orders" AS _3 LIMIT 1) AS _1)], '');
