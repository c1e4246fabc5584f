-- $.selectionSet.insert_orders.args.objects
WITH w AS (INSERT INTO "public"."orders" AS _0 ("order_id", "user_id", "restaurant_id", "address") SELECT u.c0::text, u.c1::text, u.c2::integer, u.c3::text FROM unnest(($1)::text[], ($2)::text[], ($3)::text[], ($4)::text[]) AS u(c0, c1, c2, c3) ON CONFLICT ON CONSTRAINT "orders_pkey" DO UPDATE SET "user_id" = EXCLUDED."user_id" RETURNING 1) SELECT threefactor_json.object('{"affected_rows":%v}', count(*)) FROM w;
-- $1 = {"d1","d1"}
-- $2 = {"u","u"}
-- $3 = {"1","1"}
-- $4 = {"x","x"}
