-- Permission metadata: checked for what it names and stored. Nothing enforces it yet, so no role but admin is served.

CREATE FUNCTION threefactor.create_permission(
    relation regclass, role_name text, operation text, definition jsonb, comment text DEFAULT NULL) RETURNS void
  LANGUAGE threefactor AS $$
DECLARE
  start text := format('Inconsistent object: in table "%s": in permission for role "%s": ',
                       threefactor_private.display_name(create_permission.relation), create_permission.role_name);
  wanted text;
BEGIN
  PERFORM threefactor_private.require_owner(create_permission.relation);
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
  INSERT INTO threefactor.permission
  VALUES (create_permission.relation, create_permission.role_name, create_permission.operation, create_permission.definition,
          create_permission.comment);
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
BEGIN
  PERFORM threefactor_private.require_function_owner(schema_name, create_function_permission.name);
  IF NOT EXISTS (SELECT FROM threefactor.tracked_function f
                 WHERE f.function_schema = schema_name AND f.function_name = create_function_permission.name) THEN
    RAISE EXCEPTION 'function "%" not found in source "default"', name USING ERRCODE = 'TFNEX';
  END IF;
  INSERT INTO threefactor.function_permission VALUES (schema_name, name, create_function_permission.role_name)
  ON CONFLICT DO NOTHING;
END $$;

CREATE FUNCTION threefactor.add_inherited_role(role_name text, role_set text[]) RETURNS void
  LANGUAGE threefactor AS $$
BEGIN
  PERFORM threefactor_private.require_database_owner();
  INSERT INTO threefactor.inherited_role VALUES (role_name, role_set)
  ON CONFLICT ON CONSTRAINT inherited_role_pkey DO UPDATE SET role_set = excluded.role_set;
END $$;

CREATE FUNCTION threefactor.drop_inherited_role(role_name text) RETURNS void
  LANGUAGE threefactor AS $$
BEGIN
  PERFORM threefactor_private.require_database_owner();
  DELETE FROM threefactor.inherited_role r WHERE r.role_name = drop_inherited_role.role_name;
END $$;
