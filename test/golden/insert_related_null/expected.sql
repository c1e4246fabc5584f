-- $.selectionSet.insert_items.args.objects
WITH w AS (INSERT INTO "public"."items" AS _0 ("order_id", "item") VALUES (($1)::text, ($2)::text) RETURNING "order_id") SELECT left(set_config('threefactor_gateway.returned', coalesce(string_agg(pg_catalog.array_to_json(ARRAY[w."order_id"::pg_catalog.text]::pg_catalog.text[])::pg_catalog.text, ','), ''), true), 0) FROM w;
-- $1 = o1
-- $2 = i
-- $.selectionSet.insert_items.args.objects
SELECT threefactor_json.object('{"affected_rows":%v,"returning":%r}', count(*), threefactor_json.list('{"order":%r}', (SELECT threefactor_json.object('{"order_id":%v}', _0."order_id") FROM "public"."orders" AS _0 WHERE _0."order_id" = w."order_id"))) FROM (SELECT (r.value->>0)::text AS "order_id" FROM json_array_elements(('['||current_setting('threefactor_gateway.returned')||']')::json) AS r) AS w;
-- $.selectionSet.insert_orders.args.objects
WITH w AS (INSERT INTO "public"."orders" AS _0 ("order_id", "user_id", "restaurant_id", "address") VALUES (($1)::text, ($2)::text, ($3)::integer, ($4)::text) RETURNING 1) SELECT threefactor_json.object('{"affected_rows":%v}', count(*)) FROM w;
-- $1 = p1
-- $2 = u
-- $3 = 1
-- $4 = a
