-- $
WITH w AS (UPDATE "public"."orders" AS _0 SET "approved" = ($1)::boolean, "payment_valid" = ($2)::boolean WHERE _0."order_id" = ($3)::text RETURNING "order_id", "approved", "payment_valid") SELECT '{"order_id":'||to_json(w."order_id")::text||',"approved":'||w."approved"::text||',"payment_valid":'||coalesce(w."payment_valid"::text,'null')||'}' FROM w;
-- $1 = true
-- $2 = NULL
-- $3 = o2
-- $
WITH w AS (UPDATE "public"."orders" AS _0 SET "approved" = ($1)::boolean WHERE _0."order_id" = ($2)::text RETURNING "order_id") SELECT '{"order_id":'||to_json(w."order_id")::text||'}' FROM w;
-- $1 = true
-- $2 = nobody
