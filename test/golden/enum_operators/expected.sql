-- reads paints
-- $
SELECT (SELECT threefactor_json.list('{"id":%v,"color":%v}', _0."id", _0."color") FROM "public"."paints" AS _0 WHERE (_0."color" = ANY(($1)::text[]) AND NOT (_0."color" = ANY(($2)::text[])) AND _0."color" <> ($3)::text AND _0."color" IS NOT NULL)), (SELECT threefactor_json.list('{"color":%v}', _1."color") FROM (SELECT _2."color" FROM "public"."paints" AS _2 ORDER BY _2."color" ASC NULLS LAST, _2."id" ASC NULLS LAST) AS _1), (SELECT threefactor_json.object('{"aggregate":{"count":%v}}', count(DISTINCT _3."color")) FROM "public"."paints" AS _3);
-- $1 = {"red"}
-- $2 = {"blue"}
-- $3 = green
