-- $.selectionSet.insert_orders.args.objects
WITH w AS (INSERT INTO "public"."orders" AS _0 ("order_id", "user_id", "restaurant_id", "address") SELECT u.c0::pg_catalog.text, u.c1::pg_catalog.text, u.c2::integer, u.c3::pg_catalog.text FROM ROWS FROM (pg_catalog.unnest(($1)::pg_catalog.text[]), pg_catalog.unnest(($2)::pg_catalog.text[]), pg_catalog.unnest(($3)::pg_catalog.text[]), pg_catalog.unnest(($4)::pg_catalog.text[])) AS u(c0, c1, c2, c3) ON CONFLICT ON CONSTRAINT "orders_pkey" DO UPDATE SET "user_id" = EXCLUDED."user_id" RETURNING 1) SELECT threefactor_json.object('{"affected_rows":%v}', pg_catalog.count(*)) FROM w;
-- $1 = {"d1","d1"}
-- $2 = {"u","u"}
-- $3 = {"1","1"}
-- $4 = {"x","x"}
