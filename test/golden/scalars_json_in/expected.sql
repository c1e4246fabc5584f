-- $
WITH w AS (UPDATE "public"."kinds" AS _0 SET "doc" = ($1)::jsonb, "plain" = ($2)::json WHERE _0."id" = ($3)::integer RETURNING "doc", "plain") SELECT '{"doc":'||coalesce(w."doc"::text,'null')||',"plain":'||coalesce(w."plain"::text,'null')||'}' FROM w;
-- $1 = {"v":{"a":[1,"2",null]},"list":[1,2.50,true,null,"RED","x\"y"],"n":3}
-- $2 = "{\"not\": \"parsed\"}"
-- $3 = 1
