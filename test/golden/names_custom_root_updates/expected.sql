-- $
WITH w AS (UPDATE "other"."Mixed Up" AS _0 SET "type" = ($1)::text WHERE _0."id" = ($2)::integer RETURNING 1) SELECT '{"affected_rows":'||count(*)::text||'}' FROM w;
-- $1 = t
-- $2 = 1
-- $
UPDATE "other"."Mixed Up" AS _0 SET "Column One" = ($1)::text WHERE _0."id" = ($2)::integer RETURNING '{"columnOne":'||coalesce(to_json(_0."Column One")::text,'null')||',"type":'||coalesce(to_json(_0."type")::text,'null')||'}';
-- $1 = u
-- $2 = 1
-- $
WITH w AS (UPDATE "other"."Mixed Up" AS _0 SET "type" = ($1)::text WHERE _0."id" = ($2)::integer RETURNING "id", "type") SELECT '{"affected_rows":'||count(*)::text||',"returning":['||coalesce(string_agg('{"id":'||w."id"::text||',"type":'||coalesce(to_json(w."type")::text,'null')||'}',','),'')||']}' FROM w;
-- $1 = z
-- $2 = 1
-- $
DELETE FROM "other"."Mixed Up" AS _0 WHERE _0."id" = ($1)::integer RETURNING '{"id":'||_0."id"::text||'}';
-- $1 = 2
-- $
WITH w AS (DELETE FROM "other"."Mixed Up" AS _0 WHERE _0."id" = ($1)::integer RETURNING 1) SELECT '{"affected_rows":'||count(*)::text||'}' FROM w;
-- $1 = 1
