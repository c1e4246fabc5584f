-- reads items, menu_items, orders
-- $
SELECT threefactor_json.list('{"user_id":%v,"order_id":%v}', _0."user_id", _0."order_id") FROM (SELECT DISTINCT ON (_1."user_id") _1."user_id", _1."order_id" FROM "public"."orders" AS _1 WHERE NOT (EXISTS (SELECT 1 FROM "public"."items" AS _2 WHERE _2."order_id" OPERATOR(pg_catalog.=) _1."order_id" AND _2."item" OPERATOR(pg_catalog.=) ($1)::pg_catalog.text)) ORDER BY _1."user_id" ASC NULLS LAST, _1."order_id" DESC NULLS LAST LIMIT 2 OFFSET ($2)::bigint) AS _0;
-- $1 = Salad
-- $2 = 0
