-- reads items, menu_items, orders
-- $
SELECT (SELECT '['||coalesce(string_agg('{"name":'||to_json(_0."name")::text||'}',','),'')||']' FROM (SELECT _1."name" FROM "public"."menu_items" AS _1 ORDER BY _1."name" ASC NULLS LAST LIMIT ($1)::bigint) AS _0), (SELECT '['||coalesce(string_agg('{"order_id":'||to_json(_2."order_id")::text||',"items":'||(SELECT '['||coalesce(string_agg('{"item":'||to_json(_3."item")::text||',"order":'||coalesce((SELECT '{"order_id":'||to_json(_4."order_id")::text||'}' FROM "public"."orders" AS _4 WHERE _4."order_id" = _3."order_id"),'null')||'}',','),'')||']' FROM "public"."items" AS _3 WHERE _3."order_id" = _2."order_id" AND _3."id" >= ($2)::integer)||',"user_id":'||to_json(_2."user_id")::text||',"address":'||to_json(_2."address")::text||'}',','),'')||']' FROM (SELECT _5."order_id", _5."user_id", _5."address" FROM "public"."orders" AS _5 ORDER BY _5."order_id" ASC NULLS LAST LIMIT ($3)::bigint) AS _2);
-- $1 = 1
-- $2 = 1
-- $3 = 1
