-- $.selectionSet.a.args.objects
WITH w AS (INSERT INTO "public"."rich_employees" AS _0 ("id", "name", "salary") VALUES (($1)::integer, ($2)::pg_catalog.text, ($3)::integer) RETURNING "loud") SELECT threefactor_json.object('{"affected_rows":%v,"returning":%r}', pg_catalog.count(*), threefactor_json.list('{"loud":%v}', w."loud")) FROM w;
-- $1 = 77
-- $2 = high
-- $3 = 300
-- $
WITH w AS (UPDATE "public"."rich_employees" AS _0 SET "name" = ($1)::pg_catalog.text WHERE _0."id" OPERATOR(pg_catalog.=) ($2)::integer RETURNING "loud") SELECT threefactor_json.object('{"returning":%r}', threefactor_json.list('{"loud":%v}', w."loud")) FROM w;
-- $1 = hi
-- $2 = 77
-- $
WITH w AS (DELETE FROM "public"."rich_employees" AS _0 WHERE _0."id" OPERATOR(pg_catalog.=) ($1)::integer RETURNING 1) SELECT threefactor_json.object('{"affected_rows":%v}', pg_catalog.count(*)) FROM w;
-- $1 = 77
