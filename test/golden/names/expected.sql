-- reads "MixedCase", menu_items, orders, other.notes
-- $
SELECT (SELECT threefactor_json.list('{"Id":%v,"camelCase":%v,"select":%v,"Parent":%v,"mixedCase":%r}', _0."Id", _0."camelCase", _0."select", _0."Parent", (SELECT threefactor_json.object('{"Id":%v}', _1."Id") FROM "public"."MixedCase" AS _1 WHERE _1."Id" = _0."Parent")) FROM (SELECT _2."Id", _2."camelCase", _2."select", _2."Parent" FROM "public"."MixedCase" AS _2 WHERE _2."select" > ($1)::integer ORDER BY _2."Id" ASC NULLS LAST) AS _0), (SELECT threefactor_json.list('{"id":%v,"order":%r}', _3."id", (SELECT threefactor_json.object('{"order_id":%v}', _4."order_id") FROM "public"."orders" AS _4 WHERE _4."order_id" = _3."order_id")) FROM "other"."notes" AS _3);
-- $1 = 0
