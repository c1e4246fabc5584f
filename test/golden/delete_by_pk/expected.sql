-- $
DELETE FROM "public"."payments" AS _0 WHERE _0."id" = ($1)::integer RETURNING '{"id":'||_0."id"::text||',"amount":'||_0."amount"::text||'}';
-- $1 = 1
-- $
DELETE FROM "public"."payments" AS _0 WHERE _0."id" = ($1)::integer RETURNING '{"id":'||_0."id"::text||'}';
-- $1 = 99
