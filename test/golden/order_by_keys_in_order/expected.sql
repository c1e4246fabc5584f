-- reads menu_items, orders
-- $
SELECT pg_catalog.array_to_string(ARRAY['{"a":', (SELECT threefactor_json.list('{"order_id":%v}', _0."order_id") FROM (SELECT _1."order_id" FROM "public"."orders" AS _1 ORDER BY _1."user_id" ASC NULLS LAST, _1."order_id" DESC NULLS FIRST) AS _0), ',"b":', (SELECT threefactor_json.list('{"order_id":%v}', _2."order_id") FROM (SELECT _3."order_id" FROM "public"."orders" AS _3 ORDER BY _3."order_id" DESC NULLS FIRST, _3."user_id" ASC NULLS LAST) AS _2)], '');
