-- reads menu_items, orders
-- $
SELECT threefactor_json.object('{"aggregate":{"count":%v,"a":%v,"b":%v,"c":%v,"d":%v,"e":%v,"f":%v,"g":%v}}', count(*), count((_0."user_id", _0."restaurant_id")), count(DISTINCT _0."user_id"), count(DISTINCT (_0."user_id", _0."restaurant_id")), count(_0."payment_valid"), count(*), count(*), count(*)) FROM "public"."orders" AS _0;
