-- $.selectionSet.addMixedUps.args.objects
WITH w AS (INSERT INTO "other"."Mixed Up" AS _0 ("id", "Column One") VALUES (($1)::integer, ($2)::text) RETURNING "id", "Column One", "type") SELECT '{"affected_rows":'||count(*)::text||',"returning":['||coalesce(string_agg('{"id":'||w."id"::text||',"columnOne":'||coalesce(to_json(w."Column One")::text,'null')||',"type":'||coalesce(to_json(w."type")::text,'null')||'}',','),'')||']}' FROM w;
-- $1 = 5
-- $2 = c
-- $.selectionSet.addMixedUp.args.object
INSERT INTO "other"."Mixed Up" AS _0 ("id") VALUES (($1)::integer) RETURNING '{"id":'||_0."id"::text||'}';
-- $1 = 6
