-- $.selectionSet.insert_orders.args.objects
WITH w AS (INSERT INTO "public"."orders" AS _0 ("order_id", "user_id", "restaurant_id", "address", "approved", "payment_valid") SELECT u.c0::pg_catalog.text, u.c1::pg_catalog.text, u.c2::integer, u.c3::pg_catalog.text, u.c4::boolean, u.c5::boolean FROM ROWS FROM (pg_catalog.unnest(($1)::pg_catalog.text[]), pg_catalog.unnest(($2)::pg_catalog.text[]), pg_catalog.unnest(($3)::pg_catalog.text[]), pg_catalog.unnest(($4)::pg_catalog.text[]), pg_catalog.unnest(($5)::pg_catalog.text[]), pg_catalog.unnest(($6)::pg_catalog.text[])) AS u(c0, c1, c2, c3, c4, c5) RETURNING "order_id", "address", "approved", "payment_valid") SELECT threefactor_json.object('{"affected_rows":%v,"returning":%r}', pg_catalog.count(*), threefactor_json.list('{"order_id":%v,"address":%v,"approved":%v,"payment_valid":%v,"__typename":"orders"}', w."order_id", w."address", w."approved", w."payment_valid")) FROM w;
-- $1 = {"z1","a1"}
-- $2 = {"eve","eve"}
-- $3 = {"4","4"}
-- $4 = {"NULL","a,\"b\"\\{}"}
-- $5 = {"true","false"}
-- $6 = {NULL,"false"}
