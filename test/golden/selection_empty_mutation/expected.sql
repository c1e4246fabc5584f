-- reads -
-- $.selectionSet.insert_menu_items.args.objects
WITH w AS (INSERT INTO "public"."menu_items" AS _0 ("name") SELECT u.c0::pg_catalog.text FROM ROWS FROM (pg_catalog.unnest(($1)::pg_catalog.text[])) AS u(c0) RETURNING 1) SELECT threefactor_json.object('{"returning":%r}', threefactor_json.list('{}')) FROM w;
-- $1 = {"Soup","Rice"}
-- $
WITH w AS (UPDATE "public"."menu_items" AS _0 SET "name" = ($1)::pg_catalog.text WHERE _0."name" OPERATOR(pg_catalog.=) ($2)::pg_catalog.text RETURNING 1) SELECT '{}';
-- $1 = Stew
-- $2 = Soup
-- $.selectionSet.insert_payments_one.args.object
WITH w AS (INSERT INTO "public"."payments" AS _0 ("order_id", "type", "amount") VALUES (($1)::pg_catalog.text, ($2)::pg_catalog.text, ($3)::integer) RETURNING "order_id") SELECT pg_catalog.left(pg_catalog.set_config('threefactor_gateway.returned', coalesce(pg_catalog.string_agg(pg_catalog.array_to_json(ARRAY[w."order_id"::pg_catalog.text]::pg_catalog.text[])::pg_catalog.text, ','), ''), true), 0) FROM w;
-- $1 = o1
-- $2 = card
-- $3 = 1
-- $.selectionSet.insert_payments_one.args.object
SELECT threefactor_json.object('{"order":%r}', (SELECT '{}' FROM "public"."orders" AS _0 WHERE _0."order_id" OPERATOR(pg_catalog.=) w."order_id")) FROM (SELECT (r.value OPERATOR(pg_catalog.->>) 0)::pg_catalog.text AS "order_id" FROM pg_catalog.json_array_elements(('[' OPERATOR(pg_catalog.||) pg_catalog.current_setting('threefactor_gateway.returned') OPERATOR(pg_catalog.||) ']')::pg_catalog.json) AS r) AS w;
-- $
SELECT threefactor_json.list('{}') FROM "public"."approve_all"(($1)::timestamp with time zone) AS _0;
-- $1 = 2024-05-01 12:30:00+00
-- $
WITH w AS (DELETE FROM "public"."menu_items" AS _0 WHERE _0."name" OPERATOR(pg_catalog.=) ($1)::pg_catalog.text RETURNING 1) SELECT '{}';
-- $1 = Stew
-- $
DELETE FROM "public"."payments" AS _0 WHERE _0."id" OPERATOR(pg_catalog.=) ($1)::integer RETURNING '{}';
-- $1 = 1
