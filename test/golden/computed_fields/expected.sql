-- reads -, menu_items, orders
-- $
SELECT threefactor_json.list('{"order_id":%v,"total":%v,"summary":%v,"large_payments":%r,"siblings":%r}', _0."order_id", "public"."order_total"(_0."*"), ("public"."order_summary"(_0."*") OPERATOR(pg_catalog.#>) ($1)::pg_catalog.text[]), (SELECT threefactor_json.list('{"amount":%v,"order":%r}', _1."amount", (SELECT threefactor_json.object('{"total":%v}', "public"."order_total"(_2)) FROM "public"."orders" AS _2 WHERE _2."order_id" OPERATOR(pg_catalog.=) _1."order_id")) FROM (SELECT _3."amount", _3."order_id" FROM "public"."order_payments"(($2)::integer, _0."*") AS _3 ORDER BY _3."amount" DESC NULLS FIRST) AS _1), (SELECT threefactor_json.list('{"order_id":%v,"siblings":%r}', _4."order_id", (SELECT threefactor_json.list('{"order_id":%v}', _5."order_id") FROM "public"."order_siblings"(_4) AS _5)) FROM "public"."order_siblings"(_0."*") AS _4 WHERE _4."approved" OPERATOR(pg_catalog.=) ($3)::boolean)) FROM (SELECT _6."order_id", _6 AS "*" FROM "public"."orders" AS _6 ORDER BY _6."order_id" ASC NULLS LAST LIMIT 3) AS _0;
-- $1 = {"by","user"}
-- $2 = 100
-- $3 = true
