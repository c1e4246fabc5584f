-- $
WITH w AS (UPDATE "public"."kinds" AS _0 SET "small" = _0."small" + ($1)::smallint, "big" = _0."big" + ($2)::bigint, "f4" = _0."f4" + ($3)::real, "f8" = _0."f8" + ($4)::double precision, "num" = _0."num" + ($5)::numeric, "price" = _0."price" + ($6)::numeric, "cash" = _0."cash" + ($7)::money, "rank" = _0."rank" + ($8)::integer WHERE _0."id" = ($9)::integer RETURNING "small", "big", "f4", "f8", "num", "price", "cash", "rank") SELECT '{"small":'||coalesce(w."small"::text,'null')||',"big":'||coalesce(w."big"::text,'null')||',"f4":'||coalesce(to_json(w."f4")::text,'null')||',"f8":'||coalesce(to_json(w."f8")::text,'null')||',"num":'||coalesce(to_json(w."num")::text,'null')||',"price":'||coalesce(to_json(w."price")::text,'null')||',"cash":'||coalesce(to_json(w."cash")::text,'null')||',"rank":'||coalesce(w."rank"::text,'null')||'}' FROM w;
-- $1 = 1
-- $2 = 1
-- $3 = 1.5
-- $4 = 2
-- $5 = 1
-- $6 = -1.5
-- $7 = 1
-- $8 = 2
-- $9 = 1
-- $
WITH w AS (UPDATE "public"."kinds" AS _0 SET "doc" = _0."doc" || ($2)::jsonb WHERE _0."id" = ($3)::integer RETURNING "doc") SELECT '{"doc":'||coalesce((w."doc" #> ($1)::text[])::text,'null')||'}' FROM w;
-- $1 = {"n"}
-- $2 = {"n":1}
-- $3 = 1
-- $
WITH w AS (UPDATE "public"."kinds" AS _0 SET "doc" = ($3)::jsonb || _0."doc" WHERE _0."id" = ($4)::integer RETURNING "doc") SELECT '{"n":'||coalesce((w."doc" #> ($1)::text[])::text,'null')||',"m":'||coalesce((w."doc" #> ($2)::text[])::text,'null')||'}' FROM w;
-- $1 = {"n"}
-- $2 = {"m"}
-- $3 = {"n":2,"m":3}
-- $4 = 1
-- $
WITH w AS (UPDATE "public"."kinds" AS _0 SET "doc" = _0."doc" - ($1)::text WHERE _0."id" = ($2)::integer RETURNING "doc") SELECT '{"doc":'||coalesce(w."doc"::text,'null')||'}' FROM w;
-- $1 = tags
-- $2 = 1
-- $
WITH w AS (UPDATE "public"."kinds" AS _0 SET "doc" = _0."doc" #- ($1)::text[] WHERE _0."id" = ($2)::integer RETURNING "doc") SELECT '{"doc":'||coalesce(w."doc"::text,'null')||'}' FROM w;
-- $1 = {"a","b","-1"}
-- $2 = 1
-- $
WITH w AS (UPDATE "public"."kinds" AS _0 SET "doc" = ($1)::jsonb WHERE _0."id" = ($2)::integer RETURNING "doc") SELECT '{"doc":'||coalesce(w."doc"::text,'null')||'}' FROM w;
-- $1 = [1,2,3]
-- $2 = 1
-- $
WITH w AS (UPDATE "public"."kinds" AS _0 SET "doc" = _0."doc" - ($1)::integer WHERE _0."id" = ($2)::integer RETURNING "doc") SELECT '{"doc":'||coalesce(w."doc"::text,'null')||'}' FROM w;
-- $1 = -1
-- $2 = 1
-- $
WITH w AS (UPDATE "public"."kinds" AS _0 SET "short" = ($1)::character varying, "small" = _0."small" + ($2)::smallint, "doc" = _0."doc" || ($3)::jsonb WHERE _0."id" = ($4)::integer RETURNING "doc", "short", "small") SELECT '{"doc":'||coalesce(w."doc"::text,'null')||',"short":'||coalesce(to_json(w."short")::text,'null')||',"small":'||coalesce(w."small"::text,'null')||'}' FROM w;
-- $1 = s
-- $2 = 1
-- $3 = 4
-- $4 = 1
