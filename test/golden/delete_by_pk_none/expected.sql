-- $
DELETE FROM "public"."orders" AS _0 WHERE _0."order_id" OPERATOR(pg_catalog.=) ($1)::pg_catalog.text RETURNING threefactor_json.object('{"order_id":%v}', _0."order_id");
-- $1 = none
