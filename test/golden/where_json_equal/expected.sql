-- reads kinds
-- $
SELECT threefactor_json.list('{"id":%v}', _0."id") FROM "public"."kinds" AS _0 WHERE _0."plain" OPERATOR(pg_catalog.=) ($1)::pg_catalog.json;
-- $1 = {"a":1}
