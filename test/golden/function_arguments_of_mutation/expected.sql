-- reads -, items
-- $
SELECT '['||coalesce(string_agg('{"order_id":'||to_json(_0."order_id")::text||',"approved":'||_0."approved"::text||',"items":'||(SELECT '['||coalesce(string_agg('{"item":'||to_json(_1."item")::text||'}',','),'')||']' FROM "public"."items" AS _1 WHERE _1."order_id" = _0."order_id")||'}',','),'')||']' FROM (SELECT _2."order_id", _2."approved" FROM "public"."approve_all"(($1)::timestamp with time zone) AS _2 WHERE _2."order_id" <> ($2)::text ORDER BY _2."order_id" ASC NULLS LAST) AS _0;
-- $1 = 2024-05-01T12:30:00Z
-- $2 = o3
