-- Permissions of the metadata API: checked, stored, and made into what Postgres enforces (policies.sql). What it has no notion of (limit,
-- allow_aggregations, root fields, computed fields, backend_only) is stored, and the gateway is told by metadata().

-- Private. The keys and types of a permission's members.
CREATE FUNCTION threefactor_private.check_definition(operation text, definition jsonb) RETURNS void
  LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
  member record;
  required CONSTANT text := CASE operation WHEN 'insert' THEN 'check' ELSE 'filter' END;
BEGIN
  IF jsonb_typeof(definition) IS DISTINCT FROM 'object' THEN
    PERFORM threefactor_private.refuse('permission', 'expected an object');
  ELSIF NOT definition ? required THEN
    PERFORM threefactor_private.refuse('permission', format('key "%s" not found', required));
  END IF;
  FOR member IN
    SELECT d.key, d.value, jsonb_typeof(d.value) AS type, k.type AS wanted
      FROM jsonb_each(definition) AS d LEFT JOIN (VALUES
        ('columns', 'columns', '{select,insert,update}'::text[]), ('filter', 'object', '{select,update,delete}'), ('check', 'object', '{insert,update}'),
        ('set', 'object', '{insert,update}'), ('backend_only', 'boolean', '{insert,update,delete}'), ('limit', 'number', '{select}'),
        ('allow_aggregations', 'boolean', '{select}'), ('computed_fields', 'array', '{select}'), ('query_root_fields', 'array', '{select}'),
        ('subscription_root_fields', 'array', '{select}')) AS k(key, type, operations) ON k.key = d.key AND operation = ANY (k.operations) LOOP
    IF member.wanted IS NULL THEN
      PERFORM threefactor_private.refuse(member.key, format('unexpected key "%s" of a permission to %s', member.key, operation));
    ELSIF member.type = 'null' AND member.key <> required THEN
      CONTINUE;
    ELSIF member.wanted = 'columns' AND NOT (member.value = '"*"' OR member.type = 'array' AND NOT jsonb_path_exists(member.value, 'strict $[*] ? (@.type() != "string")')) THEN
      PERFORM threefactor_private.refuse(member.key, 'expected "*" or a list of names');
    ELSIF member.wanted = 'array' AND (member.type <> 'array' OR jsonb_path_exists(member.value, 'strict $[*] ? (@.type() != "string")')) THEN
      PERFORM threefactor_private.refuse(member.key, 'expected a list of names');
    ELSIF member.wanted IN ('object', 'boolean', 'number') AND member.type <> member.wanted THEN
      PERFORM threefactor_private.refuse(member.key, format('expected %s', CASE member.wanted WHEN 'object' THEN 'an object' WHEN 'boolean' THEN 'true or false' ELSE 'a number' END));
    ELSIF member.key = 'limit' AND (member.value::numeric < 0 OR member.value::numeric % 1 <> 0 OR member.value::numeric > 2147483647) THEN
      PERFORM threefactor_private.refuse(member.key, 'expected a whole number from 0 to 2147483647');
    ELSIF member.key IN ('query_root_fields', 'subscription_root_fields') AND EXISTS (
        SELECT FROM jsonb_array_elements_text(member.value) AS f WHERE f NOT IN ('select', 'select_by_pk', 'select_aggregate', 'select_stream')
            OR f = 'select_stream' AND member.key = 'query_root_fields') THEN
      PERFORM threefactor_private.refuse(member.key, 'expected names of root fields: select, select_by_pk, select_aggregate, and of subscriptions select_stream');
    END IF;
  END LOOP;
END $$;

-- Private. Raises an error that was caught, with another message; an empty detail or hint is none.
CREATE FUNCTION threefactor_private.raise_again(message text, code text, detail text, hint text) RETURNS void
  LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF detail = '' AND hint = '' THEN
    RAISE EXCEPTION '%', message USING ERRCODE = code;
  ELSIF hint = '' THEN
    RAISE EXCEPTION '%', message USING ERRCODE = code, DETAIL = detail;
  END IF;
  RAISE EXCEPTION '%', message USING ERRCODE = code, DETAIL = coalesce(nullif(detail, ''), 'The hint says what to do.'), HINT = hint;
END $$;

CREATE FUNCTION threefactor.create_permission(
    relation regclass, role_name text, operation text, definition jsonb, comment text DEFAULT NULL) RETURNS void
  LANGUAGE threefactor AS $$
DECLARE
  start text := format('Inconsistent object: in table "%s": in permission for role "%s": ',
                       threefactor_private.display_name(create_permission.relation), create_permission.role_name);
  wanted text;
  hint text;
  detail text;
  made threefactor.permission;
