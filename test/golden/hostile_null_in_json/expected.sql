-- $
UPDATE "public"."kinds" AS _0 SET "doc" = ($1)::jsonb WHERE _0."id" = ($2)::integer RETURNING threefactor_json.object('{"id":%v}', _0."id");
-- $1 = {"a":"x\u0000y"}
-- $2 = 1
