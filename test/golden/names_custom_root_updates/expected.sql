-- $
WITH w AS (UPDATE "other"."Mixed Up" AS _0 SET "type" = ($1)::pg_catalog.text WHERE _0."id" OPERATOR(pg_catalog.=) ($2)::integer RETURNING 1) SELECT threefactor_json.object('{"affected_rows":%v}', pg_catalog.count(*)) FROM w;
-- $1 = t
-- $2 = 1
-- $
UPDATE "other"."Mixed Up" AS _0 SET "Column One" = ($1)::pg_catalog.text WHERE _0."id" OPERATOR(pg_catalog.=) ($2)::integer RETURNING threefactor_json.object('{"columnOne":%v,"type":%v}', _0."Column One", _0."type");
-- $1 = u
-- $2 = 1
-- $
WITH w AS (UPDATE "other"."Mixed Up" AS _0 SET "type" = ($1)::pg_catalog.text WHERE _0."id" OPERATOR(pg_catalog.=) ($2)::integer RETURNING "id", "type") SELECT threefactor_json.object('{"affected_rows":%v,"returning":%r}', pg_catalog.count(*), threefactor_json.list('{"id":%v,"type":%v}', w."id", w."type")) FROM w;
-- $1 = z
-- $2 = 1
-- $
DELETE FROM "other"."Mixed Up" AS _0 WHERE _0."id" OPERATOR(pg_catalog.=) ($1)::integer RETURNING threefactor_json.object('{"id":%v}', _0."id");
-- $1 = 2
-- $
WITH w AS (DELETE FROM "other"."Mixed Up" AS _0 WHERE _0."id" OPERATOR(pg_catalog.=) ($1)::integer RETURNING 1) SELECT threefactor_json.object('{"affected_rows":%v}', pg_catalog.count(*)) FROM w;
-- $1 = 1
