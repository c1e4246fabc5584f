-- $
WITH w AS (DELETE FROM "public"."shelves" AS _0 RETURNING 1) SELECT threefactor_json.object('{"affected_rows":%v}', count(*)) FROM w;
