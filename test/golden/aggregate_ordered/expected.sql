-- reads menu_items, orders
-- $
SELECT '{"nodes":['||coalesce(string_agg('{"order_id":'||to_json(_0."order_id")::text||'}',','),'')||'],"aggregate":{"max":{"order_id":'||coalesce(to_json(max(_0."order_id"))::text,'null')||'},"min":{"order_id":'||coalesce(to_json(min(_0."order_id"))::text,'null')||'}}}' FROM (SELECT _1."order_id" FROM "public"."orders" AS _1 ORDER BY _1."order_id" DESC NULLS FIRST LIMIT 2 OFFSET ($1)::bigint) AS _0;
-- $1 = 1
