-- What a permission makes in the database, and how that is undone: column GRANTs, a policy, functions for conditions over other relations,
-- a trigger for presets. Everything is made with the rights of the table's owner (run_as), and written down in permission_part, so that
-- exactly that is taken back. Grants and policies made by hand stay. DECISIONS.md says what was rejected.
CREATE TABLE threefactor.permission_part (
  relation      regclass NOT NULL,
  role_name     text     NOT NULL,
  operation     text     NOT NULL,
  database_role text     NOT NULL,
  kind          text     NOT NULL CHECK (kind IN ('policy', 'trigger', 'function', 'privilege', 'sequence', 'schema', 'execute')),
  name          text     NOT NULL,  -- of the column (empty: the whole table), schema, policy, trigger; of the function or sequence as SQL names it
  PRIMARY KEY (relation, role_name, operation, kind, name)
);
SELECT pg_catalog.pg_extension_config_dump('threefactor.permission_part', 'WHERE relation::oid IN (SELECT c.oid FROM pg_class AS c)');

-- Tables whose row-level security a permission has enabled.
CREATE TABLE threefactor.row_security (
  relation regclass PRIMARY KEY
);
SELECT pg_catalog.pg_extension_config_dump('threefactor.row_security', 'WHERE relation::oid IN (SELECT c.oid FROM pg_class AS c)');

-- Private. The name in the database of a role of the API: with the prefix that the gateway, or the database, is set to.
CREATE FUNCTION threefactor_private.database_role(role_name text) RETURNS text
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
  AS $$ SELECT coalesce(current_setting('threefactor_gateway.role_prefix', true), '') || role_name $$;

-- Private. Makes sure that the role is there and that policies hold for it; `relation` null: of none.
CREATE FUNCTION threefactor_private.require_role(database_role text, relation oid) RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
  existing pg_roles;
  owner CONSTANT oid := (SELECT c.relowner FROM pg_class AS c WHERE c.oid = relation);
  caller CONSTANT oid := threefactor_private.caller();
BEGIN
  IF database_role = '' OR octet_length(database_role) > 63 OR starts_with(database_role, 'pg_') OR database_role IN ('public', 'none') THEN
    RAISE EXCEPTION 'role "%" cannot be a role of the database', database_role USING ERRCODE = 'TFCFG',
      HINT = 'Names have 1 to 63 bytes, do not begin with "pg_", and are not "public" or "none". A prefix for all of them can be set: threefactor_gateway.role_prefix.';
  END IF;
  SELECT r.* INTO existing FROM pg_roles AS r WHERE r.rolname = database_role;
  IF NOT FOUND THEN
    IF NOT (SELECT r.rolsuper OR r.rolcreaterole FROM pg_roles AS r WHERE r.oid = caller) THEN
      RAISE EXCEPTION 'role "%" does not exist, and role "%" may not create it', database_role, pg_get_userbyid(caller) USING ERRCODE = 'TFDEN',
        DETAIL = 'Permissions are rights of roles of the database.',
        HINT = format('A role with CREATEROLE makes it: CREATE ROLE %I NOLOGIN; GRANT %I TO %s;', database_role, database_role, session_user::regrole);
    END IF;
    PERFORM threefactor_private.run_as(caller, format('CREATE ROLE %I NOLOGIN', database_role));
    IF NOT (SELECT r.rolsuper FROM pg_roles AS r WHERE r.oid = caller) THEN  -- so that the gateway may become it
      PERFORM threefactor_private.run_as(caller, format('GRANT %I TO %I', database_role, pg_get_userbyid(caller)));
    END IF;
  ELSIF existing.rolsuper OR existing.rolbypassrls OR pg_has_role(existing.oid, owner, 'USAGE') THEN
    RAISE EXCEPTION 'role "%" cannot have permissions: policies do not hold for it', database_role USING ERRCODE = 'TFCFG',
      DETAIL = CASE WHEN existing.rolsuper THEN 'It is a superuser.' WHEN existing.rolbypassrls THEN 'It has BYPASSRLS.' ELSE 'It has the rights of the owner of the table.' END,
      HINT = 'Give the permission to another role, or set threefactor_gateway.role_prefix so that the roles of the API have names of their own.';
  END IF;
