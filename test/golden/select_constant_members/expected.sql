-- reads items, menu_items, orders
-- $
SELECT (SELECT threefactor_json.list('{"__typename":"menu_items"}') FROM "public"."menu_items" AS _0), (SELECT threefactor_json.list('{"kind":"orders","items":%r}', (SELECT threefactor_json.list('{"__typename":"items"}') FROM "public"."items" AS _2 WHERE _2."order_id" = _1."order_id")) FROM (SELECT _3."order_id" FROM "public"."orders" AS _3 LIMIT 1) AS _1);
