-- $
WITH w AS (UPDATE "public"."orders" AS _0 SET "address" = ($1)::text WHERE _0."order_id" = ($2)::text RETURNING "address", "restaurant_id") SELECT threefactor_json.object('{"affected_rows":%v,"returning":%r}', count(*), threefactor_json.list('{"address":%v,"restaurant_id":%v}', w."address", w."restaurant_id")) FROM w;
-- $1 = 1
-- $2 = o1
-- $
WITH w AS (UPDATE "public"."orders" AS _0 SET "restaurant_id" = _0."restaurant_id" + ($1)::integer WHERE _0."address" = ($2)::text RETURNING "address", "restaurant_id") SELECT threefactor_json.object('{"affected_rows":%v,"returning":%r}', count(*), threefactor_json.list('{"address":%v,"restaurant_id":%v}', w."address", w."restaurant_id")) FROM w;
-- $1 = 1
-- $2 = 1
