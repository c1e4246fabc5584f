-- reads -, items
-- $
SELECT (SELECT '['||coalesce(string_agg('{"order_id":'||to_json(_0."order_id")::text||'}',','),'')||']' FROM (SELECT DISTINCT ON (_1."order_id") _1."order_id" FROM "public"."search_orders"(($1)::text) AS _1 WHERE _1."approved" = ($2)::boolean ORDER BY _1."order_id" DESC NULLS FIRST LIMIT 1 OFFSET ($3)::bigint) AS _0), coalesce((SELECT '{"order_id":'||to_json(_2."order_id")::text||'}' FROM "public"."last_order"() AS _2 WHERE NOT (_2 IS NULL) AND _2."approved" = ($4)::boolean),'null'), coalesce((SELECT '{"order_id":'||to_json(_3."order_id")::text||',"items":'||(SELECT '['||coalesce(string_agg('{"id":'||_4."id"::text||'}',','),'')||']' FROM "public"."items" AS _4 WHERE _4."order_id" = _3."order_id")||'}' FROM "public"."last_order"() AS _3 WHERE NOT (_3 IS NULL)),'null');
-- $1 = 
-- $2 = true
-- $3 = 0
-- $4 = true
