-- $.selectionSet.insert_orders_one.args.object
INSERT INTO "public"."orders" AS _0 ("order_id", "user_id", "restaurant_id", "address") VALUES (($1)::pg_catalog.text, ($2)::pg_catalog.text, ($3)::integer, ($4)::pg_catalog.text) RETURNING threefactor_json.object('{"order_valid":%v}', _0."order_valid");
-- $1 = n1
-- $2 = u
-- $3 = 1
-- $4 = 
