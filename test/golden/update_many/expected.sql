-- $
WITH w AS (UPDATE "public"."orders" AS _0 SET "delivered" = ($1)::boolean WHERE _0."order_id" = ($2)::text RETURNING "order_id", "delivered", "restaurant_id") SELECT '{"affected_rows":'||count(*)::text||',"returning":['||coalesce(string_agg('{"order_id":'||to_json(w."order_id")::text||',"delivered":'||w."delivered"::text||',"restaurant_id":'||w."restaurant_id"::text||'}',','),'')||']}' FROM w;
-- $1 = true
-- $2 = o1
-- $
WITH w AS (UPDATE "public"."orders" AS _0 SET "restaurant_id" = _0."restaurant_id" + ($1)::integer WHERE _0."delivered" = ($2)::boolean RETURNING "order_id", "delivered", "restaurant_id") SELECT '{"affected_rows":'||count(*)::text||',"returning":['||coalesce(string_agg('{"order_id":'||to_json(w."order_id")::text||',"delivered":'||w."delivered"::text||',"restaurant_id":'||w."restaurant_id"::text||'}',','),'')||']}' FROM w;
-- $1 = 10
-- $2 = true
