-- reads other.notes
-- $
SELECT coalesce((SELECT threefactor_json.object('{"id":%v}', _0."id") FROM "other"."notes" AS _0 WHERE _0."id" = ($1)::integer),'null'), (SELECT threefactor_json.object('{"aggregate":{"count":%v}}', count(*)) FROM "other"."notes" AS _1);
-- $1 = 1
