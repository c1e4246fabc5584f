-- reads -
-- $
SELECT threefactor_json.list('{"order_id":%v,"approved":%v}', _0."order_id", _0."approved") FROM (SELECT _1."order_id", _1."approved" FROM "public"."approve_all"(($1)::timestamp with time zone) AS _1 ORDER BY _1."order_id" ASC NULLS LAST) AS _0;
-- $1 = 2024-05-01 11:00:00+00
-- $
WITH w AS (UPDATE "public"."orders" AS _0 SET "placed" = ($1)::boolean WHERE "public"."order_total"(_0) OPERATOR(pg_catalog.>) ($2)::bigint RETURNING "order_id", _0 AS "*") SELECT pg_catalog.left(pg_catalog.set_config('threefactor_gateway.returned', coalesce(pg_catalog.string_agg(pg_catalog.array_to_json(ARRAY[w."order_id"::pg_catalog.text, w."*"::pg_catalog.text]::pg_catalog.text[])::pg_catalog.text, ','), ''), true), 0) FROM w;
-- $1 = true
-- $2 = 1000
-- $
SELECT threefactor_json.object('{"affected_rows":%v,"returning":%r}', pg_catalog.count(*), threefactor_json.list('{"order_id":%v,"total":%v}', w."order_id", "public"."order_total"(w."*"))) FROM (SELECT (r.value OPERATOR(pg_catalog.->>) 0)::pg_catalog.text AS "order_id", (r.value OPERATOR(pg_catalog.->>) 1)::"public"."orders" AS "*" FROM pg_catalog.json_array_elements(('[' OPERATOR(pg_catalog.||) pg_catalog.current_setting('threefactor_gateway.returned') OPERATOR(pg_catalog.||) ']')::pg_catalog.json) AS r) AS w;
