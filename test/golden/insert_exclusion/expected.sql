-- $.selectionSet.insert_rooms_one.args.object
WITH w AS (INSERT INTO "public"."rooms" AS _0 ("id", "taken") VALUES (($1)::integer, ($2)::int4range) RETURNING "id") SELECT '{"id":'||w."id"::text||'}' FROM w;
-- $1 = 2
-- $2 = [4,6)
