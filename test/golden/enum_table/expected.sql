-- reads colors, paints
-- $
SELECT array_to_string(ARRAY['{"paintList":', (SELECT '['||coalesce(string_agg('{"color":'||to_json(_0."color")::text||',"volume":'||coalesce(to_json(_0."litres")::text,'null')||'}',','),'')||']' FROM "public"."paints" AS _0 WHERE (_0."color" = ($1)::text AND _0."litres" > ($2)::double precision)), ',"variable":', (SELECT '['||coalesce(string_agg('{"color":'||to_json(_1."color")::text||'}',','),'')||']' FROM "public"."paints" AS _1 WHERE _1."color" = ANY(($3)::text[])), ',"colors":', (SELECT '['||coalesce(string_agg('{"value":'||to_json(_2."value")::text||',"paints":'||(SELECT '['||coalesce(string_agg('{"id":'||_3."id"::text||'}',','),'')||']' FROM "public"."paints" AS _3 WHERE _3."color" = _2."value")||',"paints_aggregate":'||(SELECT '{"aggregate":{"sum":{"volume":'||coalesce(to_json(sum(_4."litres"))::text,'null')||'}}}' FROM "public"."paints" AS _4 WHERE _4."color" = _2."value")||'}',','),'')||']' FROM (SELECT _5."value" FROM "public"."colors" AS _5 ORDER BY _5."value" ASC NULLS LAST) AS _2)], '');
-- $1 = red
-- $2 = 1
-- $3 = {"blue"}
