-- $.selectionSet.insert_orders.args.objects
WITH w AS (INSERT INTO "public"."orders" AS _0 ("order_id", "user_id", "restaurant_id", "address") VALUES (($1)::pg_catalog.text, ($2)::pg_catalog.text, ($3)::integer, ($4)::pg_catalog.text) ON CONFLICT ON CONSTRAINT "orders_pkey" DO NOTHING RETURNING 1) SELECT threefactor_json.object('{"affected_rows":%v}', pg_catalog.count(*)) FROM w;
-- $1 = n
-- $2 = ada
-- $3 = 1
-- $4 = a
