-- $.selectionSet.insert_stock_one.args.object
WITH w AS (INSERT INTO "public"."stock" AS _0 ("id", "label") VALUES (($1)::integer, ($2)::text) RETURNING "id", "label") SELECT '{"id":'||w."id"::text||',"label":'||coalesce(to_json(w."label")::text,'null')||'}' FROM w;
-- $1 = 50
-- $2 = x
