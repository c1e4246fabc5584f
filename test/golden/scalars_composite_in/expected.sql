-- $.selectionSet.insert_types_one.args.object
INSERT INTO "public"."types" AS _0 ("id", "big", "bits", "place", "pair", "spans", "attributes") VALUES (($1)::integer, ($2)::bigint, ($3)::pg_catalog."bit", ($4)::pg_catalog.point, ($5)::public.point_pair, ($6)::pg_catalog.tstzrange, ($7)::public.hstore) RETURNING threefactor_json.object('{"pair":%v,"attributes":%v,"bits":%v,"place":%v}', pg_catalog.to_json(_0."pair"), pg_catalog.to_json(_0."attributes"), pg_catalog.to_json(_0."bits"), pg_catalog.to_json(_0."place"));
-- $1 = 51
-- $2 = 1
-- $3 = 101
-- $4 = (1,2)
-- $5 = (north,1.5)
-- $6 = [2020-01-01,2020-02-01)
-- $7 = k=>v
