-- reads animals, dogs
-- $
SELECT pg_catalog.array_to_string(ARRAY['{"animals":', (SELECT threefactor_json.list('{"id":%v,"name":%v,"__typename":"animals"}', _0."id", _0."name") FROM (SELECT _1."id", _1."name" FROM "public"."animals" AS _1 ORDER BY _1."id" ASC NULLS LAST) AS _0), ',"dogs":', (SELECT threefactor_json.list('{"id":%v,"name":%v,"tricks":%v}', _2."id", _2."name", pg_catalog.to_json(_2."tricks")) FROM "public"."dogs" AS _2)], '');
