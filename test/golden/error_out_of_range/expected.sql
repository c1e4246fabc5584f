-- reads kinds, menu_items, orders
-- $
SELECT (SELECT threefactor_json.list('{"order_id":%v}', _0."order_id") FROM (SELECT _1."order_id" FROM "public"."orders" AS _1 WHERE _1."address" SIMILAR TO ($1)::text ORDER BY _1."order_id" ASC NULLS LAST LIMIT 1) AS _0), (SELECT threefactor_json.list('{"id":%v}', _2."id") FROM "public"."kinds" AS _2 WHERE _2."day" = ($2)::date);
-- $1 = %
-- $2 = 2024-02-30
