-- reads items, menu_items, orders, payments
-- $
SELECT threefactor_json.list('{"order_id":%v}', _0."order_id") FROM (SELECT _1."order_id" FROM "public"."orders" AS _1 ORDER BY (SELECT pg_catalog.count(*) FROM "public"."items" AS _2 WHERE _2."order_id" OPERATOR(pg_catalog.=) _1."order_id") DESC NULLS FIRST, (SELECT pg_catalog.sum(_3."amount") FROM "public"."payments" AS _3 WHERE _3."order_id" OPERATOR(pg_catalog.=) _1."order_id") ASC NULLS FIRST, _1."order_id" ASC NULLS LAST) AS _0;
