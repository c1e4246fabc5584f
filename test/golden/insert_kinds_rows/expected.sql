-- $.selectionSet.insert_kinds.args.objects
WITH w AS (INSERT INTO "public"."kinds" AS _0 ("id", "doc", "ints", "words") SELECT u.c0::integer, u.c1::jsonb, u.c2::integer[], u.c3::text[] FROM unnest(($1)::text[], ($2)::text[], ($3)::text[], ($4)::text[]) AS u(c0, c1, c2, c3) RETURNING "id", "ints", "words", "doc") SELECT threefactor_json.object('{"returning":%r}', threefactor_json.list('{"id":%v,"ints":%v,"words":%v,"doc":%v}', w."id", to_json(w."ints"), to_json(w."words"), w."doc")) FROM w;
-- $1 = {"10","11"}
-- $2 = {"{\"a\":1}",NULL}
-- $3 = {"{\"1\",\"2\"}",NULL}
-- $4 = {"{\"a\",\"b\"}","{}"}
