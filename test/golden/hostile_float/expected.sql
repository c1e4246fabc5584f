-- reads kinds
-- $
SELECT threefactor_json.list('{"id":%v}', _0."id") FROM "public"."kinds" AS _0 WHERE _0."f8" OPERATOR(pg_catalog.=) ($1)::double precision;
-- $1 = 1e400
