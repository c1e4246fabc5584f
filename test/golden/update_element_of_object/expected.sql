-- $
WITH w AS (UPDATE "public"."kinds" AS _0 SET "doc" = _0."doc" OPERATOR(pg_catalog.-) ($1)::integer WHERE _0."id" OPERATOR(pg_catalog.=) ($2)::integer RETURNING 1) SELECT threefactor_json.object('{"affected_rows":%v}', pg_catalog.count(*)) FROM w;
-- $1 = 0
-- $2 = 1
