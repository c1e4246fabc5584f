-- $
WITH w AS (DELETE FROM "public"."keyless" AS _0 WHERE _0."a" IS NULL RETURNING "b") SELECT '{"affected_rows":'||count(*)::text||',"returning":['||coalesce(string_agg('{"b":'||coalesce(to_json(w."b")::text,'null')||'}',','),'')||']}' FROM w;
