-- $
UPDATE "public"."kinds" AS _0 SET "doc" = ($1)::pg_catalog.jsonb WHERE _0."id" OPERATOR(pg_catalog.=) ($2)::integer RETURNING threefactor_json.object('{"id":%v}', _0."id");
-- $1 = {"a":"x\u0000y"}
-- $2 = 1
