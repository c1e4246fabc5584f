-- reads -, items, menu_items, orders
-- $
SELECT (SELECT threefactor_json.list('{"order_id":%v}', _0."order_id") FROM "public"."orders" AS _0 WHERE ("public"."order_total"(_0) > ($1)::bigint AND "public"."order_summary"(_0) @> ($2)::jsonb AND EXISTS (SELECT 1 FROM "public"."order_siblings"(_0) AS _1 WHERE _1."order_id" = ($3)::text))), (SELECT threefactor_json.list('{"order_id":%v}', _2."order_id") FROM (SELECT _3."order_id" FROM "public"."orders" AS _3 WHERE "public"."order_total"(_3) IS NULL ORDER BY _3."order_id" ASC NULLS LAST) AS _2), (SELECT threefactor_json.list('{"item":%v}', _4."item") FROM "public"."items" AS _4 WHERE EXISTS (SELECT 1 FROM "public"."orders" AS _5 WHERE _5."order_id" = _4."order_id" AND "public"."order_total"(_5) = ANY(($4)::bigint[])));
-- $1 = 100
-- $2 = {"by":{"user":"ada"}}
-- $3 = o1
-- $4 = {"1200"}
