-- $
WITH w AS (UPDATE "public"."animals" AS _0 SET "name" = ($1)::text WHERE _0."id" = ($2)::integer RETURNING "name") SELECT '{"affected_rows":'||count(*)::text||',"returning":['||coalesce(string_agg('{"name":'||coalesce(to_json(w."name")::text,'null')||'}',','),'')||']}' FROM w;
-- $1 = max
-- $2 = 2
-- $.selectionSet.insert_dogs_one.args.object
INSERT INTO "public"."dogs" AS _0 ("id", "name", "tricks") VALUES (($1)::integer, ($2)::text, ($3)::text[]) RETURNING '{"name":'||to_json(_0."name")::text||',"tricks":'||coalesce(to_json(_0."tricks")::text,'null')||'}';
-- $1 = 3
-- $2 = ace
-- $3 = {"roll"}
