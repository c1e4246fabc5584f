-- reads -, items
-- $
SELECT pg_catalog.array_to_string(ARRAY['{"search_orders":', (SELECT threefactor_json.list('{"order_id":%v}', _0."order_id") FROM (SELECT DISTINCT ON (_1."order_id") _1."order_id" FROM "public"."search_orders"(($1)::pg_catalog.text) AS _1 WHERE _1."approved" OPERATOR(pg_catalog.=) ($2)::boolean ORDER BY _1."order_id" DESC NULLS FIRST LIMIT 1 OFFSET ($3)::bigint) AS _0), ',"one":', coalesce((SELECT threefactor_json.object('{"order_id":%v}', _2."order_id") FROM "public"."last_order"() AS _2 WHERE NOT (_2 IS NULL) AND _2."approved" OPERATOR(pg_catalog.=) ($4)::boolean),'null'), ',"two":', coalesce((SELECT threefactor_json.object('{"order_id":%v,"items":%r}', _3."order_id", (SELECT threefactor_json.list('{"id":%v}', _4."id") FROM "public"."items" AS _4 WHERE _4."order_id" OPERATOR(pg_catalog.=) _3."order_id")) FROM "public"."last_order"() AS _3 WHERE NOT (_3 IS NULL)),'null')], '');
-- $1 = 
-- $2 = true
-- $3 = 0
-- $4 = true
