-- reads employees
-- $
SELECT array_to_string(ARRAY['{"best":', (SELECT '['||coalesce(string_agg('{"name":'||to_json(_0."name")::text||',"department":'||coalesce(to_json(_0."department")::text,'null')||'}',','),'')||']' FROM (SELECT DISTINCT ON (_1."department") _1."name", _1."department" FROM "public"."employees" AS _1 ORDER BY _1."department" ASC NULLS LAST, _1."salary" DESC NULLS FIRST) AS _0), ',"alone":', (SELECT '{"aggregate":{"count":'||count(*)::text||'}}' FROM (SELECT DISTINCT ON (_3."department") 1 FROM "public"."employees" AS _3) AS _2)], '');
