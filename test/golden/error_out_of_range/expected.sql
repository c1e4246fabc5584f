-- reads kinds, menu_items, orders
-- $
SELECT pg_catalog.array_to_string(ARRAY['{"orders":', (SELECT threefactor_json.list('{"order_id":%v}', _0."order_id") FROM (SELECT _1."order_id" FROM "public"."orders" AS _1 WHERE _1."address" OPERATOR(pg_catalog.~) pg_catalog.similar_to_escape(($1)::pg_catalog.text) ORDER BY _1."order_id" ASC NULLS LAST LIMIT 1) AS _0), ',"kinds":', (SELECT threefactor_json.list('{"id":%v}', _2."id") FROM "public"."kinds" AS _2 WHERE _2."day" OPERATOR(pg_catalog.=) ($2)::pg_catalog.date)], '');
-- $1 = %
-- $2 = 2024-02-30
