-- reads hosts
-- $
SELECT pg_catalog.array_to_string(ARRAY['{"hosts":', (SELECT threefactor_json.list('{"line":%v}', _0."line") FROM (SELECT _1."line" FROM "public"."hosts" AS _1 ORDER BY _1."line" DESC NULLS FIRST) AS _0), ',"hosts_aggregate":', (SELECT threefactor_json.object('{"aggregate":{"count":%v}}', pg_catalog.count(*)) FROM "public"."hosts" AS _2)], '');
