-- $
WITH w AS (UPDATE "public"."orders" AS _0 SET "address" = ($1)::text WHERE _0."order_id" = ($2)::text RETURNING "address", "restaurant_id") SELECT '{"affected_rows":'||count(*)::text||',"returning":['||coalesce(string_agg('{"address":'||to_json(w."address")::text||',"restaurant_id":'||w."restaurant_id"::text||'}',','),'')||']}' FROM w;
-- $1 = 1
-- $2 = o1
-- $
WITH w AS (UPDATE "public"."orders" AS _0 SET "restaurant_id" = _0."restaurant_id" + ($1)::integer WHERE _0."address" = ($2)::text RETURNING "address", "restaurant_id") SELECT '{"affected_rows":'||count(*)::text||',"returning":['||coalesce(string_agg('{"address":'||to_json(w."address")::text||',"restaurant_id":'||w."restaurant_id"::text||'}',','),'')||']}' FROM w;
-- $1 = 1
-- $2 = 1
