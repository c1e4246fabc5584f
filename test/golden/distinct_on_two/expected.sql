-- reads menu_items, orders
-- $
SELECT '['||coalesce(string_agg('{"user_id":'||to_json(_0."user_id")::text||',"approved":'||_0."approved"::text||',"order_id":'||to_json(_0."order_id")::text||'}',','),'')||']' FROM (SELECT DISTINCT ON (_1."user_id", _1."approved") _1."user_id", _1."approved", _1."order_id" FROM "public"."orders" AS _1 ORDER BY _1."approved" DESC NULLS FIRST, _1."user_id" ASC NULLS LAST, _1."order_id" DESC NULLS FIRST) AS _0;
