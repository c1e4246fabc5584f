-- $.selectionSet.first.args.object
INSERT INTO "public"."orders" AS _0 ("order_id", "user_id", "restaurant_id", "address") VALUES (($1)::pg_catalog.text, ($2)::pg_catalog.text, ($3)::integer, ($4)::pg_catalog.text) RETURNING threefactor_json.object('{"order_id":%v}', _0."order_id");
-- $1 = n1
-- $2 = eve
-- $3 = 1
-- $4 = x
-- $.selectionSet.second.args.object
INSERT INTO "public"."orders" AS _0 ("order_id", "user_id", "restaurant_id", "address") VALUES (($1)::pg_catalog.text, ($2)::pg_catalog.text, ($3)::integer, ($4)::pg_catalog.text) RETURNING threefactor_json.object('{"order_id":%v}', _0."order_id");
-- $1 = o1
-- $2 = eve
-- $3 = 1
-- $4 = x
