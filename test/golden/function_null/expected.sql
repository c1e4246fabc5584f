-- reads -
-- $
SELECT '['||coalesce(string_agg('{"order_id":'||to_json(_0."order_id")::text||'}',','),'')||']' FROM "public"."search_orders"(($1)::text) AS _0;
-- $1 = NULL
