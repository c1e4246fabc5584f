-- $.selectionSet.insert_orders.args.objects[0]
SELECT pg_catalog.left(pg_catalog.set_config('threefactor_gateway.returned', '', true), 0), pg_catalog.left(pg_catalog.set_config('threefactor_gateway.affected', '0', true), 0);
-- $.selectionSet.insert_orders.args.objects[0]
WITH w AS (INSERT INTO "public"."orders" AS _0 ("order_id", "user_id", "restaurant_id", "address") VALUES (($1)::pg_catalog.text, ($2)::pg_catalog.text, ($3)::integer, ($4)::pg_catalog.text) ON CONFLICT ON CONSTRAINT "orders_pkey" DO NOTHING RETURNING "order_id") SELECT pg_catalog.left(pg_catalog.set_config('threefactor_gateway.affected', (pg_catalog.current_setting('threefactor_gateway.affected')::bigint OPERATOR(pg_catalog.+) pg_catalog.count(*))::pg_catalog.text, true), 0), pg_catalog.left(pg_catalog.set_config('threefactor_gateway.returned', pg_catalog.concat_ws(',', CASE WHEN pg_catalog.current_setting('threefactor_gateway.returned') OPERATOR(pg_catalog.<>) '' THEN pg_catalog.current_setting('threefactor_gateway.returned') END, pg_catalog.string_agg(pg_catalog.array_to_json(ARRAY[]::pg_catalog.text[])::pg_catalog.text, ',')), true), 0), pg_catalog.left(pg_catalog.set_config('threefactor_gateway.keys_0', CASE WHEN pg_catalog.count(*) OPERATOR(pg_catalog.=) 1 THEN pg_catalog.min(pg_catalog.array_to_json(ARRAY[w."order_id"::pg_catalog.text]::pg_catalog.text[])::pg_catalog.text) ELSE ('cannot proceed to insert array relations since insert to table "orders" affects zero rows' OPERATOR(pg_catalog.||) pg_catalog.repeat(' ', pg_catalog.count(*)::integer))::integer::pg_catalog.text END, true), 0) FROM w;
-- $1 = o1
-- $2 = new
-- $3 = 1
-- $4 = x
-- $.selectionSet.insert_orders.args.objects[0].items.data
WITH w AS (INSERT INTO "public"."items" AS _0 ("item", "order_id") VALUES (($1)::pg_catalog.text, (pg_catalog.current_setting('threefactor_gateway.keys_0')::pg_catalog.json OPERATOR(pg_catalog.->>) 0)::pg_catalog.text) RETURNING 1) SELECT pg_catalog.left(pg_catalog.set_config('threefactor_gateway.affected', (pg_catalog.current_setting('threefactor_gateway.affected')::bigint OPERATOR(pg_catalog.+) pg_catalog.count(*))::pg_catalog.text, true), 0) FROM w;
-- $1 = Soup
-- $.selectionSet.insert_orders.args.objects[0]
SELECT threefactor_json.object('{"affected_rows":%r}', pg_catalog.current_setting('threefactor_gateway.affected'));
