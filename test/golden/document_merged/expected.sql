-- reads items, menu_items, orders
-- $
SELECT (SELECT threefactor_json.list('{"user_id":%v,"items":%r,"order_id":%v}', _0."user_id", (SELECT threefactor_json.list('{"id":%v,"item":%v}', _1."id", _1."item") FROM "public"."items" AS _1 WHERE _1."order_id" = _0."order_id"), _0."order_id") FROM (SELECT _2."user_id", _2."order_id" FROM "public"."orders" AS _2 ORDER BY _2."order_id" ASC NULLS LAST LIMIT 1) AS _0), (SELECT threefactor_json.object('{"aggregate":{"count":%v}}', count(*)) FROM "public"."items" AS _3);
