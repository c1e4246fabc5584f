-- reads -
-- $
SELECT (SELECT threefactor_json.list('{"order_id":%v,"is_mine":%v}', _0."order_id", "public"."is_mine"(_0, coalesce(nullif(current_setting('hasura.user', true), ''), '{}')::json)) FROM "public"."my_orders"(coalesce(nullif(current_setting('hasura.user', true), ''), '{}')::json) AS _0), (SELECT threefactor_json.list('{"order_id":%v}', _1."order_id") FROM "public"."my_orders"(coalesce(nullif(current_setting('hasura.user', true), ''), '{}')::json, ($1)::boolean) AS _1);
-- $1 = false
