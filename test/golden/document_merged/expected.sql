-- reads items, menu_items, orders
-- $
SELECT (SELECT '['||coalesce(string_agg('{"user_id":'||to_json(_0."user_id")::text||',"items":'||(SELECT '['||coalesce(string_agg('{"id":'||_1."id"::text||',"item":'||to_json(_1."item")::text||'}',','),'')||']' FROM "public"."items" AS _1 WHERE _1."order_id" = _0."order_id")||',"order_id":'||to_json(_0."order_id")::text||'}',','),'')||']' FROM (SELECT _2."user_id", _2."order_id" FROM "public"."orders" AS _2 ORDER BY _2."order_id" ASC NULLS LAST LIMIT 1) AS _0), (SELECT '{"aggregate":{"count":'||count(*)::text||'}}' FROM "public"."items" AS _3);
