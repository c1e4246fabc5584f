-- What is said by name follows the names: after a statement that renames, drops or alters functions, columns, tables or schemas the
-- server calls follow_names (extension/follow/names.hpp). What is dropped takes along what is said of it and what stands on it, so
-- that a thing made later by the same name has to be tracked, or given to a role, anew.

-- Private. What of the metadata follow_names has taken along: in SQL that the metadata API runs, check_dependents asks for it; else its
-- author is told.
CREATE FUNCTION threefactor_private.note_removed(kind text, label text, relation oid) RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  noted CONSTANT jsonb := nullif(current_setting('threefactor.noted_dependents'), '');
BEGIN
  IF noted IS NULL THEN
    RAISE NOTICE 'the metadata loses % %', replace(kind, '-', ' '), label;
  ELSE
    PERFORM set_config('threefactor.noted_dependents', jsonb_insert(
      noted, '{removed,-1}', jsonb_build_object('kind', kind, 'label', label, 'relation', relation::bigint), true)::text, true);
  END IF;
END $$;

-- Private. A column (`number`, `name`) is dropped, or a table (number 0): permissions, which then allow less, and relationships go.
CREATE FUNCTION threefactor_private.forget_columns(relation oid, number smallint, name text) RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
  gone record;
  used_by threefactor.permission;
BEGIN
  FOR gone IN
    SELECT p.* FROM threefactor.permission AS p
     WHERE p.relation = relation AND (number = 0 OR p.definition -> 'columns' ? name OR p.definition -> 'set' ? name)
        OR EXISTS (SELECT FROM unnest(ARRAY['filter', 'check']) AS part, threefactor_private.expression_names(p.relation, p.definition -> part) AS e
                    WHERE e.owner = relation AND (number = 0 OR e.is_column AND e.name = name))
  LOOP
    DELETE FROM threefactor.permission AS p WHERE p.relation = gone.relation AND p.role_name = gone.role_name AND p.operation = gone.operation;
    IF number > 0 OR gone.relation <> relation THEN
      PERFORM threefactor_private.note_removed(
        'permission', format('%s.%s.%s', threefactor_private.display_name(gone.relation), gone.role_name, gone.operation), gone.relation);
    END IF;
  END LOOP;
  FOR gone IN
    SELECT r.* FROM threefactor.relationship AS r
     WHERE r.relation = relation AND (number = 0 OR number = ANY (r.columns))
        OR r.target = relation AND (number = 0 OR number = ANY (r.target_columns))
  LOOP
    FOR used_by IN SELECT * FROM threefactor_private.permissions_through(gone.relation, gone.name) LOOP
      DELETE FROM threefactor.permission AS p WHERE p.relation = used_by.relation AND p.role_name = used_by.role_name AND p.operation = used_by.operation;
      PERFORM threefactor_private.note_removed(
        'permission', format('%s.%s.%s', threefactor_private.display_name(used_by.relation), used_by.role_name, used_by.operation), used_by.relation);
    END LOOP;
    DELETE FROM threefactor.relationship AS r WHERE r.relation = gone.relation AND r.name = gone.name;
    IF number > 0 OR gone.relation <> relation THEN
      PERFORM threefactor_private.note_removed(
        'relationship', format('%s.%s', threefactor_private.display_name(gone.relation), gone.name), gone.relation);
    END IF;
  END LOOP;
END $$;

-- Private. A table is dropped.
CREATE FUNCTION threefactor_private.forget_table(relation oid) RETURNS void
  LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  SELECT threefactor_private.forget_columns(forget_table.relation, 0::smallint, NULL);
  DELETE FROM threefactor.tracked_table AS t WHERE t.relation = forget_table.relation;
  DELETE FROM threefactor.computed_field AS f WHERE f.relation = forget_table.relation;
$$;

-- Private. A column has another name, or is dropped.
CREATE FUNCTION threefactor_private.follow_column(relation oid, number smallint, name text) RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
  column_now pg_attribute;
BEGIN
  SELECT a.* INTO column_now FROM pg_attribute AS a WHERE a.attrelid = relation AND a.attnum = number;
  IF NOT FOUND OR column_now.attname = name THEN
    RETURN;
  END IF;
  IF column_now.attisdropped THEN
    PERFORM threefactor_private.forget_columns(relation, number, name);
  ELSE
    PERFORM threefactor_private.rename_in_permissions(relation, name, column_now.attname);
  END IF;
  UPDATE threefactor.tracked_table AS t
     SET configuration = t.configuration || (
           SELECT jsonb_object_agg(c.key, c.value - name || CASE WHEN column_now.attisdropped THEN '{}'
                                                                 ELSE jsonb_build_object(column_now.attname, c.value -> name) END)
             FROM jsonb_each(t.configuration) AS c
            WHERE c.key IN ('column_config', 'custom_column_names') AND jsonb_typeof(c.value) = 'object' AND c.value ? name)
   WHERE t.relation = relation AND (t.configuration -> 'column_config' ? name OR t.configuration -> 'custom_column_names' ? name);
