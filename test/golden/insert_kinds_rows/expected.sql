-- $.selectionSet.insert_kinds.args.objects
WITH w AS (INSERT INTO "public"."kinds" AS _0 ("id", "doc", "ints", "words") SELECT u.c0::integer, u.c1::pg_catalog.jsonb, u.c2::integer[], u.c3::pg_catalog.text[] FROM ROWS FROM (pg_catalog.unnest(($1)::pg_catalog.text[]), pg_catalog.unnest(($2)::pg_catalog.text[]), pg_catalog.unnest(($3)::pg_catalog.text[]), pg_catalog.unnest(($4)::pg_catalog.text[])) AS u(c0, c1, c2, c3) RETURNING "id", "ints", "words", "doc") SELECT threefactor_json.object('{"returning":%r}', threefactor_json.list('{"id":%v,"ints":%v,"words":%v,"doc":%v}', w."id", pg_catalog.to_json(w."ints"), pg_catalog.to_json(w."words"), w."doc")) FROM w;
-- $1 = {"10","11"}
-- $2 = {"{\"a\":1}",NULL}
-- $3 = {"{\"1\",\"2\"}",NULL}
-- $4 = {"{\"a\",\"b\"}","{}"}
