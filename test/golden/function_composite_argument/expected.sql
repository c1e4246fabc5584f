-- reads kinds, other.notes
-- $
SELECT array_to_string(ARRAY['{"newest":', (SELECT '['||coalesce(string_agg('{"id":'||_0."id"::text||',"body":'||coalesce(to_json(_0."body")::text,'null')||'}',','),'')||']' FROM "other"."latest_notes"(($1)::public.kinds) AS _0), ',"newest_aggregate":', (SELECT '{"aggregate":{"count":'||count(*)::text||'}}' FROM "other"."latest_notes"(($2)::public.kinds) AS _1)], '');
-- $1 = (1,,,,,,,,,,,,,,,,,,,,,,,,,,,)
-- $2 = NULL
