-- $
WITH w AS (UPDATE "public"."orders" AS _0 SET "user_id" = ($1)::pg_catalog.text WHERE _0."order_id" OPERATOR(pg_catalog.=) ($2)::pg_catalog.text RETURNING _0 AS "*") SELECT pg_catalog.left(pg_catalog.set_config('threefactor_gateway.returned', coalesce(pg_catalog.string_agg(pg_catalog.array_to_json(ARRAY[w."*"::pg_catalog.text]::pg_catalog.text[])::pg_catalog.text, ','), ''), true), 0) FROM w;
-- $1 = bob
-- $2 = o1
-- $
SELECT threefactor_json.object('{"total":%v,"summary":%v,"siblings":%r}', "public"."order_total"(w."*"), "public"."order_summary"(w."*"), (SELECT threefactor_json.list('{"order_id":%v}', _0."order_id") FROM "public"."order_siblings"(w."*") AS _0)) FROM (SELECT (r.value OPERATOR(pg_catalog.->>) 0)::"public"."orders" AS "*" FROM pg_catalog.json_array_elements(('[' OPERATOR(pg_catalog.||) pg_catalog.current_setting('threefactor_gateway.returned') OPERATOR(pg_catalog.||) ']')::pg_catalog.json) AS r) AS w;
-- $.selectionSet.insert_payments.args.objects
WITH w AS (INSERT INTO "public"."payments" AS _0 ("order_id", "type", "amount") VALUES (($1)::pg_catalog.text, ($2)::pg_catalog.text, ($3)::integer) RETURNING "order_id") SELECT pg_catalog.left(pg_catalog.set_config('threefactor_gateway.returned', coalesce(pg_catalog.string_agg(pg_catalog.array_to_json(ARRAY[w."order_id"::pg_catalog.text]::pg_catalog.text[])::pg_catalog.text, ','), ''), true), 0) FROM w;
-- $1 = o1
-- $2 = card
-- $3 = 1
-- $.selectionSet.insert_payments.args.objects
SELECT threefactor_json.object('{"returning":%r}', threefactor_json.list('{"order":%r}', (SELECT threefactor_json.object('{"total":%v}', "public"."order_total"(_0)) FROM "public"."orders" AS _0 WHERE _0."order_id" OPERATOR(pg_catalog.=) w."order_id"))) FROM (SELECT (r.value OPERATOR(pg_catalog.->>) 0)::pg_catalog.text AS "order_id" FROM pg_catalog.json_array_elements(('[' OPERATOR(pg_catalog.||) pg_catalog.current_setting('threefactor_gateway.returned') OPERATOR(pg_catalog.||) ']')::pg_catalog.json) AS r) AS w;
