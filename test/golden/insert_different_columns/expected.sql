-- $.selectionSet.insert_defaults.args.objects
WITH w AS (INSERT INTO "public"."defaults" AS _0 ("label", "amount") VALUES (($1)::text, DEFAULT), (DEFAULT, ($2)::integer), (DEFAULT, DEFAULT), (($3)::text, ($4)::integer) RETURNING "id", "label", "amount", "twice") SELECT '{"affected_rows":'||count(*)::text||',"returning":['||coalesce(string_agg('{"id":'||w."id"::text||',"label":'||to_json(w."label")::text||',"amount":'||coalesce(w."amount"::text,'null')||',"twice":'||coalesce(w."twice"::text,'null')||'}',','),'')||']}' FROM w;
-- $1 = a
-- $2 = 1
-- $3 = b
-- $4 = NULL
