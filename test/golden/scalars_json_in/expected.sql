-- $
UPDATE "public"."kinds" AS _0 SET "doc" = ($1)::jsonb, "plain" = ($2)::json WHERE _0."id" = ($3)::integer RETURNING threefactor_json.object('{"doc":%v,"plain":%v}', _0."doc", _0."plain");
-- $1 = {"v":{"a":[1,"2",null]},"list":[1,2.50,true,null,"RED","x\"y"],"n":3}
-- $2 = "{\"not\": \"parsed\"}"
-- $3 = 1
