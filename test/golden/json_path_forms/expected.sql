-- reads kinds
-- $
SELECT threefactor_json.list('{"a":%v,"b":%v,"c":%v,"d":%v,"e":%v,"f":%v,"g":%v,"h":%v}', (_0."doc" OPERATOR(pg_catalog.#>) ($1)::pg_catalog.text[]), (_0."doc" OPERATOR(pg_catalog.#>) ($2)::pg_catalog.text[]), _0."doc", (_0."doc" OPERATOR(pg_catalog.#>) ($3)::pg_catalog.text[]), (_0."doc" OPERATOR(pg_catalog.#>) ($4)::pg_catalog.text[]), (_0."doc" OPERATOR(pg_catalog.#>) ($5)::pg_catalog.text[]), (_0."plain" OPERATOR(pg_catalog.#>) ($6)::pg_catalog.text[]), _0."doc") FROM (SELECT _1."doc", _1."plain" FROM "public"."kinds" AS _1 ORDER BY _1."id" ASC NULLS LAST) AS _0;
-- $1 = {"a","b","0"}
-- $2 = {"a","b"}
-- $3 = {"tags","1"}
-- $4 = {"a","b","1","c d"}
-- $5 = {"tags","9"}
-- $6 = {"a","0"}
