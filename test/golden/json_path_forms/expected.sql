-- reads kinds
-- $
SELECT threefactor_json.list('{"a":%v,"b":%v,"c":%v,"d":%v,"e":%v,"f":%v,"g":%v,"h":%v}', (_0."doc" #> ($1)::text[]), (_0."doc" #> ($2)::text[]), _0."doc", (_0."doc" #> ($3)::text[]), (_0."doc" #> ($4)::text[]), (_0."doc" #> ($5)::text[]), (_0."plain" #> ($6)::text[]), _0."doc") FROM (SELECT _1."doc", _1."plain" FROM "public"."kinds" AS _1 ORDER BY _1."id" ASC NULLS LAST) AS _0;
-- $1 = {"a","b","0"}
-- $2 = {"a","b"}
-- $3 = {"tags","1"}
-- $4 = {"a","b","1","c d"}
-- $5 = {"tags","9"}
-- $6 = {"a","0"}
