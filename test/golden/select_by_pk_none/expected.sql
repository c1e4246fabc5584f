-- reads menu_items, orders
-- $
SELECT threefactor_json.object('{"order_id":%v}', _0."order_id") FROM "public"."orders" AS _0 WHERE _0."order_id" OPERATOR(pg_catalog.=) ($1)::pg_catalog.text;
-- $1 = nobody
