-- reads payments
-- $
SELECT threefactor_json.object('{"aggregate":{"count":%v,"sum":{"amount":%v},"avg":{"amount":%v},"max":{"type":%v}},"nodes":%r,"__typename":"payments_aggregate"}', pg_catalog.count(*), pg_catalog.sum(_0."amount"), pg_catalog.to_json(pg_catalog.avg(_0."amount")), pg_catalog.max(_0."type"), threefactor_json.list('{"id":%v}', _0."id")) FROM "public"."payments" AS _0 WHERE _0."id" OPERATOR(pg_catalog.=) ($1)::integer;
-- $1 = 0
