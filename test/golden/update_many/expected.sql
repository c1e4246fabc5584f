-- $
WITH w AS (UPDATE "public"."orders" AS _0 SET "delivered" = ($1)::boolean WHERE _0."order_id" OPERATOR(pg_catalog.=) ($2)::pg_catalog.text RETURNING "order_id", "delivered", "restaurant_id") SELECT threefactor_json.object('{"affected_rows":%v,"returning":%r}', pg_catalog.count(*), threefactor_json.list('{"order_id":%v,"delivered":%v,"restaurant_id":%v}', w."order_id", w."delivered", w."restaurant_id")) FROM w;
-- $1 = true
-- $2 = o1
-- $
WITH w AS (UPDATE "public"."orders" AS _0 SET "restaurant_id" = _0."restaurant_id" OPERATOR(pg_catalog.+) ($1)::integer WHERE _0."delivered" OPERATOR(pg_catalog.=) ($2)::boolean RETURNING "order_id", "delivered", "restaurant_id") SELECT threefactor_json.object('{"affected_rows":%v,"returning":%r}', pg_catalog.count(*), threefactor_json.list('{"order_id":%v,"delivered":%v,"restaurant_id":%v}', w."order_id", w."delivered", w."restaurant_id")) FROM w;
-- $1 = 10
-- $2 = true
