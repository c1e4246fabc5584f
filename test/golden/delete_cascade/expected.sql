-- $
WITH w AS (DELETE FROM "public"."orders" AS _0 WHERE _0."order_id" = ($1)::text RETURNING "order_id") SELECT left(set_config('threefactor_gateway.returned', coalesce(string_agg(pg_catalog.array_to_json(ARRAY[w."order_id"::pg_catalog.text]::pg_catalog.text[])::pg_catalog.text, ','), ''), true), 0) FROM w;
-- $1 = o1
-- $
SELECT threefactor_json.object('{"affected_rows":%v,"returning":%r}', count(*), threefactor_json.list('{"order_id":%v,"items":%r,"items_aggregate":%r}', w."order_id", (SELECT threefactor_json.list('{"item":%v}', _0."item") FROM "public"."items" AS _0 WHERE _0."order_id" = w."order_id"), (SELECT threefactor_json.object('{"aggregate":{"count":%v}}', count(*)) FROM "public"."items" AS _1 WHERE _1."order_id" = w."order_id"))) FROM (SELECT (r.value->>0)::text AS "order_id" FROM json_array_elements(('['||current_setting('threefactor_gateway.returned')||']')::json) AS r) AS w;