BEGIN
  PERFORM threefactor_private.require_owner(create_permission.relation);
  IF create_permission.operation IS NULL OR create_permission.operation NOT IN ('select', 'insert', 'update', 'delete') THEN
    RAISE EXCEPTION '"%" is no operation: select, insert, update or delete', create_permission.operation USING ERRCODE = 'invalid_parameter_value';
  ELSIF coalesce(create_permission.role_name, '') = '' THEN
    RAISE EXCEPTION 'the role needs a name' USING ERRCODE = 'TFCFG';
  END IF;
  IF create_permission.role_name = 'admin'  -- which has them all
     OR EXISTS (SELECT FROM threefactor.permission p WHERE p.relation = create_permission.relation
                AND p.role_name = create_permission.role_name AND p.operation = create_permission.operation) THEN
    RAISE EXCEPTION '% permission already defined on table "%" with role "%"', create_permission.operation,
      threefactor_private.display_name(create_permission.relation), create_permission.role_name USING ERRCODE = 'TFEXI';
  END IF;
  IF jsonb_typeof(definition -> 'columns') = 'array' THEN
    FOR wanted IN SELECT jsonb_array_elements_text(definition -> 'columns') LOOP
      IF NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = create_permission.relation AND a.attname = wanted
                     AND a.attnum > 0 AND NOT a.attisdropped) THEN
        RAISE EXCEPTION '%column "%" does not exist', start, wanted USING ERRCODE = 'TFCFG';
      END IF;
    END LOOP;
  END IF;
  IF jsonb_typeof(definition -> 'computed_fields') = 'array' THEN
    FOR wanted IN SELECT jsonb_array_elements_text(definition -> 'computed_fields') LOOP
      IF NOT EXISTS (SELECT FROM threefactor.computed_field f
                     WHERE f.relation = create_permission.relation AND f.name = wanted) THEN
        RAISE EXCEPTION '%computed field "%" does not exist', start, wanted USING ERRCODE = 'TFCFG';
      END IF;
    END LOOP;
  END IF;
  BEGIN
    PERFORM threefactor_private.check_definition(create_permission.operation, create_permission.definition);
    INSERT INTO threefactor.permission AS p
    VALUES (create_permission.relation, create_permission.role_name, create_permission.operation, create_permission.definition,
            create_permission.comment) RETURNING p.* INTO made;
    PERFORM threefactor_private.make_permission(made);
  EXCEPTION  -- what Postgres says of the condition: of a type, an operator, a value
    WHEN SQLSTATE 'TFCFG' OR SQLSTATE 'TFNSP' OR SQLSTATE '22000' OR SQLSTATE '42000' OR feature_not_supported THEN
      GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT, detail = PG_EXCEPTION_DETAIL;
      PERFORM threefactor_private.raise_again(start || SQLERRM, CASE WHEN SQLSTATE IN ('TFNSP', '42501') THEN SQLSTATE ELSE 'TFCFG' END, detail, hint);
  END;
  PERFORM threefactor_private.check_inherited_roles(create_permission.role_name);
END $$;

CREATE FUNCTION threefactor.drop_permission(relation regclass, role_name text, operation text) RETURNS void
  LANGUAGE threefactor AS $$
BEGIN
  PERFORM threefactor_private.require_owner(drop_permission.relation);
  DELETE FROM threefactor.permission p WHERE p.relation = drop_permission.relation AND p.role_name = drop_permission.role_name
     AND p.operation = drop_permission.operation;
  IF NOT FOUND THEN
    RAISE EXCEPTION '% permission on table "%" for role "%" does not exist', operation, threefactor_private.display_name(relation), role_name
      USING ERRCODE = 'TFDEN';
  END IF;
END $$;

CREATE FUNCTION threefactor.create_function_permission(schema_name text, name text, role_name text) RETURNS void
  LANGUAGE threefactor AS $$
DECLARE
  database_role CONSTANT text := threefactor_private.database_role(role_name);
  function pg_proc;
  granted boolean;
BEGIN
  PERFORM threefactor_private.require_function_owner(schema_name, create_function_permission.name);
  IF NOT EXISTS (SELECT FROM threefactor.tracked_function f
                 WHERE f.function_schema = schema_name AND f.function_name = create_function_permission.name) THEN
    RAISE EXCEPTION 'function "%" not found in source "default"', name USING ERRCODE = 'TFNEX';
  END IF;
  IF EXISTS (SELECT FROM threefactor.function_permission AS f WHERE f.function_schema = schema_name AND f.function_name = create_function_permission.name
             AND f.role_name = create_function_permission.role_name) THEN
    RAISE EXCEPTION 'permission of role "%" already exists for function "%"', create_function_permission.role_name, name USING ERRCODE = 'TFEXI';
  END IF;
  PERFORM threefactor_private.require_role(database_role, NULL);
  SELECT p.* INTO STRICT function FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace WHERE n.nspname = schema_name AND p.proname = create_function_permission.name;
  granted := NOT EXISTS (SELECT FROM aclexplode(function.proacl) AS g JOIN pg_roles AS r ON r.oid = g.grantee WHERE r.rolname = database_role AND g.privilege_type = 'EXECUTE');
  IF granted THEN
    PERFORM threefactor_private.run_as(function.proowner, format('GRANT EXECUTE ON FUNCTION %s TO %I', function.oid::regprocedure, database_role));
  END IF;
  INSERT INTO threefactor.function_permission (function_schema, function_name, role_name, database_role)
  VALUES (schema_name, create_function_permission.name, create_function_permission.role_name, CASE WHEN granted THEN database_role END);
