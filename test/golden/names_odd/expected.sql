-- reads "odd ""name"""
-- $
SELECT (SELECT '['||coalesce(string_agg('{"aMinusB":'||_0."a-b"::text||',"ok":'||coalesce(to_json(_0."ok")::text,'null')||',"__typename":"oddName"}',','),'')||']' FROM "public"."odd ""name""" AS _0), coalesce((SELECT '{"ok":'||coalesce(to_json(_1."ok")::text,'null')||'}' FROM "public"."odd ""name""" AS _1 WHERE _1."a-b" = ($1)::integer),'null'), (SELECT '{"nodes":['||coalesce(string_agg('{"aMinusB":'||_2."a-b"::text||'}',','),'')||']}' FROM (SELECT DISTINCT ON (_3."a-b") _3."a-b" FROM "public"."odd ""name""" AS _3 ORDER BY _3."a-b" ASC NULLS LAST) AS _2);
-- $1 = 1