END $$;

-- Who would read fewer rows of the table, or write fewer, if row-level security was enabled now: roles with rights that no permission gave
-- them, and for which policies would hold. No rows: nobody, or it is enabled already.
CREATE FUNCTION threefactor.roles_losing_rows(relation regclass) RETURNS TABLE (role text, privileges text)
  LANGUAGE threefactor STABLE AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  WITH given AS (
    SELECT g.grantee, g.privilege_type, '' AS "column", c.relowner FROM pg_class AS c, aclexplode(c.relacl) AS g WHERE c.oid = roles_losing_rows.relation
    UNION ALL
    SELECT g.grantee, g.privilege_type, a.attname, c.relowner FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid, aclexplode(a.attacl) AS g
     WHERE c.oid = roles_losing_rows.relation AND a.attnum > 0
    UNION ALL  -- these have it of every table
    SELECT m.member, CASE d.rolname WHEN 'pg_read_all_data' THEN 'SELECT' ELSE 'INSERT, UPDATE, DELETE' END, '', c.relowner
      FROM pg_class AS c, pg_auth_members AS m JOIN pg_roles AS d ON d.oid = m.roleid
     WHERE c.oid = roles_losing_rows.relation AND d.rolname IN ('pg_read_all_data', 'pg_write_all_data')
  )
  SELECT coalesce(r.rolname::text, 'PUBLIC'), string_agg(DISTINCT g.privilege_type, ', ' ORDER BY g.privilege_type)
    FROM given AS g LEFT JOIN pg_roles AS r ON r.oid = g.grantee
   WHERE g.privilege_type IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE', 'INSERT, UPDATE, DELETE')
     AND (SELECT NOT c.relrowsecurity AND c.relkind IN ('r', 'p') FROM pg_class AS c WHERE c.oid = roles_losing_rows.relation)
     AND (g.grantee = 0 OR NOT (r.rolsuper OR r.rolbypassrls OR pg_has_role(r.oid, g.relowner, 'USAGE')))
     AND NOT EXISTS (SELECT FROM threefactor.permission_part AS p
                      WHERE p.relation = roles_losing_rows.relation AND p.database_role = r.rolname AND p.kind = 'privilege' AND p.name IN ('', g."column"))
   GROUP BY 1 ORDER BY 1;
END $$;

-- Private. Policies hold from now on: never in silence for those who had rights before.
CREATE FUNCTION threefactor_private.enable_row_security(relation oid) RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
  class CONSTANT pg_class := (SELECT c FROM pg_class AS c WHERE c.oid = relation);
  losing text;
