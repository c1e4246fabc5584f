-- $.selectionSet.insert_orders_one.args.object
INSERT INTO "public"."orders" AS _0 ("order_id", "user_id", "restaurant_id", "address") VALUES (($1)::pg_catalog.text, ($2)::pg_catalog.text, ($3)::integer, ($4)::pg_catalog.text) RETURNING threefactor_json.object('{"order_id":%v,"user_id":%v}', _0."order_id", _0."user_id");
-- $1 = r1
-- $2 = ada
-- $3 = 1
-- $4 = mine
-- $
WITH w AS (DELETE FROM "public"."orders" AS _0 RETURNING 1) SELECT threefactor_json.object('{"affected_rows":%v}', pg_catalog.count(*)) FROM w;
