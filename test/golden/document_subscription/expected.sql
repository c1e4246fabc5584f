-- reads menu_items, orders
-- $
SELECT '[' OPERATOR(pg_catalog.||) coalesce(pg_catalog.string_agg('{"order_id":' OPERATOR(pg_catalog.||) coalesce(pg_catalog.to_json(_0."order_id")::pg_catalog.text,'null') OPERATOR(pg_catalog.||) '}',','),'') OPERATOR(pg_catalog.||) ']' FROM (SELECT _1."order_id" FROM "public"."orders" AS _1 WHERE _1."approved" OPERATOR(pg_catalog.=) ($1)::boolean ORDER BY _1."order_id" ASC NULLS LAST LIMIT 1) AS _0;
-- $1 = true
