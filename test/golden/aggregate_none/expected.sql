-- reads payments
-- $
SELECT threefactor_json.object('{"aggregate":{"count":%v,"sum":{"amount":%v},"avg":{"amount":%v},"max":{"type":%v}},"nodes":%r,"__typename":"payments_aggregate"}', count(*), sum(_0."amount"), to_json(avg(_0."amount")), max(_0."type"), threefactor_json.list('{"id":%v}', _0."id")) FROM "public"."payments" AS _0 WHERE _0."id" = ($1)::integer;
-- $1 = 0
