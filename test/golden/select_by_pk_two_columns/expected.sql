-- reads boxes, shelves
-- $
SELECT pg_catalog.array_to_string(ARRAY['{"shelves_by_pk":', coalesce((SELECT threefactor_json.object('{"boxes":%r}', (SELECT threefactor_json.list('{"id":%v}', _1."id") FROM "public"."boxes" AS _1 WHERE _1."aisle" OPERATOR(pg_catalog.=) _0."aisle" AND _1."level" OPERATOR(pg_catalog.=) _0."level")) FROM "public"."shelves" AS _0 WHERE (_0."level" OPERATOR(pg_catalog.=) ($1)::integer AND _0."aisle" OPERATOR(pg_catalog.=) ($2)::integer)),'null'), ',"none":', coalesce((SELECT threefactor_json.object('{"aisle":%v}', _2."aisle") FROM "public"."shelves" AS _2 WHERE (_2."aisle" OPERATOR(pg_catalog.=) ($3)::integer AND _2."level" OPERATOR(pg_catalog.=) ($4)::integer)),'null')], '');
-- $1 = 2
-- $2 = 1
-- $3 = 9
-- $4 = 9
