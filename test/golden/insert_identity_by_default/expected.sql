-- $.selectionSet.insert_stock_one.args.object
INSERT INTO "public"."stock" AS _0 ("id", "label") VALUES (($1)::integer, ($2)::pg_catalog.text) RETURNING threefactor_json.object('{"id":%v,"label":%v}', _0."id", _0."label");
-- $1 = 50
-- $2 = x
