-- $.selectionSet.a.args.objects
WITH w AS (INSERT INTO "public"."menu_items" AS _0 ("name") VALUES (($1)::pg_catalog.text) RETURNING 1) SELECT threefactor_json.object('{"affected_rows":%v}', pg_catalog.count(*)) FROM w;
-- $1 = q
-- $
WITH w AS (UPDATE "public"."menu_items" AS _0 SET "name" = ($1)::pg_catalog.text WHERE _0."name" OPERATOR(pg_catalog.=) ($2)::pg_catalog.text RETURNING 1) SELECT threefactor_json.object('{"affected_rows":%v}', pg_catalog.count(*)) FROM w;
-- $1 = r
-- $2 = q
-- $
WITH w AS (DELETE FROM "public"."menu_items" AS _0 WHERE _0."name" OPERATOR(pg_catalog.=) ($1)::pg_catalog.text RETURNING "name") SELECT threefactor_json.object('{"affected_rows":%v,"returning":%r}', pg_catalog.count(*), threefactor_json.list('{"name":%v}', w."name")) FROM w;
-- $1 = r
