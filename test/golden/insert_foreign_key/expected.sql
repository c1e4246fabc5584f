-- $.selectionSet.insert_items.args.objects
WITH w AS (INSERT INTO "public"."items" AS _0 ("order_id", "item") VALUES (($1)::pg_catalog.text, ($2)::pg_catalog.text) RETURNING 1) SELECT threefactor_json.object('{"affected_rows":%v}', pg_catalog.count(*)) FROM w;
-- $1 = none
-- $2 = u
