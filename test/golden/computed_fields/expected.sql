-- reads -, menu_items, orders
-- $
SELECT '['||coalesce(string_agg('{"order_id":'||to_json(_0."order_id")::text||',"total":'||coalesce("public"."order_total"(_0."*")::text,'null')||',"summary":'||coalesce(("public"."order_summary"(_0."*") #> ($1)::text[])::text,'null')||',"large_payments":'||(SELECT '['||coalesce(string_agg('{"amount":'||_1."amount"::text||',"order":'||coalesce((SELECT '{"total":'||coalesce("public"."order_total"(_2)::text,'null')||'}' FROM "public"."orders" AS _2 WHERE _2."order_id" = _1."order_id"),'null')||'}',','),'')||']' FROM (SELECT _3."amount", _3."order_id" FROM "public"."order_payments"(($2)::integer, _0."*") AS _3 ORDER BY _3."amount" DESC NULLS FIRST) AS _1)||',"siblings":'||(SELECT '['||coalesce(string_agg('{"order_id":'||to_json(_4."order_id")::text||',"siblings":'||(SELECT '['||coalesce(string_agg('{"order_id":'||to_json(_5."order_id")::text||'}',','),'')||']' FROM "public"."order_siblings"(_4) AS _5)||'}',','),'')||']' FROM "public"."order_siblings"(_0."*") AS _4 WHERE _4."approved" = ($3)::boolean)||'}',','),'')||']' FROM (SELECT _6."order_id", _6 AS "*" FROM "public"."orders" AS _6 ORDER BY _6."order_id" ASC NULLS LAST LIMIT ($4)::bigint) AS _0;
-- $1 = {"by","user"}
-- $2 = 100
-- $3 = true
-- $4 = 3
