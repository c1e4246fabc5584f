-- $
UPDATE "public"."orders" AS _0 SET "address" = ($1)::text WHERE _0."order_id" = ($2)::text RETURNING '{"order_id":'||to_json(_0."order_id")::text||'}';
-- $1 = z
-- $2 = none
