-- reads other.notes
-- $
SELECT array_to_string(ARRAY['{"other_notes_by_pk":', coalesce((SELECT '{"id":'||_0."id"::text||'}' FROM "other"."notes" AS _0 WHERE _0."id" = ($1)::integer),'null'), ',"other_notes_aggregate":', (SELECT '{"aggregate":{"count":'||count(*)::text||'}}' FROM "other"."notes" AS _1)], '');
-- $1 = 1
