-- reads employees
-- $
SELECT threefactor_json.list('{"id":%v}', _0."id") FROM (SELECT _1."id" FROM "public"."employees" AS _1 LEFT JOIN "public"."employees" AS _2 ON _2."id" OPERATOR(pg_catalog.=) _1."manager_id" LEFT JOIN "public"."employees" AS _3 ON _3."id" OPERATOR(pg_catalog.=) _2."manager_id" LEFT JOIN "public"."employees" AS _4 ON _4."id" OPERATOR(pg_catalog.=) _1."manager_id" ORDER BY _3."name" ASC NULLS FIRST, _4."name" DESC NULLS FIRST, _1."id" ASC NULLS LAST) AS _0;
