-- reads employees, items, menu_items, orders
-- $
SELECT (SELECT threefactor_json.list('{"order_id":%v}', _0."order_id") FROM (SELECT _1."order_id" FROM "public"."orders" AS _1 WHERE EXISTS (SELECT 1 FROM "public"."items" AS _2 WHERE _2."order_id" = _1."order_id" AND (_2."item" = ($1)::text AND EXISTS (SELECT 1 FROM "public"."orders" AS _3 WHERE _3."order_id" = _2."order_id" AND _3."approved" = ($2)::boolean))) ORDER BY _1."order_id" ASC NULLS LAST) AS _0), (SELECT threefactor_json.list('{"order_id":%v}', _4."order_id") FROM "public"."orders" AS _4 WHERE NOT (EXISTS (SELECT 1 FROM "public"."items" AS _5 WHERE _5."order_id" = _4."order_id"))), (SELECT threefactor_json.list('{"item":%v}', _6."item") FROM "public"."items" AS _6 WHERE EXISTS (SELECT 1 FROM "public"."orders" AS _7 WHERE _7."order_id" = _6."order_id" AND _7."user_id" = ($3)::text)), (SELECT threefactor_json.list('{"name":%v}', _8."name") FROM "public"."employees" AS _8 WHERE EXISTS (SELECT 1 FROM "public"."employees" AS _9 WHERE _9."manager_id" = _8."id" AND _9."name" = ($4)::text));
-- $1 = Pizza
-- $2 = true
-- $3 = bob
-- $4 = Leaf
