-- $.selectionSet.addMixedUps.args.objects
WITH w AS (INSERT INTO "other"."Mixed Up" AS _0 ("id", "Column One") VALUES (($1)::integer, ($2)::pg_catalog.text) RETURNING "id", "Column One", "type") SELECT threefactor_json.object('{"affected_rows":%v,"returning":%r}', pg_catalog.count(*), threefactor_json.list('{"id":%v,"columnOne":%v,"type":%v}', w."id", w."Column One", w."type")) FROM w;
-- $1 = 5
-- $2 = c
-- $.selectionSet.addMixedUp.args.object
INSERT INTO "other"."Mixed Up" AS _0 ("id") VALUES (($1)::integer) RETURNING threefactor_json.object('{"id":%v}', _0."id");
-- $1 = 6
