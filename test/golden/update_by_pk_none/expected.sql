-- $
UPDATE "public"."orders" AS _0 SET "address" = ($1)::text WHERE _0."order_id" = ($2)::text RETURNING threefactor_json.object('{"order_id":%v}', _0."order_id");
-- $1 = z
-- $2 = none
