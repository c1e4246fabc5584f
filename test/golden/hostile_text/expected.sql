-- reads menu_items, orders
-- $
SELECT pg_catalog.array_to_string(ARRAY['{"a":', (SELECT threefactor_json.list('{"order_id":%v}', _0."order_id") FROM "public"."orders" AS _0 WHERE _0."address" OPERATOR(pg_catalog.=) ($1)::pg_catalog.text), ',"b":', (SELECT threefactor_json.list('{"order_id":%v,"address":%v}', _1."order_id", _1."address") FROM (SELECT _2."order_id", _2."address" FROM "public"."orders" AS _2 WHERE _2."address" OPERATOR(pg_catalog.=) ANY (($2)::pg_catalog.text[]) ORDER BY _2."order_id" ASC NULLS LAST) AS _1), ',"inline":', (SELECT threefactor_json.list('{"order_id":%v}', _3."order_id") FROM "public"."orders" AS _3 WHERE _3."address" OPERATOR(pg_catalog.=) ($3)::pg_catalog.text)], '');
-- $1 = 3 O'Hara Ünïcode 🍕
-- $2 = {"3 O'Hara Ünïcode 🍕","2 Back\\slash
New line","$1","'; DROP TABLE orders; --","\\","{}"}
-- $3 = 1 "Quoted" Street
