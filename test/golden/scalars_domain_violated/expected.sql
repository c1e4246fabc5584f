-- $
WITH w AS (UPDATE "public"."kinds" AS _0 SET "rank" = ($1)::integer WHERE _0."id" = ($2)::integer RETURNING "id") SELECT '{"id":'||w."id"::text||'}' FROM w;
-- $1 = -1
-- $2 = 1
