-- $.selectionSet.insert_items.args.objects
WITH w AS (INSERT INTO "public"."items" AS _0 ("order_id", "item") VALUES (($1)::pg_catalog.text, ($2)::pg_catalog.text) RETURNING "order_id") SELECT pg_catalog.left(pg_catalog.set_config('threefactor_gateway.returned', coalesce(pg_catalog.string_agg(pg_catalog.array_to_json(ARRAY[w."order_id"::pg_catalog.text]::pg_catalog.text[])::pg_catalog.text, ','), ''), true), 0) FROM w;
-- $1 = o1
-- $2 = i
-- $.selectionSet.insert_items.args.objects
SELECT threefactor_json.object('{"affected_rows":%v,"returning":%r}', pg_catalog.count(*), threefactor_json.list('{"order":%r}', (SELECT threefactor_json.object('{"order_id":%v}', _0."order_id") FROM "public"."orders" AS _0 WHERE _0."order_id" OPERATOR(pg_catalog.=) w."order_id"))) FROM (SELECT (r.value OPERATOR(pg_catalog.->>) 0)::pg_catalog.text AS "order_id" FROM pg_catalog.json_array_elements(('[' OPERATOR(pg_catalog.||) pg_catalog.current_setting('threefactor_gateway.returned') OPERATOR(pg_catalog.||) ']')::pg_catalog.json) AS r) AS w;
-- $.selectionSet.insert_orders.args.objects
WITH w AS (INSERT INTO "public"."orders" AS _0 ("order_id", "user_id", "restaurant_id", "address") VALUES (($1)::pg_catalog.text, ($2)::pg_catalog.text, ($3)::integer, ($4)::pg_catalog.text) RETURNING 1) SELECT threefactor_json.object('{"affected_rows":%v}', pg_catalog.count(*)) FROM w;
-- $1 = p1
-- $2 = u
-- $3 = 1
-- $4 = a
