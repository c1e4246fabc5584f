-- $
WITH w AS (UPDATE "public"."kinds" AS _0 SET "ints" = ($1)::integer[], "words" = ($2)::text[], "grid" = ($3)::integer[], "moods" = ($4)::public.mood[] WHERE _0."id" = ($5)::integer RETURNING "ints", "words", "grid", "moods") SELECT '{"ints":'||coalesce(to_json(w."ints")::text,'null')||',"words":'||coalesce(to_json(w."words")::text,'null')||',"grid":'||coalesce(to_json(w."grid")::text,'null')||',"moods":'||coalesce(to_json(w."moods")::text,'null')||'}' FROM w;
-- $1 = {"1",NULL,"3"}
-- $2 = {"a b","c\"d"}
-- $3 = {{"1","2"},{"3","4"}}
-- $4 = {"ok"}
-- $5 = 1
-- $
WITH w AS (UPDATE "public"."kinds" AS _0 SET "ints" = ($1)::integer[], "words" = ($2)::text[], "grid" = ($3)::integer[], "moods" = ($4)::public.mood[] WHERE _0."id" = ($5)::integer RETURNING "ints", "words", "grid", "moods") SELECT '{"ints":'||coalesce(to_json(w."ints")::text,'null')||',"words":'||coalesce(to_json(w."words")::text,'null')||',"grid":'||coalesce(to_json(w."grid")::text,'null')||',"moods":'||coalesce(to_json(w."moods")::text,'null')||'}' FROM w;
-- $1 = {4,5}
-- $2 = {}
-- $3 = {{1}}
-- $4 = {"ok"}
-- $5 = 1
