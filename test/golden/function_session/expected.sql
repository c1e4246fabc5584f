-- reads -
-- $
SELECT array_to_string(ARRAY['{"my_orders":', (SELECT '['||coalesce(string_agg('{"order_id":'||to_json(_0."order_id")::text||',"is_mine":'||coalesce("public"."is_mine"(_0, coalesce(nullif(current_setting('hasura.user', true), ''), '{}')::json)::text,'null')||'}',','),'')||']' FROM "public"."my_orders"(coalesce(nullif(current_setting('hasura.user', true), ''), '{}')::json) AS _0), ',"named":', (SELECT '['||coalesce(string_agg('{"order_id":'||to_json(_1."order_id")::text||'}',','),'')||']' FROM "public"."my_orders"(coalesce(nullif(current_setting('hasura.user', true), ''), '{}')::json, ($1)::boolean) AS _1)], '');
-- $1 = false
