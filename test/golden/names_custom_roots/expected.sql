-- reads other."Mixed Up"
-- $
SELECT (SELECT threefactor_json.list('{"id":%v,"columnOne":%v,"type":%v,"__typename":"mixedUp"}', _0."id", _0."Column One", _0."type") FROM (SELECT _1."id", _1."Column One", _1."type" FROM "other"."Mixed Up" AS _1 WHERE _1."Column One" = ($1)::text ORDER BY _1."Column One" ASC NULLS LAST) AS _0), coalesce((SELECT threefactor_json.object('{"type":%v}', _2."type") FROM "other"."Mixed Up" AS _2 WHERE _2."id" = ($2)::integer),'null'), (SELECT threefactor_json.object('{"aggregate":{"count":%v,"max":{"columnOne":%v}}}', count(*), max(_3."Column One")) FROM "other"."Mixed Up" AS _3);
-- $1 = first
-- $2 = 1
