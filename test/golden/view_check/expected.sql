-- $.selectionSet.insert_rich_employees.args.objects
WITH w AS (INSERT INTO "public"."rich_employees" AS _0 ("id", "name", "salary") VALUES (($1)::integer, ($2)::pg_catalog.text, ($3)::integer) RETURNING 1) SELECT threefactor_json.object('{"affected_rows":%v}', pg_catalog.count(*)) FROM w;
-- $1 = 77
-- $2 = low
-- $3 = 3
