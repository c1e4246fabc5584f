-- $.selectionSet.mixPaint.args.object
WITH w AS (INSERT INTO "public"."paints" AS _0 ("color", "litres", "path") VALUES (($1)::text, ($2)::double precision, ($3)::public.ltree) ON CONFLICT ON CONSTRAINT "paints_pkey" DO UPDATE SET "litres" = EXCLUDED."litres" RETURNING "litres", "color") SELECT '{"__typename":"Paint","volume":'||coalesce(to_json(w."litres")::text,'null')||',"color":'||to_json(w."color")::text||'}' FROM w;
-- $1 = green
-- $2 = 3
-- $3 = floor
-- $
WITH w AS (UPDATE "public"."paints" AS _0 SET "litres" = _0."litres" + ($1)::double precision WHERE _0."litres" < ($2)::double precision RETURNING "litres") SELECT '{"affected_rows":'||count(*)::text||',"returning":['||coalesce(string_agg('{"volume":'||coalesce(to_json(w."litres")::text,'null')||'}',','),'')||']}' FROM w;
-- $1 = 1
-- $2 = 2
-- $
WITH w AS (DELETE FROM "public"."paints" AS _0 WHERE _0."id" = ($1)::integer RETURNING "color") SELECT '{"color":'||to_json(w."color")::text||'}' FROM w;
-- $1 = 2
