-- reads paints
-- $
SELECT (SELECT '['||coalesce(string_agg('{"id":'||_0."id"::text||',"color":'||to_json(_0."color")::text||'}',','),'')||']' FROM "public"."paints" AS _0 WHERE (_0."color" = ANY(($1)::text[]) AND NOT (_0."color" = ANY(($2)::text[])) AND _0."color" <> ($3)::text AND _0."color" IS NOT NULL)), (SELECT '['||coalesce(string_agg('{"color":'||to_json(_1."color")::text||'}',','),'')||']' FROM (SELECT _2."color" FROM "public"."paints" AS _2 ORDER BY _2."color" ASC NULLS LAST, _2."id" ASC NULLS LAST) AS _1), (SELECT '{"aggregate":{"count":'||count(DISTINCT _3."color")::text||'}}' FROM "public"."paints" AS _3);
-- $1 = {"red"}
-- $2 = {"blue"}
-- $3 = green
