-- $
UPDATE "public"."kinds" AS _0 SET "rank" = ($1)::integer WHERE _0."id" = ($2)::integer RETURNING '{"id":'||_0."id"::text||'}';
-- $1 = -1
-- $2 = 1
