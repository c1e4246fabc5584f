-- reads kinds
-- $
SELECT threefactor_json.list('{"whole":%v,"b":%v,"first":%v,"spaced":%v,"missing":%v,"plain":%v}', _0."doc", (_0."doc" OPERATOR(pg_catalog.#>) ($1)::pg_catalog.text[]), (_0."doc" OPERATOR(pg_catalog.#>) ($2)::pg_catalog.text[]), (_0."doc" OPERATOR(pg_catalog.#>) ($3)::pg_catalog.text[]), (_0."doc" OPERATOR(pg_catalog.#>) ($4)::pg_catalog.text[]), (_0."plain" OPERATOR(pg_catalog.#>) ($5)::pg_catalog.text[])) FROM (SELECT _1."doc", _1."plain" FROM "public"."kinds" AS _1 ORDER BY _1."id" ASC NULLS LAST) AS _0;
-- $1 = {"a","b"}
-- $2 = {"a","b","0"}
-- $3 = {"a","b","1","c d"}
-- $4 = {"a","z"}
-- $5 = {"a","1"}
