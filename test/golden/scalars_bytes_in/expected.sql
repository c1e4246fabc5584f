-- $
UPDATE "public"."kinds" AS _0 SET "bytes" = ($1)::pg_catalog.bytea WHERE _0."id" OPERATOR(pg_catalog.=) ($2)::integer RETURNING threefactor_json.object('{"bytes":%v}', pg_catalog.to_json(_0."bytes"));
-- $1 = \x00ff
-- $2 = 1
-- $
UPDATE "public"."kinds" AS _0 SET "bytes" = ($1)::pg_catalog.bytea WHERE _0."id" OPERATOR(pg_catalog.=) ($2)::integer RETURNING threefactor_json.object('{"bytes":%v}', pg_catalog.to_json(_0."bytes"));
-- $1 = text
-- $2 = 1
