-- reads animals, dogs
-- $
SELECT (SELECT '['||coalesce(string_agg('{"id":'||coalesce(_0."id"::text,'null')||',"name":'||coalesce(to_json(_0."name")::text,'null')||',"__typename":"animals"}',','),'')||']' FROM (SELECT _1."id", _1."name" FROM "public"."animals" AS _1 ORDER BY _1."id" ASC NULLS LAST) AS _0), (SELECT '['||coalesce(string_agg('{"id":'||_2."id"::text||',"name":'||to_json(_2."name")::text||',"tricks":'||coalesce(to_json(_2."tricks")::text,'null')||'}',','),'')||']' FROM "public"."dogs" AS _2);
