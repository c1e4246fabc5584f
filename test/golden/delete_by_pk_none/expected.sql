-- $
WITH w AS (DELETE FROM "public"."orders" AS _0 WHERE _0."order_id" = ($1)::text RETURNING "order_id") SELECT '{"order_id":'||to_json(w."order_id")::text||'}' FROM w;
-- $1 = none
