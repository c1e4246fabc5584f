-- reads boxes, shelves
-- $
SELECT coalesce((SELECT threefactor_json.object('{"boxes":%r}', (SELECT threefactor_json.list('{"id":%v}', _1."id") FROM "public"."boxes" AS _1 WHERE _1."aisle" = _0."aisle" AND _1."level" = _0."level")) FROM "public"."shelves" AS _0 WHERE (_0."level" = ($1)::integer AND _0."aisle" = ($2)::integer)),'null'), coalesce((SELECT threefactor_json.object('{"aisle":%v}', _2."aisle") FROM "public"."shelves" AS _2 WHERE (_2."aisle" = ($3)::integer AND _2."level" = ($4)::integer)),'null');
-- $1 = 2
-- $2 = 1
-- $3 = 9
-- $4 = 9
