-- reads kinds
-- $
SELECT pg_catalog.array_to_string(ARRAY['{"a":', (SELECT threefactor_json.list('{"id":%v}', _0."id") FROM "public"."kinds" AS _0 WHERE _0."instant" OPERATOR(pg_catalog.=) ($1)::timestamp with time zone), ',"b":', (SELECT threefactor_json.list('{"id":%v,"instant":%v}', _1."id", _1."instant") FROM "public"."kinds" AS _1 WHERE _1."instant" OPERATOR(pg_catalog.=) ($2)::timestamp with time zone), ',"c":', (SELECT threefactor_json.list('{"day":%v}', _2."day") FROM "public"."kinds" AS _2 WHERE _2."day" OPERATOR(pg_catalog.<=) ($3)::pg_catalog.date)], '');
-- $1 = 2015-10-17T16:42:43+02:00
-- $2 = 2015-10-17T14:42:43Z
-- $3 = 2024-02-29
