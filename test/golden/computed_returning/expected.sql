-- $
WITH w AS (UPDATE "public"."orders" AS _0 SET "user_id" = ($1)::text WHERE _0."order_id" = ($2)::text RETURNING _0 AS "*") SELECT left(set_config('threefactor_gateway.returned', coalesce(string_agg(pg_catalog.array_to_json(ARRAY[w."*"::pg_catalog.text]::pg_catalog.text[])::pg_catalog.text, ','), ''), true), 0) FROM w;
-- $1 = bob
-- $2 = o1
-- $
SELECT threefactor_json.object('{"total":%v,"summary":%v,"siblings":%r}', "public"."order_total"(w."*"), "public"."order_summary"(w."*"), (SELECT threefactor_json.list('{"order_id":%v}', _0."order_id") FROM "public"."order_siblings"(w."*") AS _0)) FROM (SELECT (r.value->>0)::"public"."orders" AS "*" FROM json_array_elements(('['||current_setting('threefactor_gateway.returned')||']')::json) AS r) AS w;
-- $.selectionSet.insert_payments.args.objects
WITH w AS (INSERT INTO "public"."payments" AS _0 ("order_id", "type", "amount") VALUES (($1)::text, ($2)::text, ($3)::integer) RETURNING "order_id") SELECT left(set_config('threefactor_gateway.returned', coalesce(string_agg(pg_catalog.array_to_json(ARRAY[w."order_id"::pg_catalog.text]::pg_catalog.text[])::pg_catalog.text, ','), ''), true), 0) FROM w;
-- $1 = o1
-- $2 = card
-- $3 = 1
-- $.selectionSet.insert_payments.args.objects
SELECT threefactor_json.object('{"returning":%r}', threefactor_json.list('{"order":%r}', (SELECT threefactor_json.object('{"total":%v}', "public"."order_total"(_0)) FROM "public"."orders" AS _0 WHERE _0."order_id" = w."order_id"))) FROM (SELECT (r.value->>0)::text AS "order_id" FROM json_array_elements(('['||current_setting('threefactor_gateway.returned')||']')::json) AS r) AS w;