END $$;

-- Private. What of the metadata is said of functions of the name: tracked functions, and computed fields with the table that has them.
CREATE FUNCTION threefactor_private.functions_named(schema_name text, name text)
    RETURNS TABLE (function_oid oid, relation regclass, field text, label text)
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT f.function_oid, NULL::regclass, NULL, CASE WHEN schema_name = 'public' THEN '' ELSE schema_name || '.' END || f.function_name
    FROM threefactor.tracked_function AS f WHERE f.function_schema = schema_name AND f.function_name = functions_named.name
  UNION ALL
  SELECT f.function_oid, f.relation, f.name, format('%s.%s', threefactor_private.display_name(f.relation), f.name)
    FROM threefactor.computed_field AS f
   WHERE f.function_schema = schema_name AND f.function_name = functions_named.name AND EXISTS (SELECT FROM pg_class AS c WHERE c.oid = f.relation)
$$;

-- Private. A function is dropped, or has another name: so much of the metadata as is said of it, and not of one that still has the name.
CREATE FUNCTION threefactor_private.move_function(function oid, schema_name text, name text, new_schema text, new_name text) RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
  said record;
  used_by threefactor.permission;
  is_last CONSTANT boolean := NOT EXISTS (SELECT FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
                                           WHERE n.nspname = schema_name AND p.proname = name);
BEGIN
  FOR said IN SELECT f.* FROM threefactor_private.functions_named(schema_name, name) AS f WHERE is_last OR f.function_oid = function LOOP
    IF said.field IS NOT NULL AND new_name IS NOT NULL THEN
      UPDATE threefactor.computed_field AS f SET function_schema = new_schema, function_name = new_name
       WHERE f.relation = said.relation AND f.name = said.field;
    ELSIF said.field IS NOT NULL THEN
      FOR used_by IN
        SELECT p.* FROM threefactor.permission AS p
         WHERE p.relation = said.relation AND p.definition -> 'computed_fields' ? said.field
            OR EXISTS (SELECT FROM unnest(ARRAY['filter', 'check']) AS part, threefactor_private.expression_names(p.relation, p.definition -> part) AS e
                        WHERE e.owner = said.relation AND e.name = said.field) LOOP
        DELETE FROM threefactor.permission AS p
         WHERE p.relation = used_by.relation AND p.role_name = used_by.role_name AND p.operation = used_by.operation;
        PERFORM threefactor_private.note_removed(
          'permission', format('%s.%s.%s', threefactor_private.display_name(used_by.relation), used_by.role_name, used_by.operation), used_by.relation);
      END LOOP;
      DELETE FROM threefactor.computed_field AS f WHERE f.relation = said.relation AND f.name = said.field;
      PERFORM threefactor_private.note_removed('computed-field', said.label, NULL);
    ELSIF new_name IS NOT NULL AND NOT EXISTS (SELECT FROM threefactor.tracked_function AS f
                                                WHERE f.function_schema = new_schema AND f.function_name = new_name) THEN
      UPDATE threefactor.tracked_function AS f SET function_schema = new_schema, function_name = new_name
       WHERE f.function_schema = schema_name AND f.function_name = name;
      UPDATE threefactor.function_permission AS f SET function_schema = new_schema, function_name = new_name
       WHERE f.function_schema = schema_name AND f.function_name = name;
    ELSE
      UPDATE threefactor.function_permission AS f SET database_role = NULL  -- the GRANT is gone with the function; others of the name keep theirs
       WHERE NOT is_last AND f.function_schema = schema_name AND f.function_name = name;
      DELETE FROM threefactor.function_permission AS f WHERE f.function_schema = schema_name AND f.function_name = name;
      DELETE FROM threefactor.tracked_function AS f WHERE f.function_schema = schema_name AND f.function_name = name;
      PERFORM threefactor_private.note_removed('function', said.label, NULL);
    END IF;
  END LOOP;
END $$;

-- Private. A function has got the name: if that was the name of one other function, what is said of the name is of that one, also where
-- its OID is not known.
CREATE FUNCTION threefactor_private.settle_overload(function oid, schema_name text, name text) RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
  others CONSTANT oid[] := ARRAY(SELECT p.oid FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
                                  WHERE n.nspname = schema_name AND p.proname = name AND p.oid <> function);
