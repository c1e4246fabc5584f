-- reads menu_items, orders
-- $
SELECT threefactor_json.object('{"nodes":%r,"aggregate":{"max":{"order_id":%v},"min":{"order_id":%v}}}', threefactor_json.list('{"order_id":%v}', _0."order_id"), pg_catalog.max(_0."order_id"), pg_catalog.min(_0."order_id")) FROM (SELECT _1."order_id" FROM "public"."orders" AS _1 ORDER BY _1."order_id" DESC NULLS FIRST LIMIT 2 OFFSET ($1)::bigint) AS _0;
-- $1 = 1
