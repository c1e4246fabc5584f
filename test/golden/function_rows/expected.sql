-- reads -, items
-- $
SELECT (SELECT '['||coalesce(string_agg('{"order_id":'||to_json(_0."order_id")::text||',"items":'||(SELECT '['||coalesce(string_agg('{"item":'||to_json(_1."item")::text||'}',','),'')||']' FROM "public"."items" AS _1 WHERE _1."order_id" = _0."order_id")||',"total":'||coalesce("public"."order_total"(_0."*")::text,'null')||'}',','),'')||']' FROM (SELECT _2."order_id", _2 AS "*" FROM "public"."search_orders"(($1)::text) AS _2 WHERE _2."user_id" = ($2)::text ORDER BY _2."order_id" DESC NULLS FIRST LIMIT 1) AS _0), (SELECT '['||coalesce(string_agg('{"order_id":'||to_json(_3."order_id")::text||',"approved":'||_3."approved"::text||'}',','),'')||']' FROM "public"."search_orders"(($3)::text, ($4)::integer, ($5)::boolean) AS _3), coalesce((SELECT '{"order_id":'||to_json(_4."order_id")::text||'}' FROM "public"."last_order"() AS _4 WHERE NOT (_4 IS NULL)),'null');
-- $1 = e
-- $2 = ada
-- $3 = 
-- $4 = NULL
-- $5 = true
