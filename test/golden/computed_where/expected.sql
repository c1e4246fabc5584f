-- reads -, items, menu_items, orders
-- $
SELECT pg_catalog.array_to_string(ARRAY['{"orders":', (SELECT threefactor_json.list('{"order_id":%v}', _0."order_id") FROM "public"."orders" AS _0 WHERE ("public"."order_total"(_0) OPERATOR(pg_catalog.>) ($1)::bigint AND "public"."order_summary"(_0) OPERATOR(pg_catalog.@>) ($2)::pg_catalog.jsonb AND EXISTS (SELECT 1 FROM "public"."order_siblings"(_0) AS _1 WHERE _1."order_id" OPERATOR(pg_catalog.=) ($3)::pg_catalog.text))), ',"none":', (SELECT threefactor_json.list('{"order_id":%v}', _2."order_id") FROM (SELECT _3."order_id" FROM "public"."orders" AS _3 WHERE "public"."order_total"(_3) IS NULL ORDER BY _3."order_id" ASC NULLS LAST) AS _2), ',"items":', (SELECT threefactor_json.list('{"item":%v}', _4."item") FROM "public"."items" AS _4 WHERE EXISTS (SELECT 1 FROM "public"."orders" AS _5 WHERE _5."order_id" OPERATOR(pg_catalog.=) _4."order_id" AND "public"."order_total"(_5) OPERATOR(pg_catalog.=) ANY (($4)::bigint[])))], '');
-- $1 = 100
-- $2 = {"by":{"user":"ada"}}
-- $3 = o1
-- $4 = {"1200"}
