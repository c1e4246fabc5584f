-- $
UPDATE "public"."kinds" AS _0 SET "doc" = ($1)::jsonb, "plain" = ($2)::json WHERE _0."id" = ($3)::integer RETURNING '{"doc":'||coalesce(_0."doc"::text,'null')||',"plain":'||coalesce(_0."plain"::text,'null')||'}';
-- $1 = {"v":{"a":[1,"2",null]},"list":[1,2.50,true,null,"RED","x\"y"],"n":3}
-- $2 = "{\"not\": \"parsed\"}"
-- $3 = 1
