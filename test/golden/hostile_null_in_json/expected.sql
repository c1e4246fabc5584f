-- $
UPDATE "public"."kinds" AS _0 SET "doc" = ($1)::jsonb WHERE _0."id" = ($2)::integer RETURNING '{"id":'||_0."id"::text||'}';
-- $1 = {"a":"x\u0000y"}
-- $2 = 1
