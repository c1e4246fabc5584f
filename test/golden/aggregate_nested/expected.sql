-- reads items, menu_items, orders
-- $
SELECT '['||coalesce(string_agg('{"items_aggregate":'||(SELECT '{"__typename":"items_aggregate","aggregate":{"__typename":"items_aggregate_fields","count":'||count(*)::text||',"max":{"__typename":"items_max_fields","item":'||coalesce(to_json(max(_1."item"))::text,'null')||'}},"nodes":['||coalesce(string_agg('{"__typename":"items","item":'||to_json(_1."item")::text||',"order":'||coalesce((SELECT '{"order_id":'||to_json(_2."order_id")::text||'}' FROM "public"."orders" AS _2 WHERE _2."order_id" = _1."order_id"),'null')||'}',','),'')||']}' FROM (SELECT _3."item", _3."order_id" FROM "public"."items" AS _3 WHERE _3."order_id" = _0."order_id" AND _3."item" <> ($1)::text ORDER BY _3."item" ASC NULLS LAST LIMIT ($2)::bigint) AS _1)||'}',','),'')||']' FROM (SELECT _4."order_id" FROM "public"."orders" AS _4 ORDER BY _4."order_id" ASC NULLS LAST) AS _0;
-- $1 = Pizza
-- $2 = 1
