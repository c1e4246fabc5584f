-- $
WITH w AS (UPDATE "public"."kinds" AS _0 SET "doc" = _0."doc" - ($1)::integer WHERE _0."id" = ($2)::integer RETURNING 1) SELECT '{"affected_rows":'||count(*)::text||'}' FROM w;
-- $1 = 0
-- $2 = 1
