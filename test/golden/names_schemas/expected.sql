-- reads other.notes
-- $
SELECT coalesce((SELECT '{"id":'||_0."id"::text||'}' FROM "other"."notes" AS _0 WHERE _0."id" = ($1)::integer),'null'), (SELECT '{"aggregate":{"count":'||count(*)::text||'}}' FROM "other"."notes" AS _1);
-- $1 = 1
