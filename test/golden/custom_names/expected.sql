-- $.selectionSet.mixPaint.args.object
INSERT INTO "public"."paints" AS _0 ("color", "litres", "path") VALUES (($1)::text, ($2)::double precision, ($3)::public.ltree) ON CONFLICT ON CONSTRAINT "paints_pkey" DO UPDATE SET "litres" = EXCLUDED."litres" RETURNING '{"__typename":"Paint","volume":'||coalesce(to_json(_0."litres")::text,'null')||',"color":'||to_json(_0."color")::text||'}';
-- $1 = green
-- $2 = 3
-- $3 = floor
-- $
WITH w AS (UPDATE "public"."paints" AS _0 SET "litres" = _0."litres" + ($1)::double precision WHERE _0."litres" < ($2)::double precision RETURNING "litres") SELECT '{"affected_rows":'||count(*)::text||',"returning":['||coalesce(string_agg('{"volume":'||coalesce(to_json(w."litres")::text,'null')||'}',','),'')||']}' FROM w;
-- $1 = 1
-- $2 = 2
-- $
DELETE FROM "public"."paints" AS _0 WHERE _0."id" = ($1)::integer RETURNING '{"color":'||to_json(_0."color")::text||'}';
-- $1 = 2
