-- reads menu_items
-- $
SELECT threefactor_json.list('{"name":%v}', _0."name") FROM (SELECT _1."name" FROM "public"."menu_items" AS _1 LIMIT 0) AS _0;
