-- $.selectionSet.ignored.args.object
INSERT INTO "public"."orders" AS _0 ("order_id", "user_id", "restaurant_id", "address") VALUES (($1)::text, ($2)::text, ($3)::integer, ($4)::text) ON CONFLICT ON CONSTRAINT "orders_pkey" DO NOTHING RETURNING threefactor_json.object('{"order_id":%v}', _0."order_id");
-- $1 = o1
-- $2 = eve
-- $3 = 9
-- $4 = x
-- $.selectionSet.updated.args.objects
WITH w AS (INSERT INTO "public"."orders" AS _0 ("order_id", "user_id", "restaurant_id", "address") VALUES (($1)::text, ($2)::text, ($3)::integer, ($4)::text) ON CONFLICT ON CONSTRAINT "orders_pkey" DO UPDATE SET "address" = EXCLUDED."address", "restaurant_id" = EXCLUDED."restaurant_id" WHERE _0."user_id" = ($5)::text RETURNING "order_id", "user_id", "restaurant_id", "address") SELECT left(set_config('threefactor_gateway.returned', coalesce(string_agg(pg_catalog.array_to_json(ARRAY[w."order_id"::pg_catalog.text, w."user_id"::pg_catalog.text, w."restaurant_id"::pg_catalog.text, w."address"::pg_catalog.text]::pg_catalog.text[])::pg_catalog.text, ','), ''), true), 0) FROM w;
-- $1 = o1
-- $2 = eve
-- $3 = 9
-- $4 = new
-- $5 = ada
-- $.selectionSet.updated.args.objects
SELECT threefactor_json.object('{"affected_rows":%v,"returning":%r}', count(*), threefactor_json.list('{"order_id":%v,"user_id":%v,"restaurant_id":%v,"address":%v,"items":%r}', w."order_id", w."user_id", w."restaurant_id", w."address", (SELECT threefactor_json.list('{"item":%v}', _0."item") FROM "public"."items" AS _0 WHERE _0."order_id" = w."order_id"))) FROM (SELECT (r.value->>0)::text AS "order_id", (r.value->>1)::text AS "user_id", (r.value->>2)::integer AS "restaurant_id", (r.value->>3)::text AS "address" FROM json_array_elements(('['||current_setting('threefactor_gateway.returned')||']')::json) AS r) AS w;
-- $.selectionSet.filtered.args.objects
WITH w AS (INSERT INTO "public"."orders" AS _0 ("order_id", "user_id", "restaurant_id", "address") VALUES (($1)::text, ($2)::text, ($3)::integer, ($4)::text) ON CONFLICT ON CONSTRAINT "orders_pkey" DO UPDATE SET "address" = EXCLUDED."address" WHERE _0."user_id" = ($5)::text RETURNING "order_id") SELECT threefactor_json.object('{"affected_rows":%v,"returning":%r}', count(*), threefactor_json.list('{"order_id":%v}', w."order_id")) FROM w;
-- $1 = o2
-- $2 = eve
-- $3 = 9
-- $4 = new
-- $5 = ada
