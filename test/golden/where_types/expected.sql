-- $
SELECT (SELECT '['||coalesce(string_agg('{"id":'||_0."id"::text||'}',','),'')||']' FROM "public"."kinds" AS _0 WHERE _0."ints" = ($1)::integer[]), (SELECT '['||coalesce(string_agg('{"id":'||_1."id"::text||'}',','),'')||']' FROM "public"."kinds" AS _1 WHERE _1."words" @> ($2)::text[]), (SELECT '['||coalesce(string_agg('{"id":'||_2."id"::text||'}',','),'')||']' FROM "public"."kinds" AS _2 WHERE _2."ints" <@ ($3)::integer[]), (SELECT '['||coalesce(string_agg('{"id":'||_3."id"::text||'}',','),'')||']' FROM "public"."kinds" AS _3 WHERE _3."ident" = ($4)::uuid), (SELECT '['||coalesce(string_agg('{"id":'||_4."id"::text||'}',','),'')||']' FROM "public"."kinds" AS _4 WHERE _4."instant" > ($5)::timestamp with time zone), (SELECT '['||coalesce(string_agg('{"id":'||_5."id"::text||'}',','),'')||']' FROM "public"."kinds" AS _5 WHERE _5."mood" = ANY(($6)::public.mood[])), (SELECT '['||coalesce(string_agg('{"id":'||_6."id"::text||'}',','),'')||']' FROM "public"."kinds" AS _6 WHERE _6."num" = ($7)::numeric), (SELECT '['||coalesce(string_agg('{"id":'||_7."id"::text||'}',','),'')||']' FROM "public"."kinds" AS _7 WHERE _7."big" = ($8)::bigint);
-- $1 = {"1","3"}
-- $2 = {"c\"d"}
-- $3 = {"1","2"}
-- $4 = 0b6a1f0c-9d1b-4b43-8f2e-5f7ad3b0c001
-- $5 = 2000-01-01T00:00:00Z
-- $6 = {"sad","it's \"fine\""}
-- $7 = 12344.57
-- $8 = 9007199254740993
