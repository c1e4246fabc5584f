-- $
WITH w AS (DELETE FROM "public"."payments" AS _0 WHERE _0."id" = ($1)::integer RETURNING "id", "amount") SELECT '{"id":'||w."id"::text||',"amount":'||w."amount"::text||'}' FROM w;
-- $1 = 1
-- $
WITH w AS (DELETE FROM "public"."payments" AS _0 WHERE _0."id" = ($1)::integer RETURNING "id") SELECT '{"id":'||w."id"::text||'}' FROM w;
-- $1 = 99
