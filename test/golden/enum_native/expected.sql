-- $
WITH w AS (UPDATE "public"."kinds" AS _0 SET "mood" = ($1)::public.mood WHERE _0."mood" = ANY(($2)::public.mood[]) RETURNING "mood") SELECT '{"returning":['||coalesce(string_agg('{"mood":'||coalesce(to_json(w."mood")::text,'null')||'}',','),'')||']}' FROM w;
-- $1 = sad
-- $2 = {"it's \"fine\""}
