-- $
WITH w AS (UPDATE "public"."animals" AS _0 SET "name" = ($1)::text WHERE _0."id" = ($2)::integer RETURNING "name") SELECT '{"affected_rows":'||count(*)::text||',"returning":['||coalesce(string_agg('{"name":'||coalesce(to_json(w."name")::text,'null')||'}',','),'')||']}' FROM w;
-- $1 = max
-- $2 = 2
-- $.selectionSet.insert_dogs_one.args.object
WITH w AS (INSERT INTO "public"."dogs" AS _0 ("id", "name", "tricks") VALUES (($1)::integer, ($2)::text, ($3)::text[]) RETURNING "name", "tricks") SELECT '{"name":'||to_json(w."name")::text||',"tricks":'||coalesce(to_json(w."tricks")::text,'null')||'}' FROM w;
-- $1 = 3
-- $2 = ace
-- $3 = {"roll"}
