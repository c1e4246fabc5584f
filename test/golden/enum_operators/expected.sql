-- reads paints
-- $
SELECT pg_catalog.array_to_string(ARRAY['{"a":', (SELECT threefactor_json.list('{"id":%v,"color":%v}', _0."id", _0."color") FROM "public"."paints" AS _0 WHERE (_0."color" OPERATOR(pg_catalog.=) ANY (($1)::pg_catalog.text[]) AND NOT (_0."color" OPERATOR(pg_catalog.=) ANY (($2)::pg_catalog.text[])) AND _0."color" OPERATOR(pg_catalog.<>) ($3)::pg_catalog.text AND _0."color" IS NOT NULL)), ',"b":', (SELECT threefactor_json.list('{"color":%v}', _1."color") FROM (SELECT _2."color" FROM "public"."paints" AS _2 ORDER BY _2."color" ASC NULLS LAST, _2."id" ASC NULLS LAST) AS _1), ',"c":', (SELECT threefactor_json.object('{"aggregate":{"count":%v}}', pg_catalog.count(DISTINCT _3."color")) FROM "public"."paints" AS _3)], '');
-- $1 = {"red"}
-- $2 = {"blue"}
-- $3 = green
