-- $.selectionSet.insert_Paint.args.objects
WITH w AS (INSERT INTO "public"."paints" AS _0 ("color") SELECT u.c0::text FROM unnest(($1)::text[]) AS u(c0) RETURNING "color") SELECT '{"affected_rows":'||count(*)::text||',"returning":['||coalesce(string_agg('{"color":'||to_json(w."color")::text||'}',','),'')||']}' FROM w;
-- $1 = {"blue","green"}
