-- $.selectionSet.insert_defaults.args.objects
WITH w AS (INSERT INTO "public"."defaults" AS _0 ("label", "amount") VALUES (($1)::pg_catalog.text, DEFAULT), (DEFAULT, ($2)::integer), (DEFAULT, DEFAULT), (($3)::pg_catalog.text, ($4)::integer) RETURNING "id", "label", "amount", "twice") SELECT threefactor_json.object('{"affected_rows":%v,"returning":%r}', pg_catalog.count(*), threefactor_json.list('{"id":%v,"label":%v,"amount":%v,"twice":%v}', w."id", w."label", w."amount", w."twice")) FROM w;
-- $1 = a
-- $2 = 1
-- $3 = b
-- $4 = NULL
