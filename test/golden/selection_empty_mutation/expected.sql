-- reads -
-- $.selectionSet.insert_menu_items.args.objects
WITH w AS (INSERT INTO "public"."menu_items" AS _0 ("name") SELECT u.c0::text FROM unnest(($1)::text[]) AS u(c0) RETURNING 1) SELECT threefactor_json.object('{"returning":%r}', threefactor_json.list('{}')) FROM w;
-- $1 = {"Soup","Rice"}
-- $
WITH w AS (UPDATE "public"."menu_items" AS _0 SET "name" = ($1)::text WHERE _0."name" = ($2)::text RETURNING 1) SELECT '{}';
-- $1 = Stew
-- $2 = Soup
-- $.selectionSet.insert_payments_one.args.object
WITH w AS (INSERT INTO "public"."payments" AS _0 ("order_id", "type", "amount") VALUES (($1)::text, ($2)::text, ($3)::integer) RETURNING "order_id") SELECT left(set_config('threefactor_gateway.returned', coalesce(string_agg(pg_catalog.array_to_json(ARRAY[w."order_id"::pg_catalog.text]::pg_catalog.text[])::pg_catalog.text, ','), ''), true), 0) FROM w;
-- $1 = o1
-- $2 = card
-- $3 = 1
-- $.selectionSet.insert_payments_one.args.object
SELECT threefactor_json.object('{"order":%r}', (SELECT '{}' FROM "public"."orders" AS _0 WHERE _0."order_id" = w."order_id")) FROM (SELECT (r.value->>0)::text AS "order_id" FROM json_array_elements(('['||current_setting('threefactor_gateway.returned')||']')::json) AS r) AS w;
-- $
SELECT threefactor_json.list('{}') FROM "public"."approve_all"(($1)::timestamp with time zone) AS _0;
-- $1 = 2024-05-01 12:30:00+00
-- $
WITH w AS (DELETE FROM "public"."menu_items" AS _0 WHERE _0."name" = ($1)::text RETURNING 1) SELECT '{}';
-- $1 = Stew
-- $
DELETE FROM "public"."payments" AS _0 WHERE _0."id" = ($1)::integer RETURNING '{}';
-- $1 = 1
