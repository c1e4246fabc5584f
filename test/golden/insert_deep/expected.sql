-- $.selectionSet.insert_employees.args.objects[0]
SELECT left(set_config('threefactor_gateway.returned', '', true), 0), left(set_config('threefactor_gateway.affected', '0', true), 0);
-- $.selectionSet.insert_employees.args.objects[0]
WITH w AS (INSERT INTO "public"."employees" AS _0 ("id", "name") VALUES (($1)::integer, ($2)::text) RETURNING "name", "id") SELECT left(set_config('threefactor_gateway.affected', (current_setting('threefactor_gateway.affected')::bigint + count(*))::text, true), 0), left(set_config('threefactor_gateway.returned', concat_ws(',', nullif(current_setting('threefactor_gateway.returned'), ''), string_agg(pg_catalog.array_to_json(ARRAY[w."name"::pg_catalog.text, w."id"::pg_catalog.text]::pg_catalog.text[])::pg_catalog.text, ',')), true), 0), left(set_config('threefactor_gateway.keys_0', CASE count(*) WHEN 1 THEN min(pg_catalog.array_to_json(ARRAY[w."id"::pg_catalog.text, w."id"::pg_catalog.text, w."id"::pg_catalog.text]::pg_catalog.text[])::pg_catalog.text) ELSE ('cannot proceed to insert array relations since insert to table "employees" affects zero rows'||repeat(' ', count(*)::integer))::integer::text END, true), 0) FROM w;
-- $1 = 10
-- $2 = Top
-- $.selectionSet.insert_employees.args.objects[0].desk.data
WITH w AS (INSERT INTO "public"."desks" AS _0 ("room", "employee_id") VALUES (($1)::text, (current_setting('threefactor_gateway.keys_0')::json->>0)::integer) RETURNING 1) SELECT left(set_config('threefactor_gateway.affected', (current_setting('threefactor_gateway.affected')::bigint + count(*))::text, true), 0) FROM w;
-- $1 = 900
-- $.selectionSet.insert_employees.args.objects[0].employees.data[0]
WITH w AS (INSERT INTO "public"."employees" AS _0 ("id", "name", "manager_id") VALUES (($1)::integer, ($2)::text, (current_setting('threefactor_gateway.keys_0')::json->>1)::integer) RETURNING "id") SELECT left(set_config('threefactor_gateway.affected', (current_setting('threefactor_gateway.affected')::bigint + count(*))::text, true), 0), left(set_config('threefactor_gateway.keys_1', CASE count(*) WHEN 1 THEN min(pg_catalog.array_to_json(ARRAY[w."id"::pg_catalog.text]::pg_catalog.text[])::pg_catalog.text) ELSE ('cannot proceed to insert array relations since insert to table "employees" affects zero rows'||repeat(' ', count(*)::integer))::integer::text END, true), 0) FROM w;
-- $1 = 11
-- $2 = Mid
-- $.selectionSet.insert_employees.args.objects[0].employees.data[0].employees.data
WITH w AS (INSERT INTO "public"."employees" AS _0 ("id", "name", "manager_id") SELECT u.c0::integer, u.c1::text, (current_setting('threefactor_gateway.keys_1')::json->>0)::integer FROM unnest(($1)::text[], ($2)::text[]) AS u(c0, c1) RETURNING 1) SELECT left(set_config('threefactor_gateway.affected', (current_setting('threefactor_gateway.affected')::bigint + count(*))::text, true), 0) FROM w;
-- $1 = {"12","13"}
-- $2 = {"Low","Low too"}
-- $.selectionSet.insert_employees.args.objects[0].employees.data[1]
WITH w AS (INSERT INTO "public"."employees" AS _0 ("id", "name", "manager_id") VALUES (($1)::integer, ($2)::text, (current_setting('threefactor_gateway.keys_0')::json->>1)::integer) RETURNING 1) SELECT left(set_config('threefactor_gateway.affected', (current_setting('threefactor_gateway.affected')::bigint + count(*))::text, true), 0) FROM w;
-- $1 = 14
-- $2 = Lone
-- $.selectionSet.insert_employees.args.objects[0].reviews.data[0].employeeBySubjectId.data.employee.data
WITH w AS (INSERT INTO "public"."employees" AS _0 ("id", "name") VALUES (($1)::integer, ($2)::text) RETURNING "id") SELECT left(set_config('threefactor_gateway.affected', (current_setting('threefactor_gateway.affected')::bigint + count(*))::text, true), 0), left(set_config('threefactor_gateway.keys_2_0', CASE count(*) WHEN 1 THEN min(pg_catalog.array_to_json(ARRAY[w."id"::pg_catalog.text]::pg_catalog.text[])::pg_catalog.text) ELSE ('cannot proceed to insert object relation "employee" since insert to table "employees" affects zero rows'||repeat(' ', count(*)::integer))::integer::text END, true), 0) FROM w;
-- $1 = 16
-- $2 = Boss
-- $.selectionSet.insert_employees.args.objects[0].reviews.data[0].employeeBySubjectId.data
WITH w AS (INSERT INTO "public"."employees" AS _0 ("id", "name", "manager_id") VALUES (($1)::integer, ($2)::text, (current_setting('threefactor_gateway.keys_2_0')::json->>0)::integer) RETURNING "id") SELECT left(set_config('threefactor_gateway.affected', (current_setting('threefactor_gateway.affected')::bigint + count(*))::text, true), 0), left(set_config('threefactor_gateway.keys_1_0', CASE count(*) WHEN 1 THEN min(pg_catalog.array_to_json(ARRAY[w."id"::pg_catalog.text]::pg_catalog.text[])::pg_catalog.text) ELSE ('cannot proceed to insert object relation "employeeBySubjectId" since insert to table "employees" affects zero rows'||repeat(' ', count(*)::integer))::integer::text END, true), 0) FROM w;
-- $1 = 15
-- $2 = Subject
-- $.selectionSet.insert_employees.args.objects[0].reviews.data[0]
WITH w AS (INSERT INTO "public"."reviews" AS _0 ("id", "stars", "author_id", "subject_id") VALUES (($1)::integer, ($2)::integer, (current_setting('threefactor_gateway.keys_0')::json->>2)::integer, (current_setting('threefactor_gateway.keys_1_0')::json->>0)::integer) RETURNING 1) SELECT left(set_config('threefactor_gateway.affected', (current_setting('threefactor_gateway.affected')::bigint + count(*))::text, true), 0) FROM w;
-- $1 = 50
-- $2 = 1
-- $.selectionSet.insert_employees.args.objects[0]
SELECT threefactor_json.object('{"affected_rows":%r,"returning":%r}', current_setting('threefactor_gateway.affected'), threefactor_json.list('{"name":%v,"employees":%r,"desk":%r,"reviews":%r}', w."name", (SELECT threefactor_json.list('{"name":%v,"employees":%r}', _0."name", (SELECT threefactor_json.list('{"name":%v}', _1."name") FROM "public"."employees" AS _1 WHERE _1."manager_id" = _0."id")) FROM (SELECT _2."name", _2."id" FROM "public"."employees" AS _2 WHERE _2."manager_id" = w."id" ORDER BY _2."id" ASC NULLS LAST) AS _0), (SELECT threefactor_json.object('{"room":%v}', _3."room") FROM "public"."desks" AS _3 WHERE _3."employee_id" = w."id"), (SELECT threefactor_json.list('{"stars":%v,"employeeBySubjectId":%r}', _4."stars", (SELECT threefactor_json.object('{"name":%v,"employee":%r}', _5."name", (SELECT threefactor_json.object('{"name":%v}', _6."name") FROM "public"."employees" AS _6 WHERE _6."id" = _5."manager_id")) FROM "public"."employees" AS _5 WHERE _5."id" = _4."subject_id")) FROM "public"."reviews" AS _4 WHERE _4."author_id" = w."id"))) FROM (SELECT (r.value->>0)::text AS "name", (r.value->>1)::integer AS "id" FROM json_array_elements(('['||current_setting('threefactor_gateway.returned')||']')::json) AS r) AS w;
