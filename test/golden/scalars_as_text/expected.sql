-- reads kinds, types
-- $
SELECT coalesce((SELECT threefactor_json.object('{"small":%v,"big":%v,"f4":%v,"f8":%v,"num":%v,"price":%v,"cash":%v,"ints":%v}', _0."small", _0."big"::text, _0."f4", _0."f8"::text, _0."num"::text, _0."price"::text, to_json(_0."cash"), to_json(_0."ints")) FROM "public"."kinds" AS _0 WHERE _0."id" = ($1)::integer),'null'), (SELECT threefactor_json.object('{"aggregate":{"count":%v,"sum":{"small":%v,"big":%v,"f4":%v,"f8":%v,"num":%v},"avg":{"big":%v},"max":{"big":%v,"price":%v}}}', count(*), sum(_1."small"), sum(_1."big")::text, sum(_1."f4"), sum(_1."f8")::text, sum(_1."num")::text, to_json(avg(_1."big")), max(_1."big")::text, max(_1."price")::text) FROM "public"."kinds" AS _1 WHERE _1."id" = ($2)::integer), (SELECT threefactor_json.list('{"wide":%v,"big":%v}', _2."wide"::text, _2."big"::text) FROM "public"."types" AS _2 WHERE _2."id" = ($3)::integer);
-- $1 = 1
-- $2 = 1
-- $3 = 1
