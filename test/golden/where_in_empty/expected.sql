-- reads menu_items, orders
-- $
SELECT pg_catalog.array_to_string(ARRAY['{"a":', (SELECT threefactor_json.list('{"order_id":%v}', _0."order_id") FROM "public"."orders" AS _0 WHERE _0."order_id" OPERATOR(pg_catalog.=) ANY (($1)::pg_catalog.text[])), ',"b":', (SELECT threefactor_json.list('{"order_id":%v}', _1."order_id") FROM "public"."orders" AS _1 WHERE NOT (_1."payment_valid" OPERATOR(pg_catalog.=) ANY (($2)::boolean[]))), ',"c":', (SELECT threefactor_json.list('{"order_id":%v}', _2."order_id") FROM "public"."orders" AS _2 WHERE NOT (_2."payment_valid" OPERATOR(pg_catalog.=) ANY (($3)::boolean[]))), ',"d":', (SELECT threefactor_json.list('{"order_id":%v}', _3."order_id") FROM "public"."orders" AS _3 WHERE _3."payment_valid" OPERATOR(pg_catalog.<>) ($4)::boolean)], '');
-- $1 = {}
-- $2 = {}
-- $3 = {"true"}
-- $4 = true
