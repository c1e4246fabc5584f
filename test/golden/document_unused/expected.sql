-- reads menu_items, orders
-- $
SELECT threefactor_json.list('{"order_id":%v}', _0."order_id") FROM (SELECT _1."order_id" FROM "public"."orders" AS _1 WHERE _1."approved" OPERATOR(pg_catalog.=) ($1)::boolean ORDER BY _1."order_id" ASC NULLS LAST LIMIT 1) AS _0;
-- $1 = true
