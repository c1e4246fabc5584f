-- reads kinds
-- $
SELECT '['||coalesce(string_agg('{"id":'||_0."id"::text||'}',','),'')||']' FROM "public"."kinds" AS _0 WHERE _0."doc"::text LIKE ($1)::text;
-- $1 = %tags%
