-- apply: a statement of an event trigger that takes the event ($1, json, as the Hasura body) and the handler's response ($2, json). It runs
-- as apply_role, the owner of the event trigger, with the search_path of whoever gave it, in
-- one transaction with the acknowledgement of the delivery: extension/apply/README.md.

-- Private. Raises unless the statement can be parsed, with the caller's rights, by the search_path.
CREATE FUNCTION threefactor_private.check_apply(statement text, path text) RETURNS void
  LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'threefactor_check_apply';

-- Private. Raises unless the apply statement that the caller gives can be; gives it with its role, whose rights the caller has. Never of a
-- statement that somebody else gave: it would run with the rights of whoever changes something else of the event trigger.
CREATE FUNCTION threefactor_private.complete_apply(name text, wanted threefactor.definition) RETURNS threefactor.definition
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  role record;
BEGIN
  IF wanted.apply IS NULL THEN
    wanted.apply_path := NULL;
    wanted.apply_role := NULL;
    wanted.apply_role_id := NULL;
    RETURN wanted;
  END IF;
  SELECT r.oid, r.rolname, r.rolcanlogin INTO role FROM pg_catalog.pg_roles AS r WHERE r.oid = threefactor_private.owner_of(name, wanted.relation);
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
  wanted.apply_role_id := threefactor_private.role_id(role.oid);
  PERFORM threefactor_private.check_apply(wanted.apply, wanted.apply_path);
  RETURN wanted;
END $$;

-- Private. Raises when the apply statement of the definition is not its owner's any more: who keeps it says so by giving it again.
CREATE FUNCTION threefactor_private.keep_apply(name text, kept threefactor.definition) RETURNS void
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF kept.apply IS NOT NULL
     AND threefactor_private.role_of(kept.apply_role, kept.apply_role_id) IS DISTINCT FROM threefactor_private.owner_of(name, kept.relation) THEN
    RAISE EXCEPTION 'event trigger "%" has an apply statement of role "%", whose it is no more', name, kept.apply_role
      USING ERRCODE = 'object_not_in_prerequisite_state',
      DETAIL = 'It is not run: it would have the rights of a role that did not give it.',
      HINT = $h$Pass apply => ... as well, or reset => '{apply}'.$h$;
  END IF;
END $$;
