-- $.selectionSet.insert_Paint.args.objects
WITH w AS (INSERT INTO "public"."paints" AS _0 ("color") SELECT u.c0::pg_catalog.text FROM ROWS FROM (pg_catalog.unnest(($1)::pg_catalog.text[])) AS u(c0) RETURNING "color") SELECT threefactor_json.object('{"affected_rows":%v,"returning":%r}', pg_catalog.count(*), threefactor_json.list('{"color":%v}', w."color")) FROM w;
-- $1 = {"blue","green"}
