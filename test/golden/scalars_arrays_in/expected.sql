-- $
UPDATE "public"."kinds" AS _0 SET "ints" = ($1)::integer[], "words" = ($2)::pg_catalog.text[], "grid" = ($3)::integer[], "moods" = ($4)::public.mood[] WHERE _0."id" OPERATOR(pg_catalog.=) ($5)::integer RETURNING threefactor_json.object('{"ints":%v,"words":%v,"grid":%v,"moods":%v}', pg_catalog.to_json(_0."ints"), pg_catalog.to_json(_0."words"), pg_catalog.to_json(_0."grid"), pg_catalog.to_json(_0."moods"));
-- $1 = {"1",NULL,"3"}
-- $2 = {"a b","c\"d"}
-- $3 = {{"1","2"},{"3","4"}}
-- $4 = {"ok"}
-- $5 = 1
-- $
UPDATE "public"."kinds" AS _0 SET "ints" = ($1)::integer[], "words" = ($2)::pg_catalog.text[], "grid" = ($3)::integer[], "moods" = ($4)::public.mood[] WHERE _0."id" OPERATOR(pg_catalog.=) ($5)::integer RETURNING threefactor_json.object('{"ints":%v,"words":%v,"grid":%v,"moods":%v}', pg_catalog.to_json(_0."ints"), pg_catalog.to_json(_0."words"), pg_catalog.to_json(_0."grid"), pg_catalog.to_json(_0."moods"));
-- $1 = {4,5}
-- $2 = {}
-- $3 = {{1}}
-- $4 = {"ok"}
-- $5 = 1
