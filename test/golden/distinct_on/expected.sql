-- reads employees
-- $
SELECT pg_catalog.array_to_string(ARRAY['{"best":', (SELECT threefactor_json.list('{"name":%v,"department":%v}', _0."name", _0."department") FROM (SELECT DISTINCT ON (_1."department") _1."name", _1."department" FROM "public"."employees" AS _1 ORDER BY _1."department" ASC NULLS LAST, _1."salary" DESC NULLS FIRST) AS _0), ',"alone":', (SELECT threefactor_json.object('{"aggregate":{"count":%v}}', pg_catalog.count(*)) FROM (SELECT DISTINCT ON (_3."department") 1 FROM "public"."employees" AS _3) AS _2)], '');
