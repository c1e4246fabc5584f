-- $.selectionSet.insert_types_one.args.object
INSERT INTO "public"."types" AS _0 ("id", "big", "uuids", "docs", "days") VALUES (($1)::integer, ($2)::bigint, ($3)::pg_catalog.uuid[], ($4)::pg_catalog.jsonb[], ($5)::pg_catalog.date[]) RETURNING threefactor_json.object('{"docs":%v,"days":%v,"uuids":%v}', pg_catalog.to_json(_0."docs"), pg_catalog.to_json(_0."days"), pg_catalog.to_json(_0."uuids"));
-- $1 = 50
-- $2 = 1
-- $3 = {}
-- $4 = {"{\"a\": 1}",NULL}
-- $5 = {"2024-02-29",NULL}
