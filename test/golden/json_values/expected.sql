-- $
WITH w AS (UPDATE "public"."kinds" AS _0 SET "doc" = ($1)::jsonb WHERE _0."id" = ($2)::integer RETURNING "doc") SELECT '{"doc":'||coalesce(w."doc"::text,'null')||'}' FROM w;
-- $1 = {"$1":"'; DROP TABLE kinds; --","n":12345678901234567890,"nested":[[],{}]}
-- $2 = 2
-- $
WITH w AS (UPDATE "public"."kinds" AS _0 SET "doc" = ($1)::jsonb WHERE _0."id" = ($2)::integer RETURNING "doc") SELECT '{"doc":'||coalesce(w."doc"::text,'null')||'}' FROM w;
-- $1 = "it's \"text\""
-- $2 = 2
-- $
WITH w AS (UPDATE "public"."kinds" AS _0 SET "doc" = ($1)::jsonb WHERE _0."id" = ($2)::integer RETURNING "doc") SELECT '{"doc":'||coalesce(w."doc"::text,'null')||'}' FROM w;
-- $1 = {"a":[1,true,null,"x"]}
-- $2 = 2
-- $
WITH w AS (UPDATE "public"."kinds" AS _0 SET "doc" = ($1)::jsonb WHERE _0."id" = ($2)::integer RETURNING "doc", "id") SELECT '{"doc":'||coalesce(w."doc"::text,'null')||',"id":'||w."id"::text||'}' FROM w;
-- $1 = NULL
-- $2 = 2
