-- reads -
-- $
SELECT threefactor_json.list('{"order_id":%v}', _0."order_id") FROM "public"."search_orders"(($1)::pg_catalog.text) AS _0;
-- $1 = NULL
