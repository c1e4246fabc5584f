-- What a role that may create objects in schemas of the search_path could put in the way of our SQL: operators, functions and
-- aggregates of every name that pg_catalog has, for the types that columns have; types and relations of those names in pg_temp
-- (functions and operators are never looked up there). Each that is called ends the statement. To be tried with
-- search_path = hostile, public, pg_catalog: even what has the very types of pg_catalog's own comes first then.
CREATE SCHEMA hostile;
GRANT USAGE ON SCHEMA hostile TO PUBLIC;

CREATE FUNCTION hostile.spring() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'a trap was called'; END $$;
CREATE FUNCTION hostile.spring_at_end(boolean) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'a trap was called'; END $$;

-- How many it made. `types`: for operators and aggregates; `few`: in place of arguments of any type.
CREATE FUNCTION hostile.set_traps(place text, types text[], few text[]) RETURNS bigint LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  type text;
  one record;
  made bigint := 0;
BEGIN
  -- Of two equal types, or a domain and what it is over.
  FOR one IN SELECT t AS lefttype, t AS righttype FROM unnest(types) AS t
             UNION SELECT t, format_type(typbasetype, NULL) FROM unnest(types) AS t JOIN pg_type ON oid = t::regtype WHERE typtype = 'd'
             UNION SELECT 'varchar', 'text' UNION SELECT 'text', 'varchar' UNION SELECT 'oid', 'regclass' UNION SELECT 'regclass', 'oid'
             UNION SELECT 'name', 'text' UNION SELECT 'json', 'integer' UNION SELECT 'json', 'text' UNION SELECT 'json', 'text[]'
             UNION SELECT 'jsonb', 'text' UNION SELECT 'jsonb', 'integer' UNION SELECT 'jsonb', 'text[]' UNION SELECT 'jsonb', 'jsonpath'
             UNION SELECT 'bigint', 'integer' UNION SELECT 'character varying', 'text' LOOP
    EXECUTE format('CREATE OR REPLACE FUNCTION %I.trap(%s, %s) RETURNS boolean LANGUAGE sql AS ''SELECT hostile.spring()''',
                   place, one.lefttype, one.righttype);
    FOR type IN SELECT DISTINCT o.oprname FROM pg_operator o WHERE o.oprnamespace = 'pg_catalog'::regnamespace AND NOT EXISTS
                  (SELECT FROM pg_operator p WHERE p.oprname = o.oprname AND p.oprnamespace = place::regnamespace
                      AND p.oprleft = one.lefttype::regtype AND p.oprright = one.righttype::regtype) LOOP
      EXECUTE format('CREATE OPERATOR %I.%s (LEFTARG = %s, RIGHTARG = %s, FUNCTION = %I.trap)',
                     place, type, one.lefttype, one.righttype, place);
      made := made + 1;
    END LOOP;
  END LOOP;

  -- Functions and aggregates with the arguments that they have; in place of arguments of any type, each of the types.
  FOR one IN
    WITH system AS (
      SELECT p.proname, p.prokind, p.provariadic, p.proargtypes::oid[] AS arguments,
             EXISTS (SELECT FROM unnest(p.proargtypes::oid[]) AS a JOIN pg_type t ON t.oid = a WHERE t.typname ~ '^any') AS is_any
        FROM pg_proc p WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.prokind IN ('f', 'a') AND p.pronargs > 0
    ), made AS (
      SELECT DISTINCT s.proname, s.prokind = 'a' AS is_aggregate, (
               SELECT array_agg(CASE WHEN a.type::regtype::text IN ('"any"', 'anyelement', 'anycompatible', 'anynonarray', 'anyenum') THEN t.type
                                     WHEN a.type::regtype::text IN ('anyarray', 'anycompatiblearray') THEN nullif(k.typarray, 0)
                                     WHEN NOT s.is_any AND a.place = 1 AND t.type <> 'text'::regtype THEN t.type
                                     ELSE a.type END ORDER BY a.place)
                 FROM unnest(s.arguments || CASE WHEN s.provariadic <> 0 THEN array_fill('"any"'::regtype::oid, ARRAY[more]) ELSE '{}' END)
                      WITH ORDINALITY AS a(type, place)) AS arguments
        FROM system s JOIN (SELECT DISTINCT name::regtype::oid AS type FROM unnest(types || few || '{text,varchar}') AS name) AS t
          ON CASE WHEN s.prokind = 'a' THEN t.type = ANY (types::regtype[])
             WHEN s.is_any THEN t.type = ANY (few::regtype[])
             ELSE t.type IN ('text'::regtype, 'varchar'::regtype) END
        JOIN pg_type k ON k.oid = t.type, generate_series(0, CASE WHEN s.provariadic <> 0 THEN 2 ELSE 0 END) AS more
    )
    SELECT m.proname, m.is_aggregate, array_to_string(ARRAY(SELECT format_type(a, NULL) FROM unnest(m.arguments) AS a), ', ') AS arguments
      FROM made m
     WHERE NOT EXISTS (SELECT FROM unnest(m.arguments) AS a LEFT JOIN pg_type t ON t.oid = a WHERE a IS NULL OR t.typtype = 'p')
       AND NOT EXISTS (SELECT FROM pg_proc p WHERE p.proname = m.proname AND p.pronamespace = place::regnamespace
                       AND array_to_string(p.proargtypes::oid[], ',') = array_to_string(m.arguments, ','))
       AND (NOT m.is_aggregate OR cardinality(m.arguments) = 1)
  LOOP
    IF one.is_aggregate THEN
      EXECUTE format('CREATE OR REPLACE FUNCTION %I.trap_state(boolean, %s) RETURNS boolean LANGUAGE sql AS ''SELECT true''', place, one.arguments);
      EXECUTE format('CREATE AGGREGATE %I.%I (%s) (SFUNC = %I.trap_state, STYPE = boolean, FINALFUNC = hostile.spring_at_end)',
                     place, one.proname, one.arguments, place);
    ELSE
      EXECUTE format('CREATE FUNCTION %I.%I(%s) RETURNS boolean LANGUAGE sql AS ''SELECT hostile.spring()''',
                     place, one.proname, one.arguments);
    END IF;
    made := made + 1;
  END LOOP;
  RETURN made;
END $$;

-- Types and relations of pg_catalog's names, where they are looked up first.
CREATE FUNCTION hostile.set_temporary_traps() RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
  one record;
BEGIN
  FOR one IN SELECT typname FROM pg_catalog.pg_type WHERE typnamespace = 'pg_catalog'::regnamespace
              AND (typtype = 'b' AND typelem = 0 OR typtype = 'r' OR typname = 'name') LOOP
    EXECUTE format('CREATE DOMAIN pg_temp.%I AS integer CHECK (VALUE IS NULL)', one.typname);
  END LOOP;
  FOR one IN SELECT relname FROM pg_catalog.pg_class WHERE relnamespace OPERATOR(pg_catalog.=) 11::pg_catalog.oid
              AND relkind OPERATOR(pg_catalog.=) ANY ('{r,v}'::pg_catalog."char"[]) LOOP
    EXECUTE pg_catalog.format('CREATE TEMPORARY TABLE %I (trap integer)', one.relname);
  END LOOP;
END $$;