BEGIN
  IF class.relrowsecurity THEN
    RETURN;
  END IF;
  SELECT string_agg(format('%s (%s)', l.role, l.privileges), ', ') INTO losing FROM threefactor.roles_losing_rows(relation) AS l;
  IF losing IS NOT NULL THEN
    RAISE EXCEPTION 'a permission needs row-level security on table "%", and these roles would lose rows by it: %', threefactor_private.display_name(relation), losing
      USING ERRCODE = 'TFDEP',
        DETAIL = 'Where row-level security is enabled, a role reads and writes only rows that a policy allows it.', HINT = format('Give them policies, as CREATE POLICY "all rows" ON %s TO a_role USING (true), or revoke their rights; then ALTER TABLE %s ENABLE ROW LEVEL SECURITY, and create the permission again.',
                                            threefactor_private.qualified(relation), threefactor_private.qualified(relation));
  END IF;
  PERFORM threefactor_private.run_as(class.relowner, format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', threefactor_private.qualified(relation)));
  INSERT INTO threefactor.row_security AS s VALUES (relation) ON CONFLICT DO NOTHING;
END $$;

-- Private. A name that nothing has, for what is made for a permission.
CREATE FUNCTION threefactor_private.part_name(relation oid, role_name text, operation text) RETURNS text
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
  whole CONSTANT text := format('%s_%s_%s', (SELECT c.relname FROM pg_class AS c WHERE c.oid = relation), role_name, operation);
  short CONSTANT text := CASE WHEN octet_length(whole) <= 56 THEN whole ELSE left(regexp_replace(whole, '[^ -~]', '_', 'g'), 45) || '_' || left(md5(whole), 8) END;
BEGIN
  FOR number IN 1 .. 10000 LOOP
    IF NOT EXISTS (SELECT FROM pg_proc AS p WHERE p.proname = short || '_' || number) THEN
      RETURN short || '_' || number;
    END IF;
  END LOOP;
END $$;

-- Private. The SQL of a condition, for a policy on the relation. For conditions over other relations it makes functions, in the schema of
-- the relation as long as the policy is not made (settle_functions), and gives their names.
CREATE FUNCTION threefactor_private.policy_text(pieces jsonb, relation oid, role_name text, operation text, OUT "text" text, OUT functions text[]) RETURNS record
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
  piece jsonb;
  inner_piece jsonb;
  body text;
  arguments jsonb;
  place integer;
  schema text;
  owner oid;
  function_name text;
  variables CONSTANT text[] := threefactor_private.variables(pieces);
BEGIN
  "text" := '';
  functions := '{}';
  SELECT quote_ident(n.nspname), c.relowner INTO schema, owner FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE c.oid = relation;
  FOR piece IN SELECT e.p FROM jsonb_array_elements(pieces) AS e(p) LOOP
    IF jsonb_typeof(piece) = 'string' THEN
      "text" := "text" || (piece #>> '{}');
    ELSIF piece ? 'e' THEN
      "text" := "text" || (piece ->> 'e');
    ELSE
      body := '';
      arguments := '[]';
      FOR inner_piece IN SELECT e.p FROM jsonb_array_elements(piece -> 'exists') AS e(p) LOOP
        IF jsonb_typeof(inner_piece) = 'string' THEN
          body := body || (inner_piece #>> '{}');
        ELSE
          place := (SELECT a.place FROM jsonb_array_elements(arguments) WITH ORDINALITY AS a(given, place) WHERE a.given = inner_piece);
          IF place IS NULL THEN
            arguments := arguments || jsonb_build_array(inner_piece);
            place := jsonb_array_length(arguments);
          END IF;
          body := body || '$' || place;
        END IF;
      END LOOP;
      function_name := threefactor_private.part_name(relation, role_name, operation);
      PERFORM threefactor_private.run_as(owner, format(
        'CREATE FUNCTION %s.%I(%s) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp RETURN %s', schema, function_name,
        (SELECT string_agg(format('%I %s', (a.given ->> 'n') || CASE WHEN a.place > 1 THEN '_' || a.place ELSE '' END, a.given ->> 't'), ', ' ORDER BY a.place)
           FROM jsonb_array_elements(arguments) WITH ORDINALITY AS a(given, place)), body));
      functions := functions || function_name;
      "text" := "text" || format(CASE arguments WHEN '[]' THEN '(SELECT %s.%I(%s))' ELSE '%s.%I(%s)' END, schema, function_name,
        (SELECT string_agg(a.given ->> 'e', ', ' ORDER BY a.place) FROM jsonb_array_elements(arguments) WITH ORDINALITY AS a(given, place)));
    END IF;
  END LOOP;
  IF variables <> '{}' THEN
    "text" := format('(SELECT threefactor.require_claims(%s)) AND %s', (SELECT string_agg(quote_literal(v), ', ' ORDER BY v) FROM unnest(variables) AS v), "text");
  END IF;
END $$;

-- Private. The functions go where nobody names them; the role may execute them, as far as policies do.
CREATE FUNCTION threefactor_private.settle_functions(permission threefactor.permission, database_role text, functions text[]) RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
  function regprocedure;
  name text;
BEGIN
  FOREACH name IN ARRAY functions LOOP
    function := (SELECT p.oid FROM pg_proc AS p JOIN pg_class AS c ON c.oid = permission.relation AND c.relnamespace = p.pronamespace WHERE p.proname = name);
    EXECUTE format('ALTER FUNCTION %s SET SCHEMA threefactor_policy', function);
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', function);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', function, database_role);
    PERFORM threefactor_private.note_part(permission, database_role, 'function', name);
  END LOOP;
END $$;

CREATE FUNCTION threefactor_private.note_part(permission threefactor.permission, database_role text, kind text, name text) RETURNS void
  LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO threefactor.permission_part (relation, role_name, operation, database_role, kind, name)
  VALUES (permission.relation, permission.role_name, permission.operation, database_role, kind, name)
$$;

-- Private. GRANTs of what the permission allows and the role does not have by name already.
CREATE FUNCTION threefactor_private.grant_privileges(permission threefactor.permission, database_role text) RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
  class CONSTANT pg_class := (SELECT c FROM pg_class AS c WHERE c.oid = permission.relation);
  grantee CONSTANT oid := (SELECT r.oid FROM pg_roles AS r WHERE r.rolname = database_role);
  columns CONSTANT jsonb := permission.definition -> 'columns';
  presets CONSTANT jsonb := coalesce(nullif(permission.definition -> 'set', 'null'), '{}');
  privilege CONSTANT text := upper(permission.operation);
  schema CONSTANT pg_namespace := (SELECT n FROM pg_namespace AS n WHERE n.oid = class.relnamespace);
  part record;
BEGIN
  IF NOT has_schema_privilege(grantee, schema.oid, 'USAGE') THEN
    IF NOT threefactor_private.caller_acts_for(schema.nspowner) THEN
      RAISE EXCEPTION 'role "%" has no right to use schema "%"', database_role, schema.nspname USING ERRCODE = 'TFDEN',
        HINT = format('The owner of the schema gives it: GRANT USAGE ON SCHEMA %I TO %I;', schema.nspname, database_role);
    END IF;
    PERFORM threefactor_private.run_as(schema.nspowner, format('GRANT USAGE ON SCHEMA %I TO %I', schema.nspname, database_role));
    PERFORM threefactor_private.note_part(permission, database_role, 'schema', schema.nspname);
  ELSIF EXISTS (SELECT FROM threefactor.permission_part AS p WHERE p.kind = 'schema' AND p.name = schema.nspname AND p.database_role = database_role) THEN
    PERFORM threefactor_private.note_part(permission, database_role, 'schema', schema.nspname);
  END IF;
  FOR part IN  -- the whole table: also of columns that it will have; a column that is preset is nobody's to give
    SELECT '' AS "column", class.relacl AS acl WHERE permission.operation = 'delete' OR columns = '"*"' AND presets = '{}'
    UNION ALL
    SELECT a.attname, a.attacl || class.relacl FROM pg_attribute AS a
     WHERE a.attrelid = permission.relation AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' AND permission.operation <> 'delete' AND NOT presets ? a.attname
       AND (jsonb_typeof(columns) = 'array' AND columns ? a.attname OR columns = '"*"' AND presets <> '{}')
    UNION ALL
    SELECT a.attname, a.attacl || class.relacl FROM pg_attribute AS a
     WHERE a.attrelid = permission.relation AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated <> '' AND permission.operation = 'select' AND columns ? a.attname
  LOOP
    CONTINUE WHEN EXISTS (SELECT FROM aclexplode(part.acl) AS g WHERE g.grantee = grantee AND g.privilege_type = privilege);
    PERFORM threefactor_private.run_as(class.relowner, format('GRANT %s%s ON %s TO %I', privilege, CASE part."column" WHEN '' THEN '' ELSE format(' (%I)', part."column") END,
                                                              threefactor_private.qualified(permission.relation), database_role));
    PERFORM threefactor_private.note_part(permission, database_role, 'privilege', part."column");
  END LOOP;
  IF permission.operation = 'insert' THEN  -- serial columns take their default as the one who inserts
    FOR part IN
      SELECT threefactor_private.qualified(s.oid) AS name, s.relowner FROM pg_depend AS d JOIN pg_class AS s ON s.oid = d.objid AND s.relkind = 'S'
       WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid = permission.relation AND d.deptype = 'a'
         AND CASE s.relkind WHEN 'S' THEN NOT has_sequence_privilege(grantee, s.oid, 'USAGE') END
    LOOP
      PERFORM threefactor_private.run_as(part.relowner, format('GRANT USAGE ON SEQUENCE %s TO %I', part.name, database_role));
      PERFORM threefactor_private.note_part(permission, database_role, 'sequence', part.name);
    END LOOP;
  END IF;
  FOR part IN
    SELECT p.oid::regprocedure::text AS name, p.proowner FROM threefactor.computed_field AS f JOIN pg_namespace AS n ON n.nspname = f.function_schema
      JOIN pg_proc AS p ON p.pronamespace = n.oid AND p.proname = f.function_name
     WHERE f.relation = permission.relation AND jsonb_typeof(permission.definition -> 'computed_fields') = 'array' AND permission.definition -> 'computed_fields' ? f.name
       AND NOT has_function_privilege(grantee, p.oid, 'EXECUTE')
  LOOP
    IF NOT threefactor_private.caller_acts_for(part.proowner) THEN
      RAISE EXCEPTION 'must be owner of function %', part.name USING ERRCODE = 'insufficient_privilege', HINT = format('GRANT EXECUTE ON FUNCTION %s TO %I;', part.name, database_role);
    END IF;
    PERFORM threefactor_private.run_as(part.proowner, format('GRANT EXECUTE ON FUNCTION %s TO %I', part.name, database_role));
    PERFORM threefactor_private.note_part(permission, database_role, 'execute', part.name);
  END LOOP;
END $$;

-- Private. The policy of a permission on a table.
CREATE FUNCTION threefactor_private.make_policy(permission threefactor.permission, database_role text) RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
  owner CONSTANT oid := (SELECT c.relowner FROM pg_class AS c WHERE c.oid = permission.relation);
  label CONSTANT text := threefactor_private.qualified(permission.relation);
  using_text text;
  check_text text;
  functions text[] := '{}';
  policy text := format('threefactor %s %s', permission.role_name, permission.operation);
BEGIN
  IF permission.definition ? 'filter' THEN
    SELECT t."text", t.functions INTO using_text, functions FROM threefactor_private.policy_text(
      threefactor_private.condition(permission.relation, '', permission.definition -> 'filter', permission.relation, 'filter'),
      permission.relation, permission.role_name, permission.operation) AS t;
  END IF;
  IF permission.operation IN ('insert', 'update') THEN  -- without a check any new row, as Postgres would take the filter for it
    SELECT t."text", functions || t.functions INTO check_text, functions FROM threefactor_private.policy_text(
      threefactor_private.condition(permission.relation, '', coalesce(nullif(permission.definition -> 'check', 'null'), '{}'), permission.relation, 'check'),
      permission.relation, permission.role_name, permission.operation) AS t;
  END IF;
  IF octet_length(policy) > 63 THEN
    policy := format('threefactor %s %s', md5(permission.role_name), permission.operation);
  END IF;
  PERFORM threefactor_private.run_as(owner, format('CREATE POLICY %I ON %s FOR %s TO %I%s%s', policy, label,
    upper(permission.operation), database_role, ' USING (' || using_text || ')', ' WITH CHECK (' || check_text || ')'));
  PERFORM threefactor_private.note_part(permission, database_role, 'policy', policy);
  PERFORM threefactor_private.run_as(owner, format('COMMENT ON POLICY %I ON %s IS %L', policy, label,
    format('Made by threefactor for the %s permission of role "%s" on table "%s"', permission.operation, permission.role_name,
           threefactor_private.display_name(permission.relation)) || coalesce(': ' || permission.comment, '.')));
  PERFORM threefactor_private.settle_functions(permission, database_role, functions);
END $$;

-- Private. Makes what the stored permission stands for. Raises TFCFG, TFNSP, TFDEP, TFDEN with what is wrong.
CREATE FUNCTION threefactor_private.make_permission(permission threefactor.permission) RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
  database_role CONSTANT text := threefactor_private.database_role(permission.role_name);
  class CONSTANT pg_class := (SELECT c FROM pg_class AS c WHERE c.oid = permission.relation);
  definition CONSTANT jsonb := permission.definition;
BEGIN
  IF class.relkind NOT IN ('r', 'p') AND (coalesce(definition -> 'filter', '{}') <> '{}' OR coalesce(nullif(definition -> 'check', 'null'), '{}') <> '{}') THEN
    PERFORM threefactor_private.refuse(CASE WHEN coalesce(definition -> 'filter', '{}') <> '{}' THEN 'filter' ELSE 'check' END,
      CASE WHEN class.relkind IN ('v', 'm') THEN 'a view has no policies; put the condition into the view itself, as WHERE author_id = (SELECT threefactor.claim(''user_id''))::integer, and give the permission {} here'
           ELSE 'only tables have policies; give the permission {} here' END, 'TFNSP');
  ELSIF class.relpersistence = 't' THEN
    PERFORM threefactor_private.refuse('table', 'a temporary table has no permissions', 'TFNSP');
  END IF;
  PERFORM threefactor_private.require_role(database_role, permission.relation);
  PERFORM threefactor_private.grant_privileges(permission, database_role);
  IF class.relkind IN ('r', 'p') THEN
    PERFORM threefactor_private.enable_row_security(permission.relation);
    PERFORM threefactor_private.make_policy(permission, database_role);
  END IF;
  PERFORM threefactor_private.make_presets(permission, database_role);
END $$;

-- Private. Functions that no policy or trigger calls any more.
CREATE FUNCTION threefactor_private.drop_stale_functions() RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  stale regprocedure;
BEGIN
  FOR stale IN
    SELECT p.oid::regprocedure FROM pg_proc AS p WHERE p.pronamespace = 'threefactor_policy'::regnamespace
       AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.refclassid = 'pg_proc'::regclass AND d.refobjid = p.oid AND d.classid IN ('pg_policy'::regclass, 'pg_trigger'::regclass))
  LOOP
    EXECUTE format('DROP FUNCTION %s', stale);
  END LOOP;
END $$;

-- Private, of the server (extension/follow/policies.hpp). Before columns of the relation are dropped or get another type (null: before it
-- is dropped): Postgres refuses that while policies stand on them, so those of permissions go, and come back with what is left. Gives what
-- restore_policies needs; null: nothing.
CREATE FUNCTION threefactor_private.set_aside_policies(relation oid, columns text[]) RETURNS text
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
  numbers CONSTANT integer[] := ARRAY(SELECT a.attnum FROM pg_attribute AS a WHERE a.attrelid = relation AND a.attname = ANY (columns));
  part record;
  aside jsonb;
BEGIN
  FOR part IN
    SELECT p.relation, p.role_name, p.operation, p.database_role, o.polname, c.relowner
      FROM threefactor.permission_part AS p JOIN pg_policy AS o ON o.polrelid = p.relation AND o.polname = p.name JOIN pg_class AS c ON c.oid = p.relation
     WHERE p.kind = 'policy' AND (columns IS NOT NULL OR p.relation <> relation) AND EXISTS (
       SELECT FROM pg_depend AS d
        WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = relation AND (columns IS NULL OR d.refobjsubid = ANY (numbers))
          AND (d.classid = 'pg_policy'::regclass AND d.objid = o.oid
               OR d.classid = 'pg_proc'::regclass AND d.objid IN (SELECT f.refobjid FROM pg_depend AS f WHERE f.classid = 'pg_policy'::regclass AND f.objid = o.oid
                                                                    AND f.refclassid = 'pg_proc'::regclass)))
  LOOP
    aside := coalesce(aside, '[]') || jsonb_build_array(jsonb_build_object('relation', part.relation::oid::bigint, 'role', part.role_name, 'operation', part.operation,
                                                                           'database_role', part.database_role, 'is_drop', columns IS NULL));
    PERFORM threefactor_private.run_as(part.relowner, format('DROP POLICY %I ON %s', part.polname, threefactor_private.qualified(part.relation)));
    DELETE FROM threefactor.permission_part AS p
     WHERE (p.relation, p.role_name, p.operation) = (part.relation, part.role_name, part.operation)
       AND (p.kind = 'policy' OR p.kind = 'function' AND NOT EXISTS (SELECT FROM pg_trigger AS t JOIN pg_proc AS f ON f.oid = t.tgfoid
                                                                      WHERE t.tgrelid = p.relation AND f.proname = p.name));
  END LOOP;
  IF aside IS NOT NULL THEN
    PERFORM threefactor_private.drop_stale_functions();
  END IF;
  RETURN aside;
END $$;

-- Private, of the server. After it, and after the metadata has followed. A permission whose condition looks at a table that was dropped goes.
CREATE FUNCTION threefactor_private.restore_policies(aside text) RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  found record;
BEGIN
  FOR found IN
    SELECT p AS permission, a.database_role, a.is_drop
      FROM jsonb_to_recordset(aside::jsonb) AS a(relation oid, role text, operation text, database_role text, is_drop boolean)
      JOIN threefactor.permission AS p ON (p.relation, p.role_name, p.operation) = (a.relation, a.role, a.operation)
  LOOP
    IF found.is_drop AND EXISTS (
         SELECT FROM unnest(ARRAY['filter', 'check']) AS part, threefactor_private.expression_names((found.permission).relation, (found.permission).definition -> part) AS e
                WHERE e.owner IS NULL) THEN
      DELETE FROM threefactor.permission AS p
       WHERE (p.relation, p.role_name, p.operation) = ((found.permission).relation, (found.permission).role_name, (found.permission).operation);
      PERFORM threefactor_private.note_removed('permission', format('%s.%s.%s', threefactor_private.display_name((found.permission).relation),
        (found.permission).role_name, (found.permission).operation), (found.permission).relation);
      CONTINUE;
    END IF;
    PERFORM threefactor_private.make_policy(found.permission, found.database_role);
    PERFORM threefactor_private.follow_presets((found.permission).relation);
  END LOOP;
END $$;

-- Private. Takes back what was made for a permission that goes, however it goes.
CREATE FUNCTION threefactor_private.unmake_permission() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  owner CONSTANT oid := (SELECT c.relowner FROM pg_class AS c WHERE c.oid = OLD.relation);  -- null: the table is gone
  label CONSTANT text := threefactor_private.qualified(OLD.relation);
  part record;
BEGIN
  FOR part IN
    DELETE FROM threefactor.permission_part AS p WHERE p.relation = OLD.relation AND p.role_name = OLD.role_name AND p.operation = OLD.operation
    RETURNING p.*, EXISTS (SELECT FROM pg_roles AS r WHERE r.rolname = p.database_role) AS has_role
  LOOP
    IF part.kind = 'policy' AND EXISTS (SELECT FROM pg_policy AS p WHERE p.polrelid = OLD.relation AND p.polname = part.name) THEN
      PERFORM threefactor_private.run_as(owner, format('DROP POLICY %I ON %s', part.name, label));
    ELSIF part.kind = 'trigger' AND EXISTS (SELECT FROM pg_trigger AS t WHERE t.tgrelid = OLD.relation AND t.tgname = part.name) THEN
      PERFORM threefactor_private.run_as(owner, format('DROP TRIGGER %I ON %s', part.name, label));
    ELSIF part.kind = 'privilege' AND part.has_role AND owner IS NOT NULL AND (part.name = '' OR EXISTS (
        SELECT FROM pg_attribute AS a WHERE a.attrelid = OLD.relation AND a.attname = part.name AND NOT a.attisdropped)) THEN
      PERFORM threefactor_private.run_as(owner, format('REVOKE %s%s ON %s FROM %I', upper(part.operation), CASE part.name WHEN '' THEN '' ELSE format(' (%I)', part.name) END,
                                                       label, part.database_role));
    ELSIF part.kind = 'sequence' AND part.has_role AND to_regclass(part.name) IS NOT NULL THEN
      PERFORM threefactor_private.run_as((SELECT c.relowner FROM pg_class AS c WHERE c.oid = to_regclass(part.name)),
                                         format('REVOKE USAGE ON SEQUENCE %s FROM %I', part.name, part.database_role));
    ELSIF part.kind = 'execute' AND part.has_role THEN
      PERFORM threefactor_private.run_as(p.proowner, format('REVOKE EXECUTE ON FUNCTION %s FROM %I', part.name, part.database_role))
         FROM pg_proc AS p WHERE p.oid::regprocedure::text = part.name;
    ELSIF part.kind = 'schema' AND part.has_role AND to_regnamespace(quote_ident(part.name)) IS NOT NULL
          AND NOT EXISTS (SELECT FROM threefactor.permission_part AS p WHERE p.kind = 'schema' AND p.name = part.name AND p.database_role = part.database_role) THEN
      PERFORM threefactor_private.run_as((SELECT n.nspowner FROM pg_namespace AS n WHERE n.nspname = part.name),
                                         format('REVOKE USAGE ON SCHEMA %I FROM %I', part.name, part.database_role));
    END IF;
  END LOOP;
  RETURN OLD;
END $$;

-- Private. After it: functions that no policy or trigger calls any more; and row-level security, where a permission had it enabled, nothing
-- needs it, and nobody would see more.
CREATE FUNCTION threefactor_private.unmake_rest() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  class pg_class;
BEGIN
  PERFORM threefactor_private.drop_stale_functions();
  FOR class IN
    SELECT c.* FROM pg_class AS c JOIN threefactor.row_security AS s ON s.relation = c.oid
     WHERE c.relrowsecurity AND NOT EXISTS (SELECT FROM threefactor.permission AS p WHERE p.relation = c.oid)
  LOOP
    DELETE FROM threefactor.row_security AS s WHERE s.relation = class.oid;
    CONTINUE WHEN EXISTS (SELECT FROM pg_policy AS p WHERE p.polrelid = class.oid)
               OR EXISTS (SELECT FROM aclexplode(class.relacl) AS g WHERE g.grantee <> class.relowner)
               OR EXISTS (SELECT FROM pg_attribute AS a, aclexplode(a.attacl) AS g WHERE a.attrelid = class.oid AND NOT a.attisdropped AND g.grantee <> class.relowner);
    PERFORM threefactor_private.run_as(class.relowner, format('ALTER TABLE %s DISABLE ROW LEVEL SECURITY', threefactor_private.qualified(class.oid)));
  END LOOP;
  RETURN NULL;
END $$;
CREATE TRIGGER unmake BEFORE DELETE ON threefactor.permission FOR EACH ROW EXECUTE FUNCTION threefactor_private.unmake_permission();
CREATE TRIGGER unmake_rest AFTER DELETE ON threefactor.permission FOR EACH STATEMENT EXECUTE FUNCTION threefactor_private.unmake_rest();
