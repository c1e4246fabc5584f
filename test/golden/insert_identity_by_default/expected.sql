-- $.selectionSet.insert_stock_one.args.object
INSERT INTO "public"."stock" AS _0 ("id", "label") VALUES (($1)::integer, ($2)::text) RETURNING '{"id":'||_0."id"::text||',"label":'||coalesce(to_json(_0."label")::text,'null')||'}';
-- $1 = 50
-- $2 = x