END $$;

CREATE FUNCTION threefactor.drop_function_permission(schema_name text, name text, role_name text) RETURNS void
  LANGUAGE threefactor AS $$
BEGIN
  PERFORM threefactor_private.require_function_owner(schema_name, drop_function_permission.name);
  DELETE FROM threefactor.function_permission AS f
   WHERE f.function_schema = schema_name AND f.function_name = drop_function_permission.name AND f.role_name = drop_function_permission.role_name;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'permission of role "%" does not exist for function "%"', drop_function_permission.role_name, name USING ERRCODE = 'TFNEX';
  END IF;
END $$;

-- Private. Takes back the GRANT of a permission that goes, on the function that is tracked: its overloads may be somebody else's.
CREATE FUNCTION threefactor_private.unmake_function_permission() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  function pg_proc;
  tracked CONSTANT oid := (SELECT f.function_oid FROM threefactor.tracked_function AS f JOIN pg_proc AS p ON p.oid = f.function_oid AND p.proname = f.function_name
                             JOIN pg_namespace AS n ON n.oid = p.pronamespace AND n.nspname = f.function_schema
                            WHERE f.function_schema = OLD.function_schema AND f.function_name = OLD.function_name);  -- null: it is the only one
BEGIN
  IF OLD.database_role IS NOT NULL AND EXISTS (SELECT FROM pg_roles AS r WHERE r.rolname = OLD.database_role) THEN
    FOR function IN SELECT p.* FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace WHERE n.nspname = OLD.function_schema AND p.proname = OLD.function_name
                       AND p.oid = coalesce(tracked, p.oid) LOOP
      PERFORM threefactor_private.run_as(function.proowner, format('REVOKE EXECUTE ON FUNCTION %s FROM %I', function.oid::regprocedure, OLD.database_role));
    END LOOP;
  END IF;
  RETURN OLD;
END $$;
CREATE TRIGGER unmake BEFORE DELETE ON threefactor.function_permission FOR EACH ROW EXECUTE FUNCTION threefactor_private.unmake_function_permission();

CREATE FUNCTION threefactor.set_permission_comment(relation regclass, role_name text, operation text, comment text) RETURNS void
  LANGUAGE threefactor AS $$
DECLARE
  policy text;
  said text;
BEGIN
  PERFORM threefactor_private.require_owner(set_permission_comment.relation);
  UPDATE threefactor.permission AS p SET comment = set_permission_comment.comment
   WHERE p.relation = set_permission_comment.relation AND p.role_name = set_permission_comment.role_name AND p.operation = set_permission_comment.operation;
  IF NOT FOUND THEN
    RAISE EXCEPTION '% permission on table "%" for role "%" does not exist', operation, threefactor_private.display_name(relation), role_name USING ERRCODE = 'TFDEN';
  END IF;
  FOR policy, said IN
    SELECT o.polname, obj_description(o.oid, 'pg_policy') FROM threefactor.permission_part AS p JOIN pg_policy AS o ON o.polrelid = p.relation AND o.polname = p.name
     WHERE p.relation = set_permission_comment.relation AND p.role_name = set_permission_comment.role_name AND p.operation = set_permission_comment.operation AND p.kind = 'policy'
  LOOP
    PERFORM threefactor_private.run_as((SELECT c.relowner FROM pg_class AS c WHERE c.oid = set_permission_comment.relation), format('COMMENT ON POLICY %I ON %s IS %L', policy,
      threefactor_private.qualified(set_permission_comment.relation),
      regexp_replace(said, '(on table "[^"]*").*$', '\1') || coalesce(': ' || set_permission_comment.comment, '.')));
  END LOOP;
END $$;

-- Makes what permissions stand for that were stored by version 0.1, or were restored where the roles were not, as far as it is the caller's.
-- Gives their number.
CREATE FUNCTION threefactor.apply_permissions() RETURNS bigint
  LANGUAGE threefactor AS $$
DECLARE
  stored threefactor.permission;
  number bigint := 0;
BEGIN
  FOR stored IN
    SELECT p.* FROM threefactor.permission AS p JOIN pg_class AS c ON c.oid = p.relation
     WHERE threefactor_private.caller_acts_for(c.relowner)
       AND NOT EXISTS (SELECT FROM threefactor.permission_part AS t WHERE (t.relation, t.role_name, t.operation) = (p.relation, p.role_name, p.operation)
                          AND t.kind IN ('policy', 'privilege')) ORDER BY p.relation, p.role_name, p.operation
  LOOP
    DELETE FROM threefactor.permission AS p WHERE (p.relation, p.role_name, p.operation) = (stored.relation, stored.role_name, stored.operation);
    PERFORM threefactor.create_permission(stored.relation, stored.role_name, stored.operation, stored.definition, stored.comment);
    number := number + 1;
  END LOOP;
  RETURN number;
END $$;
