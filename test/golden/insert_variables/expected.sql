-- $.selectionSet.insert_orders.args.objects
WITH w AS (INSERT INTO "public"."orders" AS _0 ("order_id", "user_id", "restaurant_id", "address") SELECT u.c0::pg_catalog.text, u.c1::pg_catalog.text, u.c2::integer, u.c3::pg_catalog.text FROM ROWS FROM (pg_catalog.unnest(($1)::pg_catalog.text[]), pg_catalog.unnest(($2)::pg_catalog.text[]), pg_catalog.unnest(($3)::pg_catalog.text[]), pg_catalog.unnest(($4)::pg_catalog.text[])) AS u(c0, c1, c2, c3) RETURNING "order_id", "restaurant_id") SELECT threefactor_json.object('{"affected_rows":%v,"returning":%r}', pg_catalog.count(*), threefactor_json.list('{"order_id":%v,"restaurant_id":%v}', w."order_id", w."restaurant_id")) FROM w;
-- $1 = {"v1","v2"}
-- $2 = {"u","u"}
-- $3 = {"7","8"}
-- $4 = {"a","b"}
