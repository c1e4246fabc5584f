-- reads menu_items, orders
-- $
SELECT threefactor_json.object('{"aggregate":{"count":%v,"a":%v,"b":%v,"c":%v,"d":%v,"e":%v,"f":%v,"g":%v}}', pg_catalog.count(*), pg_catalog.count((_0."user_id", _0."restaurant_id")), pg_catalog.count(DISTINCT _0."user_id"), pg_catalog.count(DISTINCT (_0."user_id", _0."restaurant_id")), pg_catalog.count(_0."payment_valid"), pg_catalog.count(*), pg_catalog.count(*), pg_catalog.count(*)) FROM "public"."orders" AS _0;
