-- reads menu_items, orders
-- $
SELECT threefactor_json.list('{"order_id":%v}', _0."order_id") FROM (SELECT _1."order_id" FROM "public"."orders" AS _1 OFFSET ($1)::bigint) AS _0;
-- $1 = -1
