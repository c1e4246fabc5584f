-- $
UPDATE "public"."kinds" AS _0 SET "doc" = ($1)::pg_catalog.jsonb WHERE _0."id" OPERATOR(pg_catalog.=) ($2)::integer RETURNING threefactor_json.object('{"doc":%v}', _0."doc");
-- $1 = NULL
-- $2 = 1
-- $
UPDATE "public"."kinds" AS _0 SET "doc" = ($1)::pg_catalog.jsonb WHERE _0."id" OPERATOR(pg_catalog.=) ($2)::integer RETURNING threefactor_json.object('{"doc":%v}', _0."doc");
-- $1 = NULL
-- $2 = 1
-- $
UPDATE "public"."kinds" AS _0 SET "doc" = ($1)::pg_catalog.jsonb WHERE _0."id" OPERATOR(pg_catalog.=) ($2)::integer RETURNING threefactor_json.object('{"doc":%v}', _0."doc");
-- $1 = "null"
-- $2 = 1
-- $
UPDATE "public"."kinds" AS _0 SET "doc" = ($1)::pg_catalog.jsonb WHERE _0."id" OPERATOR(pg_catalog.=) ($2)::integer RETURNING threefactor_json.object('{"doc":%v}', _0."doc");
-- $1 = [null]
-- $2 = 1
