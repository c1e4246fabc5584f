-- $.selectionSet.mixPaint.args.object
INSERT INTO "public"."paints" AS _0 ("color", "litres", "path") VALUES (($1)::pg_catalog.text, ($2)::double precision, ($3)::public.ltree) ON CONFLICT ON CONSTRAINT "paints_pkey" DO UPDATE SET "litres" = EXCLUDED."litres" RETURNING threefactor_json.object('{"__typename":"Paint","volume":%v,"color":%v}', _0."litres", _0."color");
-- $1 = green
-- $2 = 3
-- $3 = floor
-- $
WITH w AS (UPDATE "public"."paints" AS _0 SET "litres" = _0."litres" OPERATOR(pg_catalog.+) ($1)::double precision WHERE _0."litres" OPERATOR(pg_catalog.<) ($2)::double precision RETURNING "litres") SELECT threefactor_json.object('{"affected_rows":%v,"returning":%r}', pg_catalog.count(*), threefactor_json.list('{"volume":%v}', w."litres")) FROM w;
-- $1 = 1
-- $2 = 2
-- $
DELETE FROM "public"."paints" AS _0 WHERE _0."id" OPERATOR(pg_catalog.=) ($1)::integer RETURNING threefactor_json.object('{"color":%v}', _0."color");
-- $1 = 2
