-- reads menu_items, orders
-- $
SELECT '['||coalesce(string_agg('{"order_id":'||to_json(_0."order_id")::text||'}',','),'')||']' FROM (SELECT _1."order_id" FROM "public"."orders" AS _1 WHERE _1."approved" = ($1)::boolean ORDER BY _1."order_id" ASC NULLS LAST LIMIT 1) AS _0;
-- $1 = true
