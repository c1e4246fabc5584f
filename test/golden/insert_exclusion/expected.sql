-- $.selectionSet.insert_rooms_one.args.object
INSERT INTO "public"."rooms" AS _0 ("id", "taken") VALUES (($1)::integer, ($2)::pg_catalog.int4range) RETURNING threefactor_json.object('{"id":%v}', _0."id");
-- $1 = 2
-- $2 = [4,6)
