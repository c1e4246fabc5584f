-- $.selectionSet.insert_menu_items.args.objects
WITH w AS (INSERT INTO "public"."menu_items" AS _0 ("name") VALUES (($1)::text) RETURNING 1) SELECT '{"__typename":"menu_items_mutation_response","affected_rows":'||count(*)::text||',"returning":['||coalesce(string_agg('{"__typename":"menu_items"}',','),'')||']}' FROM w;
-- $1 = q
-- $.selectionSet.a.args.object
INSERT INTO "public"."menu_items" AS _0 ("name") VALUES (($1)::text) RETURNING '{"n":'||to_json(_0."name")::text||',"__typename":"menu_items"}';
-- $1 = r
