-- reads kinds
-- $
SELECT '['||coalesce(string_agg('{"a":'||coalesce((_0."doc" #> ($1)::text[])::text,'null')||',"b":'||coalesce((_0."doc" #> ($2)::text[])::text,'null')||',"c":'||coalesce(_0."doc"::text,'null')||',"d":'||coalesce((_0."doc" #> ($3)::text[])::text,'null')||',"e":'||coalesce((_0."doc" #> ($4)::text[])::text,'null')||',"f":'||coalesce((_0."doc" #> ($5)::text[])::text,'null')||',"g":'||coalesce((_0."plain" #> ($6)::text[])::text,'null')||',"h":'||coalesce(_0."doc"::text,'null')||'}',','),'')||']' FROM (SELECT _1."doc", _1."plain" FROM "public"."kinds" AS _1 ORDER BY _1."id" ASC NULLS LAST) AS _0;
-- $1 = {"a","b","0"}
-- $2 = {"a","b"}
-- $3 = {"tags","1"}
-- $4 = {"a","b","1","c d"}
-- $5 = {"tags","9"}
-- $6 = {"a","0"}
