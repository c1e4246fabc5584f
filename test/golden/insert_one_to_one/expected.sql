-- $.selectionSet.insert_employees_one.args.object[0]
SELECT left(set_config('threefactor_gateway.returned', '', true), 0), left(set_config('threefactor_gateway.affected', '0', true), 0);
-- $.selectionSet.insert_employees_one.args.object[0]
WITH w AS (INSERT INTO "public"."employees" AS _0 ("id", "name") VALUES (($1)::integer, ($2)::text) RETURNING "id") SELECT left(set_config('threefactor_gateway.affected', (current_setting('threefactor_gateway.affected')::bigint + count(*))::text, true), 0), left(set_config('threefactor_gateway.returned', concat_ws(',', nullif(current_setting('threefactor_gateway.returned'), ''), string_agg(pg_catalog.array_to_json(ARRAY[w."id"::pg_catalog.text]::pg_catalog.text[])::pg_catalog.text, ',')), true), 0), left(set_config('threefactor_gateway.keys_0', CASE count(*) WHEN 1 THEN min(pg_catalog.array_to_json(ARRAY[w."id"::pg_catalog.text, w."id"::pg_catalog.text]::pg_catalog.text[])::pg_catalog.text) ELSE ('cannot proceed to insert array relations since insert to table "employees" affects zero rows'||repeat(' ', count(*)::integer))::integer::text END, true), 0) FROM w;
-- $1 = 91
-- $2 = boss
-- $.selectionSet.insert_employees_one.args.object[0].desk.data
WITH w AS (INSERT INTO "public"."desks" AS _0 ("room", "employee_id") VALUES (($1)::text, (current_setting('threefactor_gateway.keys_0')::json->>0)::integer) RETURNING 1) SELECT left(set_config('threefactor_gateway.affected', (current_setting('threefactor_gateway.affected')::bigint + count(*))::text, true), 0) FROM w;
-- $1 = 9
-- $.selectionSet.insert_employees_one.args.object[0].employees.data[0]
WITH w AS (INSERT INTO "public"."employees" AS _0 ("id", "name", "manager_id") VALUES (($1)::integer, ($2)::text, (current_setting('threefactor_gateway.keys_0')::json->>1)::integer) RETURNING "id") SELECT left(set_config('threefactor_gateway.affected', (current_setting('threefactor_gateway.affected')::bigint + count(*))::text, true), 0), left(set_config('threefactor_gateway.keys_1', CASE count(*) WHEN 1 THEN min(pg_catalog.array_to_json(ARRAY[w."id"::pg_catalog.text]::pg_catalog.text[])::pg_catalog.text) ELSE ('cannot proceed to insert array relations since insert to table "employees" affects zero rows'||repeat(' ', count(*)::integer))::integer::text END, true), 0) FROM w;
-- $1 = 92
-- $2 = sub
-- $.selectionSet.insert_employees_one.args.object[0].employees.data[0].employees.data
WITH w AS (INSERT INTO "public"."employees" AS _0 ("id", "name", "manager_id") VALUES (($1)::integer, ($2)::text, (current_setting('threefactor_gateway.keys_1')::json->>0)::integer) RETURNING 1) SELECT left(set_config('threefactor_gateway.affected', (current_setting('threefactor_gateway.affected')::bigint + count(*))::text, true), 0) FROM w;
-- $1 = 93
-- $2 = subsub
-- $.selectionSet.insert_employees_one.args.object[0]
SELECT threefactor_json.object('{"id":%v,"desk":%r,"employees":%r}', w."id", (SELECT threefactor_json.object('{"room":%v}', _0."room") FROM "public"."desks" AS _0 WHERE _0."employee_id" = w."id"), (SELECT threefactor_json.list('{"id":%v,"employees":%r}', _1."id", (SELECT threefactor_json.list('{"id":%v}', _2."id") FROM "public"."employees" AS _2 WHERE _2."manager_id" = _1."id")) FROM "public"."employees" AS _1 WHERE _1."manager_id" = w."id")) FROM (SELECT (r.value->>0)::integer AS "id" FROM json_array_elements(('['||current_setting('threefactor_gateway.returned')||']')::json) AS r) AS w;
