-- $
WITH w AS (UPDATE "public"."orders" AS _0 SET "address" = ($1)::pg_catalog.text WHERE _0."order_id" OPERATOR(pg_catalog.=) ($2)::pg_catalog.text RETURNING "address", "restaurant_id") SELECT threefactor_json.object('{"affected_rows":%v,"returning":%r}', pg_catalog.count(*), threefactor_json.list('{"address":%v,"restaurant_id":%v}', w."address", w."restaurant_id")) FROM w;
-- $1 = 1
-- $2 = o1
-- $
WITH w AS (UPDATE "public"."orders" AS _0 SET "restaurant_id" = _0."restaurant_id" OPERATOR(pg_catalog.+) ($1)::integer WHERE _0."address" OPERATOR(pg_catalog.=) ($2)::pg_catalog.text RETURNING "address", "restaurant_id") SELECT threefactor_json.object('{"affected_rows":%v,"returning":%r}', pg_catalog.count(*), threefactor_json.list('{"address":%v,"restaurant_id":%v}', w."address", w."restaurant_id")) FROM w;
-- $1 = 1
-- $2 = 1
