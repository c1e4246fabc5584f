-- reads kinds
-- $
SELECT threefactor_json.list('{"whole":%v,"b":%v,"first":%v,"spaced":%v,"missing":%v,"plain":%v}', _0."doc", (_0."doc" #> ($1)::text[]), (_0."doc" #> ($2)::text[]), (_0."doc" #> ($3)::text[]), (_0."doc" #> ($4)::text[]), (_0."plain" #> ($5)::text[])) FROM (SELECT _1."doc", _1."plain" FROM "public"."kinds" AS _1 ORDER BY _1."id" ASC NULLS LAST) AS _0;
-- $1 = {"a","b"}
-- $2 = {"a","b","0"}
-- $3 = {"a","b","1","c d"}
-- $4 = {"a","z"}
-- $5 = {"a","1"}
