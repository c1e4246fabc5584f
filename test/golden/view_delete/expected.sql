-- $
WITH w AS (DELETE FROM "public"."approved_orders" AS _0 WHERE _0."user_id" = ($1)::text RETURNING 1) SELECT threefactor_json.object('{"affected_rows":%v}', count(*)) FROM w;
-- $1 = ada
