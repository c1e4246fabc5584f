-- $
UPDATE "public"."kinds" AS _0 SET "doc" = ($1)::pg_catalog.jsonb WHERE _0."id" OPERATOR(pg_catalog.=) ($2)::integer RETURNING threefactor_json.object('{"doc":%v}', _0."doc");
-- $1 = {"$1":"'; DROP TABLE kinds; --","n":12345678901234567890,"nested":[[],{}]}
-- $2 = 2
-- $
UPDATE "public"."kinds" AS _0 SET "doc" = ($1)::pg_catalog.jsonb WHERE _0."id" OPERATOR(pg_catalog.=) ($2)::integer RETURNING threefactor_json.object('{"doc":%v}', _0."doc");
-- $1 = "it's \"text\""
-- $2 = 2
-- $
UPDATE "public"."kinds" AS _0 SET "doc" = ($1)::pg_catalog.jsonb WHERE _0."id" OPERATOR(pg_catalog.=) ($2)::integer RETURNING threefactor_json.object('{"doc":%v}', _0."doc");
-- $1 = {"a":[1,true,null,"x"]}
-- $2 = 2
-- $
UPDATE "public"."kinds" AS _0 SET "doc" = ($1)::pg_catalog.jsonb WHERE _0."id" OPERATOR(pg_catalog.=) ($2)::integer RETURNING threefactor_json.object('{"doc":%v,"id":%v}', _0."doc", _0."id");
-- $1 = NULL
-- $2 = 2
