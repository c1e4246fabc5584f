-- $.selectionSet.insert_orders.args.objects
WITH w AS (INSERT INTO "public"."orders" AS _0 ("order_id", "user_id", "restaurant_id") VALUES (($1)::pg_catalog.text, ($2)::pg_catalog.text, ($3)::integer) RETURNING 1) SELECT threefactor_json.object('{"affected_rows":%v}', pg_catalog.count(*)) FROM w;
-- $1 = n1
-- $2 = u
-- $3 = 1
