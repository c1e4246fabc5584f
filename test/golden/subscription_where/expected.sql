-- reads items, menu_items, orders
-- $
SELECT threefactor_json.list('{"order_id":%v,"approved":%v,"items":%r}', _0."order_id", _0."approved", (SELECT threefactor_json.list('{"item":%v}', _1."item") FROM "public"."items" AS _1 WHERE _1."order_id" = _0."order_id" AND EXISTS (SELECT 1 FROM "public"."orders" AS _2 WHERE _2."order_id" = _1."order_id" AND _2."user_id" <> ($1)::text))) FROM "public"."orders" AS _0 WHERE _0."order_id" = ($2)::text;
-- $1 = x
-- $2 = o1
