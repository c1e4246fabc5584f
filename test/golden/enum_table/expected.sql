-- reads colors, paints
-- $
SELECT pg_catalog.array_to_string(ARRAY['{"paintList":', (SELECT threefactor_json.list('{"color":%v,"volume":%v}', _0."color", _0."litres") FROM "public"."paints" AS _0 WHERE (_0."color" OPERATOR(pg_catalog.=) ($1)::pg_catalog.text AND _0."litres" OPERATOR(pg_catalog.>) ($2)::double precision)), ',"variable":', (SELECT threefactor_json.list('{"color":%v}', _1."color") FROM "public"."paints" AS _1 WHERE _1."color" OPERATOR(pg_catalog.=) ANY (($3)::pg_catalog.text[])), ',"colors":', (SELECT threefactor_json.list('{"value":%v,"paints":%r,"paints_aggregate":%r}', _2."value", (SELECT threefactor_json.list('{"id":%v}', _3."id") FROM "public"."paints" AS _3 WHERE _3."color" OPERATOR(pg_catalog.=) _2."value"), (SELECT threefactor_json.object('{"aggregate":{"sum":{"volume":%v}}}', pg_catalog.sum(_4."litres")) FROM "public"."paints" AS _4 WHERE _4."color" OPERATOR(pg_catalog.=) _2."value")) FROM (SELECT _5."value" FROM "public"."colors" AS _5 ORDER BY _5."value" ASC NULLS LAST) AS _2)], '');
-- $1 = red
-- $2 = 1
-- $3 = {"blue"}
