-- $
UPDATE "public"."orders" AS _0 SET "approved" = ($1)::boolean, "payment_valid" = ($2)::boolean WHERE _0."order_id" OPERATOR(pg_catalog.=) ($3)::pg_catalog.text RETURNING threefactor_json.object('{"order_id":%v,"approved":%v,"payment_valid":%v}', _0."order_id", _0."approved", _0."payment_valid");
-- $1 = true
-- $2 = NULL
-- $3 = o2
-- $
UPDATE "public"."orders" AS _0 SET "approved" = ($1)::boolean WHERE _0."order_id" OPERATOR(pg_catalog.=) ($2)::pg_catalog.text RETURNING threefactor_json.object('{"order_id":%v}', _0."order_id");
-- $1 = true
-- $2 = nobody
