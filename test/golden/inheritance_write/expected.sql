-- $
WITH w AS (UPDATE "public"."animals" AS _0 SET "name" = ($1)::pg_catalog.text WHERE _0."id" OPERATOR(pg_catalog.=) ($2)::integer RETURNING "name") SELECT threefactor_json.object('{"affected_rows":%v,"returning":%r}', pg_catalog.count(*), threefactor_json.list('{"name":%v}', w."name")) FROM w;
-- $1 = max
-- $2 = 2
-- $.selectionSet.insert_dogs_one.args.object
INSERT INTO "public"."dogs" AS _0 ("id", "name", "tricks") VALUES (($1)::integer, ($2)::pg_catalog.text, ($3)::pg_catalog.text[]) RETURNING threefactor_json.object('{"name":%v,"tricks":%v}', _0."name", pg_catalog.to_json(_0."tricks"));
-- $1 = 3
-- $2 = ace
-- $3 = {"roll"}
