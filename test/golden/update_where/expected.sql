-- $
WITH w AS (UPDATE "public"."employees" AS _0 SET "department" = ($1)::text, "salary" = _0."salary" + ($2)::integer WHERE _0."department" = ($3)::text RETURNING "id", "department", "salary", "manager_id") SELECT left(set_config('threefactor_gateway.returned', coalesce(string_agg(pg_catalog.array_to_json(ARRAY[w."id"::pg_catalog.text, w."department"::pg_catalog.text, w."salary"::pg_catalog.text, w."manager_id"::pg_catalog.text]::pg_catalog.text[])::pg_catalog.text, ','), ''), true), 0) FROM w;
-- $1 = c
-- $2 = 5
-- $3 = a
-- $
SELECT threefactor_json.object('{"affected_rows":%v,"returning":%r}', count(*), threefactor_json.list('{"id":%v,"department":%v,"salary":%v,"employee":%r}', w."id", w."department", w."salary", (SELECT threefactor_json.object('{"employees_aggregate":%r}', (SELECT threefactor_json.object('{"aggregate":{"count":%v}}', count(*)) FROM "public"."employees" AS _1 WHERE _1."manager_id" = _0."id" AND _1."department" = ($1)::text)) FROM "public"."employees" AS _0 WHERE _0."id" = w."manager_id"))) FROM (SELECT (r.value->>0)::integer AS "id", (r.value->>1)::text AS "department", (r.value->>2)::integer AS "salary", (r.value->>3)::integer AS "manager_id" FROM json_array_elements(('['||current_setting('threefactor_gateway.returned')||']')::json) AS r) AS w;
-- $1 = c
