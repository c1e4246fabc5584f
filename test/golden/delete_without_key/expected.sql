-- $
WITH w AS (DELETE FROM "public"."keyless" AS _0 WHERE _0."a" IS NULL RETURNING "b") SELECT threefactor_json.object('{"affected_rows":%v,"returning":%r}', pg_catalog.count(*), threefactor_json.list('{"b":%v}', w."b")) FROM w;
