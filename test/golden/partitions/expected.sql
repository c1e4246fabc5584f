-- reads measures, measures_high, measures_low
-- $
SELECT threefactor_json.list('{"day":%v,"value":%v}', _0."day", _0."value") FROM (SELECT _1."day", _1."value" FROM "public"."measures" AS _1 ORDER BY _1."day" ASC NULLS LAST) AS _0;
