-- $.selectionSet.nothing.args.objects
WITH w AS (INSERT INTO "public"."orders" AS _0 ("order_id", "user_id", "restaurant_id", "address") SELECT u.c0::pg_catalog.text, u.c1::pg_catalog.text, u.c2::integer, u.c3::pg_catalog.text FROM ROWS FROM (pg_catalog.unnest(($1)::pg_catalog.text[]), pg_catalog.unnest(($2)::pg_catalog.text[]), pg_catalog.unnest(($3)::pg_catalog.text[]), pg_catalog.unnest(($4)::pg_catalog.text[])) AS u(c0, c1, c2, c3) ON CONFLICT ON CONSTRAINT "orders_pkey" DO NOTHING RETURNING "order_id") SELECT threefactor_json.object('{"affected_rows":%v,"returning":%r}', pg_catalog.count(*), threefactor_json.list('{"order_id":%v}', w."order_id")) FROM w;
-- $1 = {"o1","c1"}
-- $2 = {"u","u"}
-- $3 = {"1","1"}
-- $4 = {"x","x"}
-- $.selectionSet.one.args.object
INSERT INTO "public"."orders" AS _0 ("order_id", "user_id", "restaurant_id", "address") VALUES (($1)::pg_catalog.text, ($2)::pg_catalog.text, ($3)::integer, ($4)::pg_catalog.text) ON CONFLICT ON CONSTRAINT "orders_pkey" DO UPDATE SET "user_id" = EXCLUDED."user_id" RETURNING threefactor_json.object('{"order_id":%v,"user_id":%v,"restaurant_id":%v}', _0."order_id", _0."user_id", _0."restaurant_id");
-- $1 = o1
-- $2 = new
-- $3 = 1
-- $4 = x
-- $.selectionSet.where.args.object
INSERT INTO "public"."orders" AS _0 ("order_id", "user_id", "restaurant_id", "address") VALUES (($1)::pg_catalog.text, ($2)::pg_catalog.text, ($3)::integer, ($4)::pg_catalog.text) ON CONFLICT ON CONSTRAINT "orders_pkey" DO UPDATE SET "user_id" = EXCLUDED."user_id" WHERE _0."approved" OPERATOR(pg_catalog.=) ($5)::boolean RETURNING threefactor_json.object('{"order_id":%v}', _0."order_id");
-- $1 = o1
-- $2 = newer
-- $3 = 1
-- $4 = x
-- $5 = false
-- $.selectionSet.null.args.object
INSERT INTO "public"."orders" AS _0 ("order_id", "user_id", "restaurant_id", "address") VALUES (($1)::pg_catalog.text, ($2)::pg_catalog.text, ($3)::integer, ($4)::pg_catalog.text) RETURNING threefactor_json.object('{"order_id":%v}', _0."order_id");
-- $1 = c2
-- $2 = u
-- $3 = 1
-- $4 = x
