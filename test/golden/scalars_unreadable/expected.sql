-- reads kinds
-- $
SELECT '['||coalesce(string_agg('{"id":'||_0."id"::text||'}',','),'')||']' FROM "public"."kinds" AS _0 WHERE _0."ident" = ($1)::uuid;
-- $1 = no uuid
