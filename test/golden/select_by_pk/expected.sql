-- reads menu_items, orders
-- $
SELECT threefactor_json.object('{"order_id":%v,"address":%v,"order_valid":%v,"payment_valid":%v,"created":%v}', _0."order_id", _0."address", _0."order_valid", _0."payment_valid", _0."created") FROM "public"."orders" AS _0 WHERE _0."order_id" OPERATOR(pg_catalog.=) ($1)::pg_catalog.text;
-- $1 = o2
