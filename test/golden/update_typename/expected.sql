-- $
WITH w AS (UPDATE "public"."employees" AS _0 SET "salary" = ($1)::integer WHERE _0."id" OPERATOR(pg_catalog.=) ($2)::integer RETURNING 1) SELECT '{"__typename":"employees_mutation_response"}';
-- $1 = 1
-- $2 = 0
-- $
WITH w AS (UPDATE "public"."desks" AS _0 SET "room" = ($1)::pg_catalog.text RETURNING 1) SELECT '{"__typename":"desks_mutation_response"}';
-- $1 = x
