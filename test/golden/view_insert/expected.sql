-- $.selectionSet.insert_approved_orders_one.args.object
INSERT INTO "public"."approved_orders" AS _0 ("order_id", "user_id") VALUES (($1)::pg_catalog.text, ($2)::pg_catalog.text) RETURNING threefactor_json.object('{"order_id":%v}', _0."order_id");
-- $1 = v1
-- $2 = eve
