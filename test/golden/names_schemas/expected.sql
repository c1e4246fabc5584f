-- reads other.notes
-- $
SELECT pg_catalog.array_to_string(ARRAY['{"other_notes_by_pk":', coalesce((SELECT threefactor_json.object('{"id":%v}', _0."id") FROM "other"."notes" AS _0 WHERE _0."id" OPERATOR(pg_catalog.=) ($1)::integer),'null'), ',"other_notes_aggregate":', (SELECT threefactor_json.object('{"aggregate":{"count":%v}}', pg_catalog.count(*)) FROM "other"."notes" AS _1)], '');
-- $1 = 1
