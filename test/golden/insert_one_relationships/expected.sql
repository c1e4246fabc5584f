-- $.selectionSet.insert_items_one.args.object
WITH w AS (INSERT INTO "public"."items" AS _0 ("order_id", "item") VALUES (($1)::text, ($2)::text) RETURNING "item", "order_id") SELECT left(set_config('threefactor_gateway.returned', coalesce(string_agg(pg_catalog.array_to_json(ARRAY[w."item"::pg_catalog.text, w."order_id"::pg_catalog.text]::pg_catalog.text[])::pg_catalog.text, ','), ''), true), 0) FROM w;
-- $1 = o4
-- $2 = Salad
-- $.selectionSet.insert_items_one.args.object
SELECT threefactor_json.object('{"item":%v,"order":%r}', w."item", (SELECT threefactor_json.object('{"order_id":%v,"items":%r}', _0."order_id", (SELECT threefactor_json.list('{"item":%v}', _1."item") FROM (SELECT _2."item" FROM "public"."items" AS _2 WHERE _2."order_id" = _0."order_id" ORDER BY _2."id" ASC NULLS LAST) AS _1)) FROM "public"."orders" AS _0 WHERE _0."order_id" = w."order_id")) FROM (SELECT (r.value->>0)::text AS "item", (r.value->>1)::text AS "order_id" FROM json_array_elements(('['||current_setting('threefactor_gateway.returned')||']')::json) AS r) AS w;
-- $.selectionSet.again.args.object
WITH w AS (INSERT INTO "public"."items" AS _0 ("order_id", "item") VALUES (($1)::text, ($2)::text) RETURNING "item", "order_id") SELECT left(set_config('threefactor_gateway.returned', coalesce(string_agg(pg_catalog.array_to_json(ARRAY[w."item"::pg_catalog.text, w."order_id"::pg_catalog.text]::pg_catalog.text[])::pg_catalog.text, ','), ''), true), 0) FROM w;
-- $1 = o4
-- $2 = Soup
-- $.selectionSet.again.args.object
SELECT threefactor_json.object('{"item":%v,"order":%r}', w."item", (SELECT threefactor_json.object('{"items_aggregate":%r}', (SELECT threefactor_json.object('{"aggregate":{"count":%v}}', count(*)) FROM "public"."items" AS _1 WHERE _1."order_id" = _0."order_id")) FROM "public"."orders" AS _0 WHERE _0."order_id" = w."order_id")) FROM (SELECT (r.value->>0)::text AS "item", (r.value->>1)::text AS "order_id" FROM json_array_elements(('['||current_setting('threefactor_gateway.returned')||']')::json) AS r) AS w;
