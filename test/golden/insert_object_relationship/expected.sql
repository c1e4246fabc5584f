-- $.selectionSet.insert_items.args.objects[0]
SELECT left(set_config('threefactor_gateway.returned', '', true), 0), left(set_config('threefactor_gateway.affected', '0', true), 0);
-- $.selectionSet.insert_items.args.objects[0].order.data
WITH w AS (INSERT INTO "public"."orders" AS _0 ("order_id", "user_id", "restaurant_id", "address") VALUES (($1)::text, ($2)::text, ($3)::integer, ($4)::text) RETURNING "order_id") SELECT left(set_config('threefactor_gateway.affected', (current_setting('threefactor_gateway.affected')::bigint + count(*))::text, true), 0), left(set_config('threefactor_gateway.keys_0_0', CASE count(*) WHEN 1 THEN min(pg_catalog.array_to_json(ARRAY[w."order_id"::pg_catalog.text]::pg_catalog.text[])::pg_catalog.text) ELSE ('cannot proceed to insert object relation "order" since insert to table "orders" affects zero rows'||repeat(' ', count(*)::integer))::integer::text END, true), 0) FROM w;
-- $1 = n1
-- $2 = eve
-- $3 = 1
-- $4 = x
-- $.selectionSet.insert_items.args.objects[0]
WITH w AS (INSERT INTO "public"."items" AS _0 ("item", "order_id") VALUES (($1)::text, (current_setting('threefactor_gateway.keys_0_0')::json->>0)::text) RETURNING "item", "order_id") SELECT left(set_config('threefactor_gateway.affected', (current_setting('threefactor_gateway.affected')::bigint + count(*))::text, true), 0), left(set_config('threefactor_gateway.returned', concat_ws(',', nullif(current_setting('threefactor_gateway.returned'), ''), string_agg(pg_catalog.array_to_json(ARRAY[w."item"::pg_catalog.text, w."order_id"::pg_catalog.text]::pg_catalog.text[])::pg_catalog.text, ',')), true), 0) FROM w;
-- $1 = Soup
-- $.selectionSet.insert_items.args.objects[1].order.data
WITH w AS (INSERT INTO "public"."orders" AS _0 ("order_id", "user_id", "restaurant_id", "address") VALUES (($1)::text, ($2)::text, ($3)::integer, ($4)::text) RETURNING "order_id") SELECT left(set_config('threefactor_gateway.affected', (current_setting('threefactor_gateway.affected')::bigint + count(*))::text, true), 0), left(set_config('threefactor_gateway.keys_0_0', CASE count(*) WHEN 1 THEN min(pg_catalog.array_to_json(ARRAY[w."order_id"::pg_catalog.text]::pg_catalog.text[])::pg_catalog.text) ELSE ('cannot proceed to insert object relation "order" since insert to table "orders" affects zero rows'||repeat(' ', count(*)::integer))::integer::text END, true), 0) FROM w;
-- $1 = n2
-- $2 = eve
-- $3 = 2
-- $4 = y
-- $.selectionSet.insert_items.args.objects[1]
WITH w AS (INSERT INTO "public"."items" AS _0 ("item", "order_id") VALUES (($1)::text, (current_setting('threefactor_gateway.keys_0_0')::json->>0)::text) RETURNING "item", "order_id") SELECT left(set_config('threefactor_gateway.affected', (current_setting('threefactor_gateway.affected')::bigint + count(*))::text, true), 0), left(set_config('threefactor_gateway.returned', concat_ws(',', nullif(current_setting('threefactor_gateway.returned'), ''), string_agg(pg_catalog.array_to_json(ARRAY[w."item"::pg_catalog.text, w."order_id"::pg_catalog.text]::pg_catalog.text[])::pg_catalog.text, ',')), true), 0) FROM w;
-- $1 = Cake
-- $.selectionSet.insert_items.args.objects[2]
WITH w AS (INSERT INTO "public"."items" AS _0 ("order_id", "item") SELECT u.c0::text, u.c1::text FROM unnest(($1)::text[], ($2)::text[]) AS u(c0, c1) RETURNING "item", "order_id") SELECT left(set_config('threefactor_gateway.affected', (current_setting('threefactor_gateway.affected')::bigint + count(*))::text, true), 0), left(set_config('threefactor_gateway.returned', concat_ws(',', nullif(current_setting('threefactor_gateway.returned'), ''), string_agg(pg_catalog.array_to_json(ARRAY[w."item"::pg_catalog.text, w."order_id"::pg_catalog.text]::pg_catalog.text[])::pg_catalog.text, ',')), true), 0) FROM w;
-- $1 = {"o1","o1"}
-- $2 = {"Rice","Fish"}
-- $.selectionSet.insert_items.args.objects[0]
SELECT threefactor_json.object('{"affected_rows":%r,"returning":%r}', current_setting('threefactor_gateway.affected'), threefactor_json.list('{"item":%v,"order":%r}', w."item", (SELECT threefactor_json.object('{"order_id":%v,"user_id":%v,"items_aggregate":%r}', _0."order_id", _0."user_id", (SELECT threefactor_json.object('{"aggregate":{"count":%v}}', count(*)) FROM "public"."items" AS _1 WHERE _1."order_id" = _0."order_id")) FROM "public"."orders" AS _0 WHERE _0."order_id" = w."order_id"))) FROM (SELECT (r.value->>0)::text AS "item", (r.value->>1)::text AS "order_id" FROM json_array_elements(('['||current_setting('threefactor_gateway.returned')||']')::json) AS r) AS w;
