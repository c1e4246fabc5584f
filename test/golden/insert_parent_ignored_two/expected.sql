-- $.selectionSet.insert_items.args.objects[0]
SELECT left(set_config('threefactor_gateway.returned', '', true), 0), left(set_config('threefactor_gateway.affected', '0', true), 0);
-- $.selectionSet.insert_items.args.objects[0]
WITH w AS (INSERT INTO "public"."items" AS _0 ("order_id", "item") VALUES (($1)::text, ($2)::text) RETURNING 1) SELECT left(set_config('threefactor_gateway.affected', (current_setting('threefactor_gateway.affected')::bigint + count(*))::text, true), 0), left(set_config('threefactor_gateway.returned', concat_ws(',', nullif(current_setting('threefactor_gateway.returned'), ''), string_agg(pg_catalog.array_to_json(ARRAY[]::pg_catalog.text[])::pg_catalog.text, ',')), true), 0) FROM w;
-- $1 = o1
-- $2 = i
-- $.selectionSet.insert_items.args.objects[1].order.data
WITH w AS (INSERT INTO "public"."orders" AS _0 ("order_id", "user_id", "restaurant_id", "address") VALUES (($1)::text, ($2)::text, ($3)::integer, ($4)::text) ON CONFLICT ON CONSTRAINT "orders_pkey" DO NOTHING RETURNING "order_id") SELECT left(set_config('threefactor_gateway.affected', (current_setting('threefactor_gateway.affected')::bigint + count(*))::text, true), 0), left(set_config('threefactor_gateway.keys_0_0', CASE count(*) WHEN 1 THEN min(pg_catalog.array_to_json(ARRAY[w."order_id"::pg_catalog.text]::pg_catalog.text[])::pg_catalog.text) ELSE ('cannot proceed to insert object relation "order" since insert to table "orders" affects zero rows'||repeat(' ', count(*)::integer))::integer::text END, true), 0) FROM w;
-- $1 = o1
-- $2 = u
-- $3 = 1
-- $4 = a
-- $.selectionSet.insert_items.args.objects[1]
WITH w AS (INSERT INTO "public"."items" AS _0 ("item", "order_id") VALUES (($1)::text, (current_setting('threefactor_gateway.keys_0_0')::json->>0)::text) RETURNING 1) SELECT left(set_config('threefactor_gateway.affected', (current_setting('threefactor_gateway.affected')::bigint + count(*))::text, true), 0), left(set_config('threefactor_gateway.returned', concat_ws(',', nullif(current_setting('threefactor_gateway.returned'), ''), string_agg(pg_catalog.array_to_json(ARRAY[]::pg_catalog.text[])::pg_catalog.text, ',')), true), 0) FROM w;
-- $1 = j
-- $.selectionSet.insert_items.args.objects[0]
SELECT threefactor_json.object('{"affected_rows":%r}', current_setting('threefactor_gateway.affected'));
