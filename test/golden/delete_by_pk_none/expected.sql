-- $
DELETE FROM "public"."orders" AS _0 WHERE _0."order_id" = ($1)::text RETURNING '{"order_id":'||to_json(_0."order_id")::text||'}';
-- $1 = none
