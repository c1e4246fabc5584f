-- $
WITH w AS (DELETE FROM "public"."shelves" AS _0 RETURNING 1) SELECT '{"affected_rows":'||count(*)::text||'}' FROM w;
