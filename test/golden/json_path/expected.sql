-- reads kinds
-- $
SELECT '['||coalesce(string_agg('{"whole":'||coalesce(_0."doc"::text,'null')||',"b":'||coalesce((_0."doc" #> ($1)::text[])::text,'null')||',"first":'||coalesce((_0."doc" #> ($2)::text[])::text,'null')||',"spaced":'||coalesce((_0."doc" #> ($3)::text[])::text,'null')||',"missing":'||coalesce((_0."doc" #> ($4)::text[])::text,'null')||',"plain":'||coalesce((_0."plain" #> ($5)::text[])::text,'null')||'}',','),'')||']' FROM (SELECT _1."doc", _1."plain" FROM "public"."kinds" AS _1 ORDER BY _1."id" ASC NULLS LAST) AS _0;
-- $1 = {"a","b"}
-- $2 = {"a","b","0"}
-- $3 = {"a","b","1","c d"}
-- $4 = {"a","z"}
-- $5 = {"a","1"}
