-- $
WITH w AS (UPDATE "public"."kinds" AS _0 SET "doc" = _0."doc" OPERATOR(pg_catalog.||) ($1)::pg_catalog.jsonb WHERE _0."id" OPERATOR(pg_catalog.=) ($2)::integer RETURNING "doc") SELECT threefactor_json.object('{"returning":%r}', threefactor_json.list('{"doc":%v}', w."doc")) FROM w;
-- $1 = {"new":1}
-- $2 = 1
-- $
UPDATE "public"."kinds" AS _0 SET "doc" = _0."doc" OPERATOR(pg_catalog.-) ($1)::pg_catalog.text WHERE _0."id" OPERATOR(pg_catalog.=) ($2)::integer RETURNING threefactor_json.object('{"doc":%v}', _0."doc");
-- $1 = new
-- $2 = 1
-- $
WITH w AS (UPDATE "public"."kinds" AS _0 SET "doc" = _0."doc" OPERATOR(pg_catalog.#-) ($1)::pg_catalog.text[] WHERE _0."id" OPERATOR(pg_catalog.=) ($2)::integer RETURNING "doc") SELECT threefactor_json.object('{"returning":%r}', threefactor_json.list('{"doc":%v}', w."doc")) FROM w;
-- $1 = {"a","b"}
-- $2 = 1
-- $
WITH w AS (UPDATE "public"."kinds" AS _0 SET "doc" = ($1)::pg_catalog.jsonb WHERE _0."id" OPERATOR(pg_catalog.=) ($2)::integer RETURNING 1) SELECT threefactor_json.object('{"affected_rows":%v}', pg_catalog.count(*)) FROM w;
-- $1 = [1,2,3]
-- $2 = 1
-- $
WITH w AS (UPDATE "public"."kinds" AS _0 SET "doc" = _0."doc" OPERATOR(pg_catalog.-) ($1)::integer WHERE _0."id" OPERATOR(pg_catalog.=) ($2)::integer RETURNING 1) SELECT threefactor_json.object('{"affected_rows":%v}', pg_catalog.count(*)) FROM w;
-- $1 = 0
-- $2 = 1
-- $
WITH w AS (UPDATE "public"."kinds" AS _0 SET "doc" = ($1)::pg_catalog.jsonb OPERATOR(pg_catalog.||) _0."doc" WHERE _0."id" OPERATOR(pg_catalog.=) ($2)::integer RETURNING "doc") SELECT threefactor_json.object('{"returning":%r}', threefactor_json.list('{"doc":%v}', w."doc")) FROM w;
-- $1 = [0]
-- $2 = 1
