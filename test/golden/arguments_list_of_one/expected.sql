-- reads menu_items, orders
-- $
SELECT threefactor_json.list('{"order_id":%v}', _0."order_id") FROM (SELECT DISTINCT ON (_1."order_id") _1."order_id" FROM "public"."orders" AS _1 WHERE _1."order_id" OPERATOR(pg_catalog.=) ANY (($1)::pg_catalog.text[]) ORDER BY _1."order_id" DESC NULLS FIRST) AS _0;
-- $1 = {"o1"}
