-- reads kinds
-- $
SELECT '['||coalesce(string_agg('{"id":'||_0."id"::text||'}',','),'')||']' FROM "public"."kinds" AS _0 WHERE _0."mood" = ($1)::public.mood;
-- $1 = elated
