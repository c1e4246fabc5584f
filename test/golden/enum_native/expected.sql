-- $
WITH w AS (UPDATE "public"."kinds" AS _0 SET "mood" = ($1)::public.mood WHERE _0."mood" OPERATOR(pg_catalog.=) ANY (($2)::public.mood[]) RETURNING "mood") SELECT threefactor_json.object('{"returning":%r}', threefactor_json.list('{"mood":%v}', pg_catalog.to_json(w."mood"))) FROM w;
-- $1 = sad
-- $2 = {"it's \"fine\""}
