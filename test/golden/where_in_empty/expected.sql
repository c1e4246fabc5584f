-- reads menu_items, orders
-- $
SELECT (SELECT threefactor_json.list('{"order_id":%v}', _0."order_id") FROM "public"."orders" AS _0 WHERE _0."order_id" = ANY(($1)::text[])), (SELECT threefactor_json.list('{"order_id":%v}', _1."order_id") FROM "public"."orders" AS _1 WHERE NOT (_1."payment_valid" = ANY(($2)::boolean[]))), (SELECT threefactor_json.list('{"order_id":%v}', _2."order_id") FROM "public"."orders" AS _2 WHERE NOT (_2."payment_valid" = ANY(($3)::boolean[]))), (SELECT threefactor_json.list('{"order_id":%v}', _3."order_id") FROM "public"."orders" AS _3 WHERE _3."payment_valid" <> ($4)::boolean);
-- $1 = {}
-- $2 = {}
-- $3 = {"true"}
-- $4 = true
