-- reads items, menu_items, orders
-- $
SELECT pg_catalog.array_to_string(ARRAY['{"orders_aggregate":', (SELECT threefactor_json.object('{"aggregate":{"count":%v,"max":{"address":%v}}}', pg_catalog.count(*), pg_catalog.max(_0."address")) FROM "public"."orders" AS _0), ',"items_aggregate":', (SELECT threefactor_json.object('{"aggregate":{"count":%v}}', pg_catalog.count(*)) FROM "public"."items" AS _1)], '');
