-- reads payments
-- $
SELECT '{"aggregate":{"count":'||count(*)::text||',"sum":{"amount":'||coalesce(sum(_0."amount")::text,'null')||'},"avg":{"amount":'||coalesce(to_json(avg(_0."amount"))::text,'null')||'},"max":{"type":'||coalesce(to_json(max(_0."type"))::text,'null')||'}},"nodes":['||coalesce(string_agg('{"id":'||_0."id"::text||'}',','),'')||'],"__typename":"payments_aggregate"}' FROM "public"."payments" AS _0 WHERE _0."id" = ($1)::integer;
-- $1 = 0
