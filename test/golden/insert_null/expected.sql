-- $.selectionSet.insert_orders_one.args.object
INSERT INTO "public"."orders" AS _0 ("order_id", "user_id", "restaurant_id", "address", "order_valid", "payment_valid") VALUES (($1)::pg_catalog.text, ($2)::pg_catalog.text, ($3)::integer, ($4)::pg_catalog.text, ($5)::boolean, ($6)::boolean) RETURNING threefactor_json.object('{"payment_valid":%v,"order_valid":%v,"placed":%v}', _0."payment_valid", _0."order_valid", _0."placed");
-- $1 = n1
-- $2 = u
-- $3 = 1
-- $4 = 
-- $5 = NULL
-- $6 = NULL
