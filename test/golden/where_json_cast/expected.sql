-- reads kinds
-- $
SELECT threefactor_json.list('{"id":%v}', _0."id") FROM "public"."kinds" AS _0 WHERE _0."doc"::pg_catalog.text OPERATOR(pg_catalog.~~) ($1)::pg_catalog.text;
-- $1 = %tags%
