-- $
UPDATE "public"."kinds" AS _0 SET "doc" = ($1)::pg_catalog.jsonb, "plain" = ($2)::pg_catalog.json WHERE _0."id" OPERATOR(pg_catalog.=) ($3)::integer RETURNING threefactor_json.object('{"doc":%v,"plain":%v}', _0."doc", _0."plain");
-- $1 = {"v":{"a":[1,"2",null]},"list":[1,2.50,true,null,"RED","x\"y"],"n":3}
-- $2 = "{\"not\": \"parsed\"}"
-- $3 = 1
