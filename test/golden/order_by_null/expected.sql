-- reads employees
-- $
SELECT threefactor_json.list('{"id":%v}', _0."id") FROM (SELECT _1."id" FROM "public"."employees" AS _1 ORDER BY _1."id" DESC NULLS FIRST) AS _0;
