-- $
UPDATE "public"."kinds" AS _0 SET "rank" = ($1)::integer WHERE _0."id" OPERATOR(pg_catalog.=) ($2)::integer RETURNING threefactor_json.object('{"id":%v}', _0."id");
-- $1 = -1
-- $2 = 1
