-- $
UPDATE "public"."orders" AS _0 SET "placed" = ($1)::boolean WHERE _0."order_id" OPERATOR(pg_catalog.=) ($2)::pg_catalog.text RETURNING threefactor_json.object('{"payment_valid":%v,"placed":%v}', _0."payment_valid", _0."placed");
-- $1 = true
-- $2 = o1
