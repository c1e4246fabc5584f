-- $
WITH w AS (DELETE FROM "public"."orders" AS _0 WHERE _0."address" IS NOT NULL RETURNING "order_id") SELECT threefactor_json.object('{"affected_rows":%v,"returning":%r}', pg_catalog.count(*), threefactor_json.list('{"order_id":%v}', w."order_id")) FROM w;
