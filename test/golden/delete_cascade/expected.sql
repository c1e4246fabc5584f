-- $
WITH w AS (DELETE FROM "public"."orders" AS _0 WHERE _0."order_id" = ($1)::text RETURNING "order_id") SELECT set_config('threefactor_gateway.returned', coalesce(string_agg(json_build_array(w."order_id"::text)::text, ','), ''), true) FROM w;
-- $1 = o1
-- $
SELECT '{"affected_rows":'||count(*)::text||',"returning":['||coalesce(string_agg('{"order_id":'||to_json(w."order_id")::text||',"items":'||(SELECT '['||coalesce(string_agg('{"item":'||to_json(_0."item")::text||'}',','),'')||']' FROM "public"."items" AS _0 WHERE _0."order_id" = w."order_id")||',"items_aggregate":'||(SELECT '{"aggregate":{"count":'||count(*)::text||'}}' FROM "public"."items" AS _1 WHERE _1."order_id" = w."order_id")||'}',','),'')||']}' FROM (SELECT (r.value->>0)::text AS "order_id" FROM json_array_elements(('['||current_setting('threefactor_gateway.returned')||']')::json) AS r) AS w;
