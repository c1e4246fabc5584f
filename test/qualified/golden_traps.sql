-- The golden cases (test/golden) among traps.sql.
-- Functions of the test's own mean what they say under a path of their own; the gateway's rule is not about them.
CREATE SCHEMA plain;
GRANT USAGE ON SCHEMA plain TO PUBLIC;
DO $$
DECLARE
  one record;
BEGIN
  FOR one IN SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v') LOOP
    EXECUTE format('CREATE VIEW plain.%I AS SELECT * FROM public.%I', one.relname, one.relname);
    EXECUTE format('GRANT ALL ON plain.%I TO PUBLIC', one.relname);
  END LOOP;
  FOR one IN SELECT p.oid::regprocedure AS function FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
             WHERE p.pronamespace IN ('public'::regnamespace, 'other'::regnamespace) AND l.lanname IN ('sql', 'plpgsql')
               AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e') LOOP
    EXECUTE format('ALTER FUNCTION %s SET search_path = pg_catalog, plain', one.function);
  END LOOP;
END $$;

SET LOCAL search_path = pg_catalog;
SELECT hostile.set_traps('hostile', ARRAY(
         SELECT format_type(a.atttypid, NULL)
           FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
          WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm') AND a.attnum > 0 AND NOT a.attisdropped
         UNION SELECT unnest('{regclass,oid,name,"\"char\"",public.orders}'::text[])), '{character varying,text,integer,json,jsonb,name,public.mood,public.citext,public.positive,public.orders}'),
       hostile.set_traps('public', '{character varying,text,name,oid,public.citext,public.mood,public.positive}', '{character varying,text,integer,json,jsonb,name,public.mood,public.citext,public.positive,public.orders}');

SELECT hostile.set_temporary_traps();
SET LOCAL search_path = hostile, public, pg_catalog;
