-- reads kinds, other.notes
-- $
SELECT pg_catalog.array_to_string(ARRAY['{"newest":', (SELECT threefactor_json.list('{"id":%v,"body":%v}', _0."id", _0."body") FROM "other"."latest_notes"(($1)::public.kinds) AS _0), ',"newest_aggregate":', (SELECT threefactor_json.object('{"aggregate":{"count":%v}}', pg_catalog.count(*)) FROM "other"."latest_notes"(($2)::public.kinds) AS _1)], '');
-- $1 = (1,,,,,,,,,,,,,,,,,,,,,,,,,,,)
-- $2 = NULL
