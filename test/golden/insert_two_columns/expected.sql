-- $.selectionSet.insert_boxes.args.objects[0]
SELECT set_config('threefactor_gateway.returned', '', true), set_config('threefactor_gateway.affected', '0', true);
-- $.selectionSet.insert_boxes.args.objects[0].shelf.data
WITH w AS (INSERT INTO "public"."shelves" AS _0 ("aisle", "level") VALUES (($1)::integer, ($2)::integer) RETURNING "aisle", "level") SELECT set_config('threefactor_gateway.affected', (current_setting('threefactor_gateway.affected')::bigint + count(*))::text, true), set_config('threefactor_gateway.keys_0_0', CASE count(*) WHEN 1 THEN min(json_build_array(w."aisle"::text, w."level"::text)::text) ELSE ('cannot proceed to insert object relation "shelf" since insert to table "shelves" affects zero rows'||repeat(' ', count(*)::integer))::integer::text END, true) FROM w;
-- $1 = 7
-- $2 = 8
-- $.selectionSet.insert_boxes.args.objects[0]
WITH w AS (INSERT INTO "public"."boxes" AS _0 ("id", "aisle", "level") VALUES (($1)::integer, (current_setting('threefactor_gateway.keys_0_0')::json->>0)::integer, (current_setting('threefactor_gateway.keys_0_0')::json->>1)::integer) RETURNING "aisle", "level") SELECT set_config('threefactor_gateway.affected', (current_setting('threefactor_gateway.affected')::bigint + count(*))::text, true), set_config('threefactor_gateway.returned', concat_ws(',', nullif(current_setting('threefactor_gateway.returned'), ''), string_agg(json_build_array(w."aisle"::text, w."level"::text)::text, ',')), true) FROM w;
-- $1 = 9
-- $.selectionSet.insert_boxes.args.objects[0]
SELECT threefactor_json.object('{"affected_rows":%r,"returning":%r}', current_setting('threefactor_gateway.affected'), threefactor_json.list('{"aisle":%v,"level":%v,"shelf":%r}', w."aisle", w."level", (SELECT threefactor_json.object('{"boxes":%r}', (SELECT threefactor_json.list('{"id":%v}', _1."id") FROM "public"."boxes" AS _1 WHERE _1."aisle" = _0."aisle" AND _1."level" = _0."level")) FROM "public"."shelves" AS _0 WHERE _0."aisle" = w."aisle" AND _0."level" = w."level"))) FROM (SELECT (r.value->>0)::integer AS "aisle", (r.value->>1)::integer AS "level" FROM json_array_elements(('['||current_setting('threefactor_gateway.returned')||']')::json) AS r) AS w;
