-- reads -, menu_items, orders
-- $
SELECT threefactor_json.list('{"order_id":%v,"is_mine":%v}', _0."order_id", "public"."is_mine"(_0."*", (CASE WHEN pg_catalog.current_setting('hasura.user', true) OPERATOR(pg_catalog.<>) '' THEN pg_catalog.current_setting('hasura.user', true) ELSE '{}' END)::pg_catalog.json)) FROM (SELECT _1."order_id", _1 AS "*" FROM "public"."orders" AS _1 WHERE "public"."is_mine"(_1, (CASE WHEN pg_catalog.current_setting('hasura.user', true) OPERATOR(pg_catalog.<>) '' THEN pg_catalog.current_setting('hasura.user', true) ELSE '{}' END)::pg_catalog.json) OPERATOR(pg_catalog.=) ($1)::boolean ORDER BY _1."order_id" ASC NULLS LAST) AS _0;
-- $1 = true
