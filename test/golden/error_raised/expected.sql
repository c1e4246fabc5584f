-- reads -, rooms
-- $
SELECT threefactor_json.list('{"id":%v,"refused":%v}', _0."id", "public"."refuse"(_0)) FROM "public"."rooms" AS _0;
