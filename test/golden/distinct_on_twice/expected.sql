-- reads menu_items, orders
-- $
SELECT threefactor_json.list('{"user_id":%v,"order_id":%v}', _0."user_id", _0."order_id") FROM (SELECT DISTINCT ON (_1."user_id") _1."user_id", _1."order_id" FROM "public"."orders" AS _1 ORDER BY _1."user_id" ASC NULLS LAST, _1."order_id" DESC NULLS FIRST) AS _0;
