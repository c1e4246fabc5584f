-- reads types
-- $
SELECT threefactor_json.list('{"id":%v}', _0."id") FROM "public"."types" AS _0 WHERE (_0."f4" OPERATOR(pg_catalog.<>) ($1)::real AND _0."f8" OPERATOR(pg_catalog.>) ($2)::double precision AND _0."wide" OPERATOR(pg_catalog.>) ($3)::numeric AND _0."big" OPERATOR(pg_catalog.>) ($4)::bigint AND _0."small" OPERATOR(pg_catalog.<) ($5)::smallint);
-- $1 = 1
-- $2 = 1
-- $3 = 1
-- $4 = 1
-- $5 = 0
