-- reads other."Mixed Up"
-- $
SELECT pg_catalog.array_to_string(ARRAY['{"mixedUps":', (SELECT threefactor_json.list('{"id":%v,"columnOne":%v,"type":%v,"__typename":"mixedUp"}', _0."id", _0."Column One", _0."type") FROM (SELECT _1."id", _1."Column One", _1."type" FROM "other"."Mixed Up" AS _1 WHERE _1."Column One" OPERATOR(pg_catalog.=) ($1)::pg_catalog.text ORDER BY _1."Column One" ASC NULLS LAST) AS _0), ',"mixedUp":', coalesce((SELECT threefactor_json.object('{"type":%v}', _2."type") FROM "other"."Mixed Up" AS _2 WHERE _2."id" OPERATOR(pg_catalog.=) ($2)::integer),'null'), ',"mixedUpTotals":', (SELECT threefactor_json.object('{"aggregate":{"count":%v,"max":{"columnOne":%v}}}', pg_catalog.count(*), pg_catalog.max(_3."Column One")) FROM "other"."Mixed Up" AS _3)], '');
-- $1 = first
-- $2 = 1
