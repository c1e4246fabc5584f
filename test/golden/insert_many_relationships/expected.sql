-- $.selectionSet.insert_items.args.objects
WITH w AS (INSERT INTO "public"."items" AS _0 ("order_id", "item") SELECT u.c0::pg_catalog.text, u.c1::pg_catalog.text FROM ROWS FROM (pg_catalog.unnest(($1)::pg_catalog.text[]), pg_catalog.unnest(($2)::pg_catalog.text[])) AS u(c0, c1) RETURNING "item", "order_id") SELECT pg_catalog.left(pg_catalog.set_config('threefactor_gateway.returned', coalesce(pg_catalog.string_agg(pg_catalog.array_to_json(ARRAY[w."item"::pg_catalog.text, w."order_id"::pg_catalog.text]::pg_catalog.text[])::pg_catalog.text, ','), ''), true), 0) FROM w;
-- $1 = {"o4","o4"}
-- $2 = {"A","B"}
-- $.selectionSet.insert_items.args.objects
SELECT threefactor_json.object('{"affected_rows":%v,"returning":%r}', pg_catalog.count(*), threefactor_json.list('{"item":%v,"order":%r}', w."item", (SELECT threefactor_json.object('{"order_id":%v,"items_aggregate":%r}', _0."order_id", (SELECT threefactor_json.object('{"aggregate":{"count":%v}}', pg_catalog.count(*)) FROM "public"."items" AS _1 WHERE _1."order_id" OPERATOR(pg_catalog.=) _0."order_id")) FROM "public"."orders" AS _0 WHERE _0."order_id" OPERATOR(pg_catalog.=) w."order_id"))) FROM (SELECT (r.value OPERATOR(pg_catalog.->>) 0)::pg_catalog.text AS "item", (r.value OPERATOR(pg_catalog.->>) 1)::pg_catalog.text AS "order_id" FROM pg_catalog.json_array_elements(('[' OPERATOR(pg_catalog.||) pg_catalog.current_setting('threefactor_gateway.returned') OPERATOR(pg_catalog.||) ']')::pg_catalog.json) AS r) AS w;
-- $.selectionSet.insert_kinds_one.args.object
INSERT INTO "public"."kinds" AS _0 ("id", "f8", "padded", "bytes", "doc", "words") VALUES (($1)::integer, ($2)::double precision, ($3)::pg_catalog.bpchar, ($4)::pg_catalog.bytea, ($5)::pg_catalog.jsonb, ($6)::pg_catalog.text[]) RETURNING threefactor_json.object('{"f8":%v,"bytes":%v,"words":%v,"doc":%v,"padded":%v,"__typename":"kinds"}', _0."f8", pg_catalog.to_json(_0."bytes"), pg_catalog.to_json(_0."words"), _0."doc", _0."padded");
-- $1 = 20
-- $2 = NaN
-- $3 = p
-- $4 = \x00
-- $5 = {"a":null}
-- $6 = {"\"","\\"}
