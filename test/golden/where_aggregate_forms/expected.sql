-- reads items, menu_items, orders, paints, samples
-- $
SELECT (SELECT threefactor_json.list('{"order_id":%v}', _0."order_id") FROM "public"."orders" AS _0 WHERE EXISTS (SELECT 1 FROM "public"."items" AS _1 WHERE _1."order_id" = _0."order_id" HAVING count(*) > ($1)::bigint)), (SELECT threefactor_json.list('{"order_id":%v}', _2."order_id") FROM "public"."orders" AS _2 WHERE EXISTS (SELECT 1 FROM "public"."items" AS _3 WHERE _3."order_id" = _2."order_id" HAVING count(*) = ($2)::bigint)), (SELECT threefactor_json.list('{"order_id":%v}', _4."order_id") FROM "public"."orders" AS _4 WHERE EXISTS (SELECT 1 FROM "public"."items" AS _5 WHERE _5."order_id" = _4."order_id" AND _5."item" LIKE ($3)::text HAVING count(DISTINCT _5."item") = ($4)::bigint)), (SELECT threefactor_json.list('{"id":%v}', _6."id") FROM "public"."paints" AS _6 WHERE EXISTS (SELECT 1 FROM "public"."samples" AS _7 WHERE _7."paint_id" = _6."id" AND _7."x" < ($5)::double precision HAVING bool_and(_7."good") = ($6)::boolean)), (SELECT threefactor_json.list('{"id":%v}', _8."id") FROM "public"."paints" AS _8 WHERE EXISTS (SELECT 1 FROM "public"."samples" AS _9 WHERE _9."paint_id" = _8."id" HAVING bool_or(_9."good") = ($7)::boolean));
-- $1 = 1
-- $2 = 0
-- $3 = P%
-- $4 = 1
-- $5 = 3
-- $6 = true
-- $7 = true
