-- reads kinds, menu_items, orders
-- $
SELECT (SELECT '['||coalesce(string_agg('{"order_id":'||to_json(_0."order_id")::text||'}',','),'')||']' FROM (SELECT _1."order_id" FROM "public"."orders" AS _1 WHERE _1."address" SIMILAR TO ($1)::text ORDER BY _1."order_id" ASC NULLS LAST LIMIT 1) AS _0), (SELECT '['||coalesce(string_agg('{"id":'||_2."id"::text||'}',','),'')||']' FROM "public"."kinds" AS _2 WHERE _2."day" = ($2)::date);
-- $1 = %
-- $2 = 2024-02-30
