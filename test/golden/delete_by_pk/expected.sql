-- $
DELETE FROM "public"."payments" AS _0 WHERE _0."id" OPERATOR(pg_catalog.=) ($1)::integer RETURNING threefactor_json.object('{"id":%v,"amount":%v}', _0."id", _0."amount");
-- $1 = 1
-- $
DELETE FROM "public"."payments" AS _0 WHERE _0."id" OPERATOR(pg_catalog.=) ($1)::integer RETURNING threefactor_json.object('{"id":%v}', _0."id");
-- $1 = 99
