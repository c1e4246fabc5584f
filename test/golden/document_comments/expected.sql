-- reads menu_items, orders
-- $
SELECT threefactor_json.list('{"order_id":%v,"user_id":%v}', _0."order_id", _0."user_id") FROM (SELECT _1."order_id", _1."user_id" FROM "public"."orders" AS _1 ORDER BY _1."order_id" ASC NULLS LAST LIMIT 1) AS _0;
