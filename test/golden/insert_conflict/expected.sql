-- $.selectionSet.ignored.args.object
INSERT INTO "public"."orders" AS _0 ("order_id", "user_id", "restaurant_id", "address") VALUES (($1)::pg_catalog.text, ($2)::pg_catalog.text, ($3)::integer, ($4)::pg_catalog.text) ON CONFLICT ON CONSTRAINT "orders_pkey" DO NOTHING RETURNING threefactor_json.object('{"order_id":%v}', _0."order_id");
-- $1 = o1
-- $2 = eve
-- $3 = 9
-- $4 = x
-- $.selectionSet.updated.args.objects
WITH w AS (INSERT INTO "public"."orders" AS _0 ("order_id", "user_id", "restaurant_id", "address") VALUES (($1)::pg_catalog.text, ($2)::pg_catalog.text, ($3)::integer, ($4)::pg_catalog.text) ON CONFLICT ON CONSTRAINT "orders_pkey" DO UPDATE SET "address" = EXCLUDED."address", "restaurant_id" = EXCLUDED."restaurant_id" WHERE _0."user_id" OPERATOR(pg_catalog.=) ($5)::pg_catalog.text RETURNING "order_id", "user_id", "restaurant_id", "address") SELECT pg_catalog.left(pg_catalog.set_config('threefactor_gateway.returned', coalesce(pg_catalog.string_agg(pg_catalog.array_to_json(ARRAY[w."order_id"::pg_catalog.text, w."user_id"::pg_catalog.text, w."restaurant_id"::pg_catalog.text, w."address"::pg_catalog.text]::pg_catalog.text[])::pg_catalog.text, ','), ''), true), 0) FROM w;
-- $1 = o1
-- $2 = eve
-- $3 = 9
-- $4 = new
-- $5 = ada
-- $.selectionSet.updated.args.objects
SELECT threefactor_json.object('{"affected_rows":%v,"returning":%r}', pg_catalog.count(*), threefactor_json.list('{"order_id":%v,"user_id":%v,"restaurant_id":%v,"address":%v,"items":%r}', w."order_id", w."user_id", w."restaurant_id", w."address", (SELECT threefactor_json.list('{"item":%v}', _0."item") FROM "public"."items" AS _0 WHERE _0."order_id" OPERATOR(pg_catalog.=) w."order_id"))) FROM (SELECT (r.value OPERATOR(pg_catalog.->>) 0)::pg_catalog.text AS "order_id", (r.value OPERATOR(pg_catalog.->>) 1)::pg_catalog.text AS "user_id", (r.value OPERATOR(pg_catalog.->>) 2)::integer AS "restaurant_id", (r.value OPERATOR(pg_catalog.->>) 3)::pg_catalog.text AS "address" FROM pg_catalog.json_array_elements(('[' OPERATOR(pg_catalog.||) pg_catalog.current_setting('threefactor_gateway.returned') OPERATOR(pg_catalog.||) ']')::pg_catalog.json) AS r) AS w;
-- $.selectionSet.filtered.args.objects
WITH w AS (INSERT INTO "public"."orders" AS _0 ("order_id", "user_id", "restaurant_id", "address") VALUES (($1)::pg_catalog.text, ($2)::pg_catalog.text, ($3)::integer, ($4)::pg_catalog.text) ON CONFLICT ON CONSTRAINT "orders_pkey" DO UPDATE SET "address" = EXCLUDED."address" WHERE _0."user_id" OPERATOR(pg_catalog.=) ($5)::pg_catalog.text RETURNING "order_id") SELECT threefactor_json.object('{"affected_rows":%v,"returning":%r}', pg_catalog.count(*), threefactor_json.list('{"order_id":%v}', w."order_id")) FROM w;
-- $1 = o2
-- $2 = eve
-- $3 = 9
-- $4 = new
-- $5 = ada
