-- reads menu_items
-- $
SELECT '['||coalesce(string_agg('{"name":'||to_json(_0."name")::text||'}',','),'')||']' FROM (SELECT _1."name" FROM "public"."menu_items" AS _1 LIMIT 0) AS _0;
