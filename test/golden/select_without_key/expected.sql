-- reads keyless
-- $
SELECT threefactor_json.list('{"a":%v,"b":%v}', _0."a", _0."b") FROM (SELECT _1."a", _1."b" FROM "public"."keyless" AS _1 ORDER BY _1."a" ASC NULLS FIRST) AS _0;
