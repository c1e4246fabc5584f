-- $
UPDATE "public"."orders" AS _0 SET "address" = ($1)::pg_catalog.text WHERE _0."order_id" OPERATOR(pg_catalog.=) ($2)::pg_catalog.text RETURNING threefactor_json.object('{"order_id":%v}', _0."order_id");
-- $1 = z
-- $2 = none
