-- reads employees
-- $
SELECT threefactor_json.list('{"id":%v}', _0."id") FROM (SELECT _1."id" FROM "public"."employees" AS _1 WHERE _1."id" OPERATOR(pg_catalog.=) ANY (($1)::integer[]) ORDER BY _1."id" ASC NULLS LAST) AS _0;
-- $1 = {"1","3"}
