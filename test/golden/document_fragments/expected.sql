-- reads items, menu_items, orders
-- $
SELECT (SELECT threefactor_json.list('{"name":%v}', _0."name") FROM (SELECT _1."name" FROM "public"."menu_items" AS _1 ORDER BY _1."name" ASC NULLS LAST LIMIT 1) AS _0), (SELECT threefactor_json.list('{"order_id":%v,"items":%r,"user_id":%v,"address":%v}', _2."order_id", (SELECT threefactor_json.list('{"item":%v,"order":%r}', _3."item", (SELECT threefactor_json.object('{"order_id":%v}', _4."order_id") FROM "public"."orders" AS _4 WHERE _4."order_id" = _3."order_id")) FROM "public"."items" AS _3 WHERE _3."order_id" = _2."order_id" AND _3."id" >= ($1)::integer), _2."user_id", _2."address") FROM (SELECT _5."order_id", _5."user_id", _5."address" FROM "public"."orders" AS _5 ORDER BY _5."order_id" ASC NULLS LAST LIMIT 1) AS _2);
-- $1 = 1
