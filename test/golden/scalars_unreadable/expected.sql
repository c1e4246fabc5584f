-- reads kinds
-- $
SELECT threefactor_json.list('{"id":%v}', _0."id") FROM "public"."kinds" AS _0 WHERE _0."ident" OPERATOR(pg_catalog.=) ($1)::pg_catalog.uuid;
-- $1 = no uuid
