-- $
UPDATE "public"."orders" AS _0 SET "approved" = ($1)::boolean, "payment_valid" = ($2)::boolean WHERE _0."order_id" = ($3)::text RETURNING '{"order_id":'||to_json(_0."order_id")::text||',"approved":'||_0."approved"::text||',"payment_valid":'||coalesce(_0."payment_valid"::text,'null')||'}';
-- $1 = true
-- $2 = NULL
-- $3 = o2
-- $
UPDATE "public"."orders" AS _0 SET "approved" = ($1)::boolean WHERE _0."order_id" = ($2)::text RETURNING '{"order_id":'||to_json(_0."order_id")::text||'}';
-- $1 = true
-- $2 = nobody
