-- $.selectionSet.insert_kinds.args.objects
WITH w AS (INSERT INTO "public"."kinds" AS _0 ("id", "doc", "ints", "words") SELECT u.c0::integer, u.c1::jsonb, u.c2::integer[], u.c3::text[] FROM unnest(($1)::text[], ($2)::text[], ($3)::text[], ($4)::text[]) AS u(c0, c1, c2, c3) RETURNING "id", "ints", "words", "doc") SELECT '{"returning":['||coalesce(string_agg('{"id":'||w."id"::text||',"ints":'||coalesce(to_json(w."ints")::text,'null')||',"words":'||coalesce(to_json(w."words")::text,'null')||',"doc":'||coalesce(w."doc"::text,'null')||'}',','),'')||']}' FROM w;
-- $1 = {"10","11"}
-- $2 = {"{\"a\":1}",NULL}
-- $3 = {"{\"1\",\"2\"}",NULL}
-- $4 = {"{\"a\",\"b\"}","{}"}
