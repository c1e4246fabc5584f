-- $
WITH w AS (DELETE FROM "public"."approved_orders" AS _0 WHERE _0."user_id" OPERATOR(pg_catalog.=) ($1)::pg_catalog.text RETURNING 1) SELECT threefactor_json.object('{"affected_rows":%v}', pg_catalog.count(*)) FROM w;
-- $1 = ada
