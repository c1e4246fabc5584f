-- reads kinds
-- $
SELECT '['||coalesce(string_agg('{"id":'||_0."id"::text||'}',','),'')||']' FROM "public"."kinds" AS _0 WHERE _0."plain" = ($1)::json;
-- $1 = {"a":1}
