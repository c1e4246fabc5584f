\echo Use "CREATE EXTENSION threefactor" to load this file. \quit

-- A schema of that name that somebody prepared would give its owner, and what is in it, power over what follows.
DO $$
DECLARE
  path text := pg_catalog.current_setting('search_path');
  schema pg_catalog.pg_namespace;
  wrong text;
BEGIN
  PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
  SELECT * INTO STRICT schema FROM pg_namespace WHERE nspname = 'threefactor';
  IF NOT (SELECT rolsuper OR rolname = current_user FROM pg_roles WHERE oid = schema.nspowner) THEN
    wrong := 'it belongs to ' || schema.nspowner::regrole;
  ELSIF EXISTS (SELECT FROM aclexplode(schema.nspacl) AS g WHERE g.privilege_type = 'CREATE' AND g.grantee <> schema.nspowner) THEN
    wrong := 'others than its owner may create objects in it';
  ELSE
    SELECT 'it contains ' || pg_describe_object(classid, objid, 0) INTO wrong FROM pg_depend
     WHERE refclassid = 'pg_namespace'::regclass AND refobjid = schema.oid
       AND NOT (classid = 'pg_extension'::regclass AND objid = (SELECT oid FROM pg_extension WHERE extname = 'threefactor')) LIMIT 1;
  END IF;
  IF wrong IS NOT NULL THEN
    RAISE EXCEPTION 'the schema "threefactor" exists already and cannot be used: %', wrong USING ERRCODE = 'duplicate_schema',
      HINT = 'Drop or rename it, then create the extension again.';
  END IF;
  PERFORM set_config('search_path', path, true);
END $$;

-- What the functions of the API are made of: nobody else has USAGE of it, and \df threefactor.* shows the API alone.
CREATE SCHEMA threefactor_private;

-- Fails with its hint when the library is not preloaded; asks the launcher for a worker at commit.
CREATE FUNCTION threefactor_private.start_worker() RETURNS void
  LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'threefactor_start_worker';
REVOKE ALL ON FUNCTION threefactor_private.start_worker() FROM PUBLIC;
SELECT threefactor_private.start_worker();
