-- reads paints
-- $
SELECT pg_catalog.array_to_string(ARRAY['{"a":', (SELECT threefactor_json.list('{"path":%v}', pg_catalog.to_json(_0."path")) FROM (SELECT _1."path" FROM "public"."paints" AS _1 WHERE _1."path"::public.ltree OPERATOR(public.<@) ($1)::public.ltree ORDER BY _1."id" ASC NULLS LAST) AS _0), ',"b":', (SELECT threefactor_json.list('{"path":%v}', pg_catalog.to_json(_2."path")) FROM "public"."paints" AS _2 WHERE _2."path"::public.ltree OPERATOR(public.@>) ($2)::public.ltree), ',"c":', (SELECT threefactor_json.list('{"path":%v}', pg_catalog.to_json(_3."path")) FROM "public"."paints" AS _3 WHERE _3."path"::public.ltree OPERATOR(public.@>) ($3)::public.ltree[]), ',"d":', (SELECT threefactor_json.list('{"path":%v}', pg_catalog.to_json(_4."path")) FROM (SELECT _5."path" FROM "public"."paints" AS _5 WHERE _5."path"::public.ltree OPERATOR(public.<@) ($4)::public.ltree[] ORDER BY _5."id" ASC NULLS LAST) AS _4), ',"e":', (SELECT threefactor_json.list('{"path":%v}', pg_catalog.to_json(_6."path")) FROM "public"."paints" AS _6 WHERE _6."path"::public.ltree OPERATOR(public.~) ($5)::public.lquery), ',"f":', (SELECT threefactor_json.list('{"path":%v}', pg_catalog.to_json(_7."path")) FROM (SELECT _8."path" FROM "public"."paints" AS _8 WHERE _8."path"::public.ltree OPERATOR(public.?) ($6)::public.lquery[] ORDER BY _8."id" ASC NULLS LAST) AS _7), ',"g":', (SELECT threefactor_json.list('{"path":%v}', pg_catalog.to_json(_9."path")) FROM "public"."paints" AS _9 WHERE _9."path"::public.ltree OPERATOR(public.@) ($7)::public.ltxtquery)], '');
-- $1 = wall
-- $2 = wall.inside.left
-- $3 = {"roof.top","door"}
-- $4 = {"roof","wall.outside"}
-- $5 = *.inside
-- $6 = {"*.inside","roof"}
-- $7 = wall & !inside
