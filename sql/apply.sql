-- apply: a statement of an event trigger that takes the event ($1, json, as the Hasura body) and the handler's response ($2, json). It runs
-- as apply_role, the owner of the table (of a topic: who made the event trigger), with the search_path of whoever made it, in
-- one transaction with the acknowledgement of the delivery: extension/apply/README.md.

-- Private. Raises unless the statement can be parsed, with the caller's rights, by the search_path.
CREATE FUNCTION threefactor_private.check_apply(statement text, path text) RETURNS void
  LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'threefactor_check_apply';

-- Private. Raises unless the apply statement of the definition can be; gives it with its role. The caller has the rights of that role: it
-- owns the table, or, of a topic, it is the caller.
CREATE FUNCTION threefactor_private.complete_apply(wanted threefactor.definition) RETURNS threefactor.definition
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  role record;
BEGIN
  IF wanted.apply IS NULL THEN
    wanted.apply_path := NULL;
    wanted.apply_role := NULL;
    RETURN wanted;
  END IF;
  SELECT r.rolname, r.rolcanlogin INTO role FROM pg_catalog.pg_roles AS r
   WHERE r.oid = coalesce((SELECT relowner FROM pg_catalog.pg_class WHERE oid = wanted.relation), threefactor_private.caller());
  IF NOT role.rolcanlogin THEN
    RAISE EXCEPTION 'role "%" cannot apply, it may not log in', role.rolname USING ERRCODE = 'object_not_in_prerequisite_state',
      DETAIL = 'The statement runs in a session of the owner of the table.',
      HINT = format('ALTER ROLE %I LOGIN; without a password, password authentication lets nobody in from outside.', role.rolname);
  END IF;
  IF octet_length(wanted.apply) > 262144 OR octet_length(wanted.apply_path) > 65536 THEN
    RAISE EXCEPTION 'apply must not be larger than 256 kB, nor the search_path than 64 kB' USING ERRCODE = 'program_limit_exceeded',
      HINT = 'Call a function.';
  END IF;
  wanted.apply_role := role.rolname;
  PERFORM threefactor_private.check_apply(wanted.apply, wanted.apply_path);
  RETURN wanted;
END $$;
