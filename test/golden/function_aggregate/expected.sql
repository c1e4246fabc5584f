-- reads -
-- $
SELECT threefactor_json.object('{"aggregate":{"count":%v,"max":{"restaurant_id":%v}},"nodes":%r}', pg_catalog.count(*), pg_catalog.max(_0."restaurant_id"), threefactor_json.list('{"order_id":%v}', _0."order_id")) FROM "public"."search_orders"(($1)::pg_catalog.text) AS _0;
-- $1 = e
