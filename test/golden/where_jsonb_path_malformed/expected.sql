-- reads kinds
-- $
SELECT '['||coalesce(string_agg('{"id":'||_0."id"::text||'}',','),'')||']' FROM "public"."kinds" AS _0 WHERE _0."doc" @? ($1)::jsonpath;
-- $1 = $[
