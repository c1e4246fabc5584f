-- $.selectionSet.insert_defaults.args.objects
WITH w AS (INSERT INTO "public"."defaults" AS _0 ("amount") SELECT u.c0::integer FROM unnest(($1)::text[]) AS u(c0) RETURNING 1) SELECT threefactor_json.object('{"affected_rows":%v}', count(*)) FROM w;
-- $1 = {"1","2"}
-- $.selectionSet.insert_paints.args.objects
WITH w AS (INSERT INTO "public"."MixedCase" AS _0 ("Id") VALUES (DEFAULT), (DEFAULT) RETURNING 1) SELECT threefactor_json.object('{"affected_rows":%v}', count(*)) FROM w;
-- $.selectionSet.insert_MixedCase_one.args.object[0]
SELECT left(set_config('threefactor_gateway.returned', '', true), 0), left(set_config('threefactor_gateway.affected', '0', true), 0);
-- $.selectionSet.insert_MixedCase_one.args.object[0]
WITH w AS (INSERT INTO "public"."MixedCase" AS _0 ("Id") VALUES (DEFAULT) RETURNING "Id") SELECT left(set_config('threefactor_gateway.affected', (current_setting('threefactor_gateway.affected')::bigint + count(*))::text, true), 0), left(set_config('threefactor_gateway.returned', concat_ws(',', nullif(current_setting('threefactor_gateway.returned'), ''), string_agg(pg_catalog.array_to_json(ARRAY[w."Id"::pg_catalog.text]::pg_catalog.text[])::pg_catalog.text, ',')), true), 0), left(set_config('threefactor_gateway.keys_0', CASE count(*) WHEN 1 THEN min(pg_catalog.array_to_json(ARRAY[w."Id"::pg_catalog.text]::pg_catalog.text[])::pg_catalog.text) ELSE ('cannot proceed to insert array relations since insert to table "MixedCase" affects zero rows'||repeat(' ', count(*)::integer))::integer::text END, true), 0) FROM w;
-- $.selectionSet.insert_MixedCase_one.args.object[0].MixedCases.data
WITH w AS (INSERT INTO "public"."MixedCase" AS _0 ("camelCase", "Parent") VALUES (($1)::text, (current_setting('threefactor_gateway.keys_0')::json->>0)::integer), (DEFAULT, (current_setting('threefactor_gateway.keys_0')::json->>0)::integer) RETURNING 1) SELECT left(set_config('threefactor_gateway.affected', (current_setting('threefactor_gateway.affected')::bigint + count(*))::text, true), 0) FROM w;
-- $1 = a
-- $.selectionSet.insert_MixedCase_one.args.object[0]
SELECT threefactor_json.object('{"MixedCases":%r}', (SELECT threefactor_json.list('{"camelCase":%v}', _0."camelCase") FROM "public"."MixedCase" AS _0 WHERE _0."Parent" = w."Id")) FROM (SELECT (r.value->>0)::integer AS "Id" FROM json_array_elements(('['||current_setting('threefactor_gateway.returned')||']')::json) AS r) AS w;
