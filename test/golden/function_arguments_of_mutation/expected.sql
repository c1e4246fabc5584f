-- reads -, items
-- $
SELECT threefactor_json.list('{"order_id":%v,"approved":%v,"items":%r}', _0."order_id", _0."approved", (SELECT threefactor_json.list('{"item":%v}', _1."item") FROM "public"."items" AS _1 WHERE _1."order_id" OPERATOR(pg_catalog.=) _0."order_id")) FROM (SELECT _2."order_id", _2."approved" FROM "public"."approve_all"(($1)::timestamp with time zone) AS _2 WHERE _2."order_id" OPERATOR(pg_catalog.<>) ($2)::pg_catalog.text ORDER BY _2."order_id" ASC NULLS LAST) AS _0;
-- $1 = 2024-05-01T12:30:00Z
-- $2 = o3
