-- reads items, menu_items, orders
-- $
SELECT (SELECT '['||coalesce(string_agg('{"__typename":"menu_items"}',','),'')||']' FROM "public"."menu_items" AS _0), (SELECT '['||coalesce(string_agg('{"kind":"orders","items":'||(SELECT '['||coalesce(string_agg('{"__typename":"items"}',','),'')||']' FROM "public"."items" AS _2 WHERE _2."order_id" = _1."order_id")||'}',','),'')||']' FROM (SELECT _3."order_id" FROM "public"."orders" AS _3 LIMIT 1) AS _1);
