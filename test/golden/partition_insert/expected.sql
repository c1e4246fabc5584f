-- $.selectionSet.insert_measures.args.objects
WITH w AS (INSERT INTO "public"."measures" AS _0 ("day", "value") SELECT u.c0::integer, u.c1::integer FROM ROWS FROM (pg_catalog.unnest(($1)::pg_catalog.text[]), pg_catalog.unnest(($2)::pg_catalog.text[])) AS u(c0, c1) RETURNING "day", "value") SELECT threefactor_json.object('{"affected_rows":%v,"returning":%r}', pg_catalog.count(*), threefactor_json.list('{"day":%v,"value":%v}', w."day", w."value")) FROM w;
-- $1 = {"5","15"}
-- $2 = {"50","150"}
