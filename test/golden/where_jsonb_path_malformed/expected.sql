-- reads kinds
-- $
SELECT threefactor_json.list('{"id":%v}', _0."id") FROM "public"."kinds" AS _0 WHERE _0."doc" @? ($1)::jsonpath;
-- $1 = $[
