-- reads items, menu_items, orders, paints, samples
-- $
SELECT pg_catalog.array_to_string(ARRAY['{"count":', (SELECT threefactor_json.list('{"order_id":%v}', _0."order_id") FROM "public"."orders" AS _0 WHERE EXISTS (SELECT 1 FROM "public"."items" AS _1 WHERE _1."order_id" OPERATOR(pg_catalog.=) _0."order_id" HAVING pg_catalog.count(*) OPERATOR(pg_catalog.>) ($1)::bigint)), ',"none":', (SELECT threefactor_json.list('{"order_id":%v}', _2."order_id") FROM "public"."orders" AS _2 WHERE EXISTS (SELECT 1 FROM "public"."items" AS _3 WHERE _3."order_id" OPERATOR(pg_catalog.=) _2."order_id" HAVING pg_catalog.count(*) OPERATOR(pg_catalog.=) ($2)::bigint)), ',"filter":', (SELECT threefactor_json.list('{"order_id":%v}', _4."order_id") FROM "public"."orders" AS _4 WHERE EXISTS (SELECT 1 FROM "public"."items" AS _5 WHERE _5."order_id" OPERATOR(pg_catalog.=) _4."order_id" AND _5."item" OPERATOR(pg_catalog.~~) ($3)::pg_catalog.text HAVING pg_catalog.count(DISTINCT _5."item") OPERATOR(pg_catalog.=) ($4)::bigint)), ',"and":', (SELECT threefactor_json.list('{"id":%v}', _6."id") FROM "public"."paints" AS _6 WHERE EXISTS (SELECT 1 FROM "public"."samples" AS _7 WHERE _7."paint_id" OPERATOR(pg_catalog.=) _6."id" AND _7."x" OPERATOR(pg_catalog.<) ($5)::double precision HAVING pg_catalog.bool_and(_7."good") OPERATOR(pg_catalog.=) ($6)::boolean)), ',"or":', (SELECT threefactor_json.list('{"id":%v}', _8."id") FROM "public"."paints" AS _8 WHERE EXISTS (SELECT 1 FROM "public"."samples" AS _9 WHERE _9."paint_id" OPERATOR(pg_catalog.=) _8."id" HAVING pg_catalog.bool_or(_9."good") OPERATOR(pg_catalog.=) ($7)::boolean))], '');
-- $1 = 1
-- $2 = 0
-- $3 = P%
-- $4 = 1
-- $5 = 3
-- $6 = true
-- $7 = true
