-- reads kinds, types
-- $
SELECT pg_catalog.array_to_string(ARRAY['{"kinds":', (SELECT threefactor_json.list('{"id":%v,"num":%v}', _0."id", _0."num") FROM "public"."kinds" AS _0 WHERE _0."num" OPERATOR(pg_catalog.=) ($1)::numeric), ',"types":', (SELECT threefactor_json.list('{"id":%v}', _1."id") FROM "public"."types" AS _1 WHERE _1."wide" OPERATOR(pg_catalog.=) ($2)::numeric)], '');
-- $1 = 12344.5700
-- $2 = 123456789012345678901234567890.1234567890
