-- $.selectionSet.a.args.objects
WITH w AS (INSERT INTO "public"."menu_items" AS _0 ("name") VALUES (($1)::text) RETURNING 1) SELECT '{"affected_rows":'||count(*)::text||'}' FROM w;
-- $1 = q
-- $
WITH w AS (UPDATE "public"."menu_items" AS _0 SET "name" = ($1)::text WHERE _0."name" = ($2)::text RETURNING 1) SELECT '{"affected_rows":'||count(*)::text||'}' FROM w;
-- $1 = r
-- $2 = q
-- $
WITH w AS (DELETE FROM "public"."menu_items" AS _0 WHERE _0."name" = ($1)::text RETURNING "name") SELECT '{"affected_rows":'||count(*)::text||',"returning":['||coalesce(string_agg('{"name":'||to_json(w."name")::text||'}',','),'')||']}' FROM w;
-- $1 = r
