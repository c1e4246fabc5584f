-- $.selectionSet.insert_menu_items.args.objects
WITH w AS (INSERT INTO "public"."menu_items" AS _0 ("name") VALUES (($1)::pg_catalog.text) RETURNING 1) SELECT threefactor_json.object('{"__typename":"menu_items_mutation_response","affected_rows":%v,"returning":%r}', pg_catalog.count(*), threefactor_json.list('{"__typename":"menu_items"}')) FROM w;
-- $1 = q
-- $.selectionSet.a.args.object
INSERT INTO "public"."menu_items" AS _0 ("name") VALUES (($1)::pg_catalog.text) RETURNING threefactor_json.object('{"n":%v,"__typename":"menu_items"}', _0."name");
-- $1 = r
