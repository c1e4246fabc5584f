-- $
WITH w AS (DELETE FROM "public"."approved_orders" AS _0 WHERE _0."user_id" = ($1)::text RETURNING 1) SELECT '{"affected_rows":'||count(*)::text||'}' FROM w;
-- $1 = ada
