-- reads "odd ""name"""
-- $
SELECT pg_catalog.array_to_string(ARRAY['{"oddName":', (SELECT threefactor_json.list('{"aMinusB":%v,"ok":%v,"__typename":"oddName"}', _0."a-b", _0."ok") FROM "public"."odd ""name""" AS _0), ',"oddName_by_pk":', coalesce((SELECT threefactor_json.object('{"ok":%v}', _1."ok") FROM "public"."odd ""name""" AS _1 WHERE _1."a-b" OPERATOR(pg_catalog.=) ($1)::integer),'null'), ',"oddName_aggregate":', (SELECT threefactor_json.object('{"nodes":%r}', threefactor_json.list('{"aMinusB":%v}', _2."a-b")) FROM (SELECT DISTINCT ON (_3."a-b") _3."a-b" FROM "public"."odd ""name""" AS _3 ORDER BY _3."a-b" ASC NULLS LAST) AS _2)], '');
-- $1 = 1
