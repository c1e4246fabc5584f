-- $.selectionSet.insert_orders_one.args.object[0]
SELECT left(set_config('threefactor_gateway.returned', '', true), 0), left(set_config('threefactor_gateway.affected', '0', true), 0);
-- $.selectionSet.insert_orders_one.args.object[0]
WITH w AS (INSERT INTO "public"."orders" AS _0 ("order_id", "user_id", "restaurant_id", "address") VALUES (($1)::text, ($2)::text, ($3)::integer, ($4)::text) RETURNING "order_id", _0 AS "*") SELECT left(set_config('threefactor_gateway.affected', (current_setting('threefactor_gateway.affected')::bigint + count(*))::text, true), 0), left(set_config('threefactor_gateway.returned', concat_ws(',', nullif(current_setting('threefactor_gateway.returned'), ''), string_agg(pg_catalog.array_to_json(ARRAY[w."order_id"::pg_catalog.text, w."*"::pg_catalog.text]::pg_catalog.text[])::pg_catalog.text, ',')), true), 0), left(set_config('threefactor_gateway.keys_0', CASE count(*) WHEN 1 THEN min(pg_catalog.array_to_json(ARRAY[w."order_id"::pg_catalog.text, w."order_id"::pg_catalog.text]::pg_catalog.text[])::pg_catalog.text) ELSE ('cannot proceed to insert array relations since insert to table "orders" affects zero rows'||repeat(' ', count(*)::integer))::integer::text END, true), 0) FROM w;
-- $1 = n1
-- $2 = eve
-- $3 = 1
-- $4 = x
-- $.selectionSet.insert_orders_one.args.object[0].items.data
WITH w AS (INSERT INTO "public"."items" AS _0 ("item", "order_id") SELECT u.c0::text, (current_setting('threefactor_gateway.keys_0')::json->>0)::text FROM unnest(($1)::text[]) AS u(c0) RETURNING 1) SELECT left(set_config('threefactor_gateway.affected', (current_setting('threefactor_gateway.affected')::bigint + count(*))::text, true), 0) FROM w;
-- $1 = {"Soup","Cake"}
-- $.selectionSet.insert_orders_one.args.object[0].payments.data
WITH w AS (INSERT INTO "public"."payments" AS _0 ("type", "amount", "order_id") VALUES (($1)::text, ($2)::integer, (current_setting('threefactor_gateway.keys_0')::json->>1)::text) RETURNING 1) SELECT left(set_config('threefactor_gateway.affected', (current_setting('threefactor_gateway.affected')::bigint + count(*))::text, true), 0) FROM w;
-- $1 = card
-- $2 = 5
-- $.selectionSet.insert_orders_one.args.object[0]
SELECT threefactor_json.object('{"order_id":%v,"items":%r,"payments":%r,"total":%v}', w."order_id", (SELECT threefactor_json.list('{"item":%v}', _0."item") FROM "public"."items" AS _0 WHERE _0."order_id" = w."order_id"), (SELECT threefactor_json.list('{"type":%v}', _1."type") FROM "public"."payments" AS _1 WHERE _1."order_id" = w."order_id"), "public"."order_total"(w."*")) FROM (SELECT (r.value->>0)::text AS "order_id", (r.value->>1)::"public"."orders" AS "*" FROM json_array_elements(('['||current_setting('threefactor_gateway.returned')||']')::json) AS r) AS w;
