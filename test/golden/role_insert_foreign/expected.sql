-- $.selectionSet.insert_orders.args.objects
WITH w AS (INSERT INTO "public"."orders" AS _0 ("order_id", "user_id", "restaurant_id", "address") VALUES (($1)::text, ($2)::text, ($3)::integer, ($4)::text) RETURNING 1) SELECT threefactor_json.object('{"affected_rows":%v}', count(*)) FROM w;
-- $1 = r1
-- $2 = bob
-- $3 = 1
-- $4 = his
