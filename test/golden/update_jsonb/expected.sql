-- $
WITH w AS (UPDATE "public"."kinds" AS _0 SET "doc" = _0."doc" || ($1)::jsonb WHERE _0."id" = ($2)::integer RETURNING "doc") SELECT threefactor_json.object('{"returning":%r}', threefactor_json.list('{"doc":%v}', w."doc")) FROM w;
-- $1 = {"new":1}
-- $2 = 1
-- $
UPDATE "public"."kinds" AS _0 SET "doc" = _0."doc" - ($1)::text WHERE _0."id" = ($2)::integer RETURNING threefactor_json.object('{"doc":%v}', _0."doc");
-- $1 = new
-- $2 = 1
-- $
WITH w AS (UPDATE "public"."kinds" AS _0 SET "doc" = _0."doc" #- ($1)::text[] WHERE _0."id" = ($2)::integer RETURNING "doc") SELECT threefactor_json.object('{"returning":%r}', threefactor_json.list('{"doc":%v}', w."doc")) FROM w;
-- $1 = {"a","b"}
-- $2 = 1
-- $
WITH w AS (UPDATE "public"."kinds" AS _0 SET "doc" = ($1)::jsonb WHERE _0."id" = ($2)::integer RETURNING 1) SELECT threefactor_json.object('{"affected_rows":%v}', count(*)) FROM w;
-- $1 = [1,2,3]
-- $2 = 1
-- $
WITH w AS (UPDATE "public"."kinds" AS _0 SET "doc" = _0."doc" - ($1)::integer WHERE _0."id" = ($2)::integer RETURNING 1) SELECT threefactor_json.object('{"affected_rows":%v}', count(*)) FROM w;
-- $1 = 0
-- $2 = 1
-- $
WITH w AS (UPDATE "public"."kinds" AS _0 SET "doc" = ($1)::jsonb || _0."doc" WHERE _0."id" = ($2)::integer RETURNING "doc") SELECT threefactor_json.object('{"returning":%r}', threefactor_json.list('{"doc":%v}', w."doc")) FROM w;
-- $1 = [0]
-- $2 = 1
