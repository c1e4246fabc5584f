-- $
WITH w AS (UPDATE "public"."orders" AS _0 SET "address" = ($1)::text, "restaurant_id" = _0."restaurant_id" + ($2)::integer WHERE _0."order_id" = ($3)::text RETURNING "restaurant_id", "address", "order_id") SELECT left(set_config('threefactor_gateway.returned', coalesce(string_agg(pg_catalog.array_to_json(ARRAY[w."restaurant_id"::pg_catalog.text, w."address"::pg_catalog.text, w."order_id"::pg_catalog.text]::pg_catalog.text[])::pg_catalog.text, ','), ''), true), 0) FROM w;
-- $1 = y
-- $2 = 2
-- $3 = o1
-- $
SELECT threefactor_json.object('{"returning":%r}', threefactor_json.list('{"restaurant_id":%v,"address":%v,"items":%r,"items_aggregate":%r}', w."restaurant_id", w."address", (SELECT threefactor_json.list('{"item":%v}', _0."item") FROM (SELECT _1."item" FROM "public"."items" AS _1 WHERE _1."order_id" = w."order_id" ORDER BY _1."item" DESC NULLS FIRST) AS _0), (SELECT threefactor_json.object('{"aggregate":{"count":%v}}', count(*)) FROM "public"."items" AS _2 WHERE _2."order_id" = w."order_id"))) FROM (SELECT (r.value->>0)::integer AS "restaurant_id", (r.value->>1)::text AS "address", (r.value->>2)::text AS "order_id" FROM json_array_elements(('['||current_setting('threefactor_gateway.returned')||']')::json) AS r) AS w;
