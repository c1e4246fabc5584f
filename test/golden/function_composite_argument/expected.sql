-- reads kinds, other.notes
-- $
SELECT (SELECT threefactor_json.list('{"id":%v,"body":%v}', _0."id", _0."body") FROM "other"."latest_notes"(($1)::public.kinds) AS _0), (SELECT threefactor_json.object('{"aggregate":{"count":%v}}', count(*)) FROM "other"."latest_notes"(($2)::public.kinds) AS _1);
-- $1 = (1,,,,,,,,,,,,,,,,,,,,,,,,,,,)
-- $2 = NULL
