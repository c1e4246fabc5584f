-- $
WITH w AS (UPDATE "public"."orders" AS _0 SET "payment_valid" = ($1)::boolean WHERE _0."order_id" OPERATOR(pg_catalog.=) ($2)::pg_catalog.text RETURNING "payment_valid") SELECT threefactor_json.object('{"affected_rows":%v,"returning":%r}', pg_catalog.count(*), threefactor_json.list('{"payment_valid":%v}', w."payment_valid")) FROM w;
-- $1 = NULL
-- $2 = o1
