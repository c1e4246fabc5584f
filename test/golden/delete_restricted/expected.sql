-- $
WITH w AS (DELETE FROM "public"."shelves" AS _0 RETURNING 1) SELECT threefactor_json.object('{"affected_rows":%v}', pg_catalog.count(*)) FROM w;
