-- $
WITH w AS (UPDATE "public"."orders" AS _0 SET "payment_valid" = ($1)::boolean WHERE _0."order_id" = ($2)::text RETURNING "payment_valid") SELECT '{"affected_rows":'||count(*)::text||',"returning":['||coalesce(string_agg('{"payment_valid":'||coalesce(w."payment_valid"::text,'null')||'}',','),'')||']}' FROM w;
-- $1 = NULL
-- $2 = o1
