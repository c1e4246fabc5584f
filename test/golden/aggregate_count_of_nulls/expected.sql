-- reads kinds
-- $
SELECT threefactor_json.object('{"aggregate":{"all":%v,"one":%v,"pair":%v,"different":%v}}', pg_catalog.count(*), pg_catalog.count(_0."small"), pg_catalog.count((_0."small", _0."big")), pg_catalog.count(DISTINCT (_0."small", _0."big"))) FROM "public"."kinds" AS _0;
