-- reads menu_items, orders
-- $
SELECT threefactor_json.list('{"order_id":%v}', _0."order_id") FROM "public"."orders" AS _0 WHERE _0."address" OPERATOR(pg_catalog.=) ANY (($1)::pg_catalog.text[]);
-- $1 = {"2 Back\\slash
New line","4é"}
