-- $.selectionSet.insert_items.args.objects
WITH w AS (INSERT INTO "public"."items" AS _0 ("order_id", "item") SELECT u.c0::text, u.c1::text FROM unnest(($1)::text[], ($2)::text[]) AS u(c0, c1) RETURNING "item", "order_id") SELECT set_config('threefactor_gateway.returned', coalesce(string_agg(json_build_array(w."item"::text, w."order_id"::text)::text, ','), ''), true) FROM w;
-- $1 = {"o4","o4"}
-- $2 = {"A","B"}
-- $.selectionSet.insert_items.args.objects
SELECT '{"affected_rows":'||count(*)::text||',"returning":['||coalesce(string_agg('{"item":'||to_json(w."item")::text||',"order":'||coalesce((SELECT '{"order_id":'||to_json(_0."order_id")::text||',"items_aggregate":'||(SELECT '{"aggregate":{"count":'||count(*)::text||'}}' FROM "public"."items" AS _1 WHERE _1."order_id" = _0."order_id")||'}' FROM "public"."orders" AS _0 WHERE _0."order_id" = w."order_id"),'null')||'}',','),'')||']}' FROM (SELECT (r.value->>0)::text AS "item", (r.value->>1)::text AS "order_id" FROM json_array_elements(('['||current_setting('threefactor_gateway.returned')||']')::json) AS r) AS w;
-- $.selectionSet.insert_kinds_one.args.object
INSERT INTO "public"."kinds" AS _0 ("id", "f8", "padded", "bytes", "doc", "words") VALUES (($1)::integer, ($2)::double precision, ($3)::bpchar, ($4)::bytea, ($5)::jsonb, ($6)::text[]) RETURNING '{"f8":'||coalesce(to_json(_0."f8")::text,'null')||',"bytes":'||coalesce(to_json(_0."bytes")::text,'null')||',"words":'||coalesce(to_json(_0."words")::text,'null')||',"doc":'||coalesce(_0."doc"::text,'null')||',"padded":'||coalesce(to_json(_0."padded")::text,'null')||',"__typename":"kinds"}';
-- $1 = 20
-- $2 = NaN
-- $3 = p
-- $4 = \x00
-- $5 = {"a":null}
-- $6 = {"\"","\\"}
