-- reads employees
-- $
SELECT '['||coalesce(string_agg('{"id":'||_0."id"::text||'}',','),'')||']' FROM (SELECT _1."id" FROM "public"."employees" AS _1 ORDER BY _1."id" DESC NULLS FIRST) AS _0;
