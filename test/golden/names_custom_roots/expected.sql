-- reads other."Mixed Up"
-- $
SELECT (SELECT '['||coalesce(string_agg('{"id":'||_0."id"::text||',"columnOne":'||coalesce(to_json(_0."Column One")::text,'null')||',"type":'||coalesce(to_json(_0."type")::text,'null')||',"__typename":"mixedUp"}',','),'')||']' FROM (SELECT _1."id", _1."Column One", _1."type" FROM "other"."Mixed Up" AS _1 WHERE _1."Column One" = ($1)::text ORDER BY _1."Column One" ASC NULLS LAST) AS _0), coalesce((SELECT '{"type":'||coalesce(to_json(_2."type")::text,'null')||'}' FROM "other"."Mixed Up" AS _2 WHERE _2."id" = ($2)::integer),'null'), (SELECT '{"aggregate":{"count":'||count(*)::text||',"max":{"columnOne":'||coalesce(to_json(max(_3."Column One"))::text,'null')||'}}}' FROM "other"."Mixed Up" AS _3);
-- $1 = first
-- $2 = 1
