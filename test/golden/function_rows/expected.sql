-- reads -, items
-- $
SELECT pg_catalog.array_to_string(ARRAY['{"search_orders":', (SELECT threefactor_json.list('{"order_id":%v,"items":%r,"total":%v}', _0."order_id", (SELECT threefactor_json.list('{"item":%v}', _1."item") FROM "public"."items" AS _1 WHERE _1."order_id" OPERATOR(pg_catalog.=) _0."order_id"), "public"."order_total"(_0."*")) FROM (SELECT _2."order_id", _2 AS "*" FROM "public"."search_orders"(($1)::pg_catalog.text) AS _2 WHERE _2."user_id" OPERATOR(pg_catalog.=) ($2)::pg_catalog.text ORDER BY _2."order_id" DESC NULLS FIRST LIMIT 1) AS _0), ',"all":', (SELECT threefactor_json.list('{"order_id":%v,"approved":%v}', _3."order_id", _3."approved") FROM "public"."search_orders"(($3)::pg_catalog.text, ($4)::integer, ($5)::boolean) AS _3), ',"last_order":', coalesce((SELECT threefactor_json.object('{"order_id":%v}', _4."order_id") FROM "public"."last_order"() AS _4 WHERE NOT (_4 IS NULL)),'null')], '');
-- $1 = e
-- $2 = ada
-- $3 = 
-- $4 = NULL
-- $5 = true
