-- reads items, menu_items, orders
-- $
SELECT threefactor_json.list('{"item":%v,"order":%r}', _0."item", (SELECT threefactor_json.object('{"user_id":%v}', _1."user_id") FROM "public"."orders" AS _1 WHERE _1."order_id" OPERATOR(pg_catalog.=) _0."order_id")) FROM (SELECT _2."item", _2."order_id" FROM "public"."items" AS _2 ORDER BY _2."id" ASC NULLS LAST) AS _0;
