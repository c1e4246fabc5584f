-- $
WITH w AS (DELETE FROM "public"."orders" AS _0 WHERE _0."order_id" OPERATOR(pg_catalog.=) ($1)::pg_catalog.text RETURNING "order_id") SELECT pg_catalog.left(pg_catalog.set_config('threefactor_gateway.returned', coalesce(pg_catalog.string_agg(pg_catalog.array_to_json(ARRAY[w."order_id"::pg_catalog.text]::pg_catalog.text[])::pg_catalog.text, ','), ''), true), 0) FROM w;
-- $1 = o1
-- $
SELECT threefactor_json.object('{"affected_rows":%v,"returning":%r}', pg_catalog.count(*), threefactor_json.list('{"order_id":%v,"items":%r}', w."order_id", (SELECT threefactor_json.list('{"id":%v}', _0."id") FROM "public"."items" AS _0 WHERE _0."order_id" OPERATOR(pg_catalog.=) w."order_id"))) FROM (SELECT (r.value OPERATOR(pg_catalog.->>) 0)::pg_catalog.text AS "order_id" FROM pg_catalog.json_array_elements(('[' OPERATOR(pg_catalog.||) pg_catalog.current_setting('threefactor_gateway.returned') OPERATOR(pg_catalog.||) ']')::pg_catalog.json) AS r) AS w;
-- $
WITH w AS (DELETE FROM "public"."items" AS _0 WHERE _0."item" OPERATOR(pg_catalog.=) ($1)::pg_catalog.text RETURNING 1) SELECT threefactor_json.object('{"affected_rows":%v}', pg_catalog.count(*)) FROM w;
-- $1 = Burger