BEGIN
  IF cardinality(others) = 1 THEN
    UPDATE threefactor.tracked_function AS f SET function_oid = others[1]
     WHERE f.function_schema = schema_name AND f.function_name = name AND f.function_oid IS DISTINCT FROM others[1];
    UPDATE threefactor.computed_field AS f SET function_oid = others[1]
     WHERE f.function_schema = schema_name AND f.function_name = name AND f.function_oid IS DISTINCT FROM others[1];
  END IF;
END $$;

-- Private. A function is made, altered or dropped. `name` null: it was made; `volatility`: what it had.
CREATE FUNCTION threefactor_private.follow_function(function oid, schema_name text, name text, volatility "char") RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
  present record;
  said record;
BEGIN
  SELECT n.nspname::text AS schema_name, p.proname::text AS name, p.provolatile INTO present
    FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace WHERE p.oid = function;
  IF name IS NOT NULL AND (schema_name, name) IS DISTINCT FROM (present.schema_name, present.name) THEN
    PERFORM threefactor_private.move_function(function, schema_name, name, present.schema_name, present.name);
  END IF;
  IF name IS NULL OR (schema_name, name) IS DISTINCT FROM (present.schema_name, present.name) THEN
    PERFORM threefactor_private.settle_overload(function, present.schema_name, present.name);
  END IF;
  IF nullif(current_setting('threefactor.noted_dependents'), '') IS NOT NULL THEN
    RETURN;  -- check_functions refuses it
  END IF;
  FOR said IN SELECT f.* FROM threefactor_private.functions_named(present.schema_name, present.name) AS f LOOP
    IF volatility <> 'v' AND present.provolatile = 'v' AND (said.function_oid = function OR said.function_oid IS NULL) THEN
      RAISE WARNING '% "%" has a function that is VOLATILE now', CASE WHEN said.field IS NULL THEN 'tracked function' ELSE 'computed field' END, said.label
        USING HINT = 'A tracked function that is VOLATILE is a mutation unless exposed_as says otherwise; a computed field must not have one. Make it STABLE again, or untrack it.';
    END IF;
    IF (name IS NULL OR (schema_name, name) IS DISTINCT FROM (present.schema_name, present.name))
       AND (SELECT count(*) > 1 FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
             WHERE n.nspname = present.schema_name AND p.proname = present.name) THEN
      RAISE WARNING '% "%" is served no longer: its function is overloaded', CASE WHEN said.field IS NULL THEN 'tracked function' ELSE 'computed field' END, said.label
        USING HINT = 'Drop or rename the other function of the name.';
    END IF;
  END LOOP;
END $$;

-- Private. A schema has another name; `name`: that it had.
CREATE FUNCTION threefactor_private.follow_schema(schema oid, name text) RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
  new_name CONSTANT text := (SELECT n.nspname FROM pg_namespace AS n WHERE n.oid = schema);
BEGIN
  IF new_name IS NULL OR new_name = name THEN
    RETURN;
  END IF;
  -- What the new name says is of another schema, which is gone.
  DELETE FROM threefactor.tracked_function AS f WHERE f.function_schema = new_name;
  DELETE FROM threefactor.function_permission AS f WHERE f.function_schema = new_name;
  UPDATE threefactor.tracked_function AS f SET function_schema = new_name WHERE f.function_schema = name;
  UPDATE threefactor.function_permission AS f SET function_schema = new_name WHERE f.function_schema = name;
  UPDATE threefactor.computed_field AS f SET function_schema = new_name WHERE f.function_schema = name;
END $$;

-- Private, of the server. `changes`: [{kind, oid, part, schema, name, volatility}], with the names from before the statement.
CREATE FUNCTION threefactor_private.follow_names(changes json) RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  change record;
BEGIN
  FOR change IN SELECT c.* FROM json_to_recordset(changes) AS c(kind text, oid oid, part smallint, schema text, name text, volatility "char") LOOP
    IF change.kind = 'function' THEN
      PERFORM threefactor_private.follow_function(change.oid, change.schema, change.name, change.volatility);
    ELSIF change.kind = 'column' THEN
      PERFORM threefactor_private.follow_column(change.oid, change.part, change.name);
    ELSIF change.kind = 'schema' THEN
      PERFORM threefactor_private.follow_schema(change.oid, change.name);
    ELSIF NOT EXISTS (SELECT FROM pg_class AS c WHERE c.oid = change.oid) THEN
      PERFORM threefactor_private.forget_table(change.oid);
    END IF;
  END LOOP;
END $$;
