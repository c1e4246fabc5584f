-- Tables and functions of the API: tracked, hidden, named. All of these are ordinary transactions; a gateway that listens reads
-- the catalog again.

-- The first track of a table succeeds although the table may be visible already; untracked tables are hidden.
CREATE FUNCTION threefactor.track_table(relation regclass, configuration jsonb DEFAULT '{}', is_enum boolean DEFAULT false) RETURNS void
  LANGUAGE threefactor AS $$
DECLARE
  name text := threefactor_private.display_name(track_table.relation);
BEGIN
  PERFORM threefactor_private.require_owner(track_table.relation);
  IF EXISTS (SELECT FROM threefactor.tracked_table t WHERE t.relation = track_table.relation AND t.is_tracked) THEN
    RAISE EXCEPTION 'view/table already tracked: "%"', name USING ERRCODE = 'TFTRK';
  END IF;
  IF EXISTS (SELECT FROM threefactor.tracked_function f JOIN pg_class c ON c.oid = track_table.relation AND c.relname = f.function_name
             JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = f.function_schema) THEN
    RAISE EXCEPTION 'function with name "%" already exists', name USING ERRCODE = 'TFNSP';
  END IF;
  PERFORM threefactor_private.check_table_configuration(track_table.relation, track_table.configuration);
  PERFORM threefactor_private.check_enum(track_table.relation, track_table.is_enum);
  INSERT INTO threefactor.tracked_table AS t VALUES (track_table.relation, true, coalesce(track_table.configuration, '{}'), track_table.is_enum)
  ON CONFLICT ON CONSTRAINT tracked_table_pkey DO UPDATE
    SET is_tracked = true, configuration = excluded.configuration, is_enum = excluded.is_enum;
  PERFORM threefactor_private.check_table(track_table.relation);
END $$;

-- Private.
CREATE FUNCTION threefactor_private.check_enum(relation regclass, is_enum boolean) RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF is_enum AND threefactor_private.enum_values(relation) IS NULL THEN
    RAISE EXCEPTION 'the table "%" cannot be used as an enum: it needs one text column as its primary key, at most one more text column, and 1 to 10000 rows that one may read',
      threefactor_private.display_name(relation) USING ERRCODE = 'TFCFG';
  END IF;
END $$;

CREATE FUNCTION threefactor.untrack_table(relation regclass, "cascade" boolean DEFAULT false) RETURNS void
  LANGUAGE threefactor AS $$
DECLARE
  dependents text;
  gone record;
BEGIN
  PERFORM threefactor_private.require_owner(untrack_table.relation);
  IF EXISTS (SELECT FROM threefactor.tracked_table t WHERE t.relation = untrack_table.relation AND NOT t.is_tracked) THEN
    RAISE EXCEPTION 'view/table already untracked: "%"', threefactor_private.display_name(untrack_table.relation) USING ERRCODE = 'TFUNT';
  END IF;
  SELECT string_agg(format('relationship %s.%s in source "default"', threefactor_private.display_name(r.relation), r.name), ', ' ORDER BY r.name)
    INTO dependents FROM threefactor.relationship r
   WHERE r.target = untrack_table.relation AND r.relation <> r.target
     AND EXISTS (SELECT FROM pg_class c WHERE c.oid = r.relation);
  IF dependents IS NOT NULL AND NOT untrack_table."cascade" THEN
    RAISE EXCEPTION 'cannot drop due to the following dependent objects : %', dependents USING ERRCODE = 'TFDEP';
  END IF;
  FOR gone IN  -- of those that others own each is refused
    SELECT r.relation, r.name FROM threefactor.relationship AS r JOIN pg_class AS c ON c.oid = r.relation WHERE untrack_table.relation IN (r.relation, r.target)
  LOOP
    PERFORM threefactor.drop_relationship(gone.relation, gone.name, true);
  END LOOP;
  DELETE FROM threefactor.relationship r WHERE untrack_table.relation IN (r.relation, r.target);  -- of tables that are gone
  DELETE FROM threefactor.computed_field f WHERE f.relation = untrack_table.relation;
  DELETE FROM threefactor.permission p WHERE p.relation = untrack_table.relation;
  INSERT INTO threefactor.tracked_table VALUES (untrack_table.relation, false)
  ON CONFLICT ON CONSTRAINT tracked_table_pkey DO UPDATE SET is_tracked = false, configuration = '{}', is_enum = false;
END $$;

CREATE FUNCTION threefactor.set_table_customization(relation regclass, configuration jsonb DEFAULT '{}') RETURNS void
  LANGUAGE threefactor AS $$
BEGIN
  PERFORM threefactor_private.require_owner(set_table_customization.relation);
  PERFORM threefactor_private.check_table_configuration(set_table_customization.relation, set_table_customization.configuration);
  INSERT INTO threefactor.tracked_table VALUES (set_table_customization.relation, true, coalesce(set_table_customization.configuration, '{}'))
  ON CONFLICT ON CONSTRAINT tracked_table_pkey DO UPDATE SET is_tracked = true, configuration = excluded.configuration;
  PERFORM threefactor_private.check_table(set_table_customization.relation);
END $$;

CREATE FUNCTION threefactor.set_table_is_enum(relation regclass, is_enum boolean) RETURNS void
  LANGUAGE threefactor AS $$
BEGIN
  PERFORM threefactor_private.require_owner(set_table_is_enum.relation);
  PERFORM threefactor_private.check_enum(set_table_is_enum.relation, set_table_is_enum.is_enum);
  INSERT INTO threefactor.tracked_table VALUES (set_table_is_enum.relation, true, '{}', set_table_is_enum.is_enum)
  ON CONFLICT ON CONSTRAINT tracked_table_pkey DO UPDATE SET is_tracked = true, is_enum = excluded.is_enum;
END $$;

-- Private. The description of a function that may be tracked.
CREATE FUNCTION threefactor_private.find_function(schema_name text, name text) RETURNS json
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  number bigint;
  label text := CASE WHEN schema_name = 'public' THEN '' ELSE schema_name || '.' END || name;
  found json;
BEGIN
  SELECT count(*) INTO number FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
   WHERE n.nspname = schema_name AND p.proname = name;
  IF number = 0 THEN
    RAISE EXCEPTION 'no such function exists: "%"', label USING ERRCODE = 'TFNEX';
  ELSIF number > 1 THEN
    RAISE EXCEPTION 'function "%" is overloaded. Overloaded functions are not supported', label USING ERRCODE = 'TFNSP';
  END IF;
  found := threefactor_private.describe_function(schema_name, name);
  IF found IS NULL THEN
    RAISE EXCEPTION 'in function "%": the function "%" cannot be tracked because %', label, label,
      CASE WHEN EXISTS (SELECT FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
                         WHERE n.nspname = schema_name AND p.proname = find_function.name AND p.provariadic <> 0)
           THEN 'function with "VARIADIC" parameters are not supported'
           ELSE 'only plain functions that one may execute, and whose arguments are all IN, are supported' END
      USING ERRCODE = 'TFCFG';
  END IF;
  RETURN found;
END $$;

CREATE FUNCTION threefactor.track_function(
    schema_name text, name text, configuration jsonb DEFAULT '{}', comment text DEFAULT NULL) RETURNS void
  LANGUAGE threefactor AS $$
DECLARE
  label text := CASE WHEN schema_name = 'public' THEN '' ELSE schema_name || '.' END || name;
  found json;
  session text := track_function.configuration ->> 'session_argument';
  argument json;
BEGIN
  PERFORM threefactor_private.require_function_owner(schema_name, track_function.name);
  PERFORM threefactor_private.check_function_configuration(track_function.configuration);
  IF EXISTS (SELECT FROM threefactor.tracked_function f WHERE f.function_schema = schema_name AND f.function_name = track_function.name) THEN
    RAISE EXCEPTION 'function already tracked: "%"', label USING ERRCODE = 'TFTRK';
  END IF;
  IF EXISTS (SELECT FROM threefactor.tracked_table t
             WHERE t.is_tracked AND t.relation = to_regclass(quote_ident(schema_name) || '.' || quote_ident(track_function.name))) THEN
    RAISE EXCEPTION 'table with name "%" already exists', label USING ERRCODE = 'TFNSP';
  END IF;
  found := threefactor_private.find_function(schema_name, track_function.name);
  IF (found -> 'result' ->> 5)::bigint = 0 THEN
    RAISE EXCEPTION 'in function "%": the function "%" cannot be tracked because the function does not return a "COMPOSITE" type',
      label, label USING ERRCODE = 'TFCFG';
  END IF;
  SELECT a INTO argument FROM json_array_elements(found -> 'arguments') AS a WHERE a ->> 0 = session;
  IF session IS NOT NULL AND (argument ->> 2) IS DISTINCT FROM 'json' THEN
    RAISE EXCEPTION 'in function "%": the function "%" cannot be tracked because %', label, label,
      CASE WHEN argument IS NULL THEN format('given session argument "%s" not the input argument of the function', session)
           ELSE format('given session argument "%s" is not of type json', session) END
      USING ERRCODE = 'TFCFG';
  END IF;
  INSERT INTO threefactor.tracked_function
  VALUES (schema_name, track_function.name, coalesce(track_function.configuration, '{}'), track_function.comment, (found ->> 'oid')::oid);
  PERFORM threefactor_private.check_names(schema_name, track_function.name, 'function');
END $$;

-- After SQL was run (note_dependents comes before it): raises where it made a function that is tracked, or of a computed field,
-- ambiguous or VOLATILE.
CREATE FUNCTION threefactor.check_functions() RETURNS void
  LANGUAGE threefactor STABLE AS $$
DECLARE
  noted CONSTANT json := nullif(current_setting('threefactor.noted_dependents'), '');  -- null: the SQL ended the transaction
  overloaded text;
  field record;
  changed record;
BEGIN
  SELECT string_agg(label, ', ' ORDER BY label) INTO overloaded
    FROM (SELECT CASE WHEN function_schema = 'public' THEN '' ELSE function_schema || '.' END || function_name AS label
            FROM threefactor.tracked_function f JOIN pg_namespace n ON n.nspname = f.function_schema
            JOIN pg_proc p ON p.pronamespace = n.oid AND p.proname = f.function_name
           GROUP BY 1 HAVING count(*) > 1) AS found;
  IF overloaded IS NOT NULL THEN
    RAISE EXCEPTION 'the following tracked function(s) cannot be overloaded: %', overloaded USING ERRCODE = 'TFNSP';
  END IF;
  FOR field IN
    SELECT f.relation, f.name, f.function_name FROM threefactor.computed_field AS f JOIN pg_namespace AS n ON n.nspname = f.function_schema
      JOIN pg_proc AS p ON p.pronamespace = n.oid AND p.proname = f.function_name GROUP BY 1, 2, 3 HAVING count(*) > 1 ORDER BY 1, 2 LIMIT 1
  LOOP
    RAISE EXCEPTION 'The function "%" associated with computed field "%" of table "%" is being overloaded', field.function_name, field.name,
      threefactor_private.display_name(field.relation) USING ERRCODE = 'TFNSP';
  END LOOP;
  FOR changed IN
    SELECT f.* FROM json_to_recordset(noted -> 'functions') AS f(oid oid, label text, field text, table_name text, volatility "char")
      JOIN pg_proc AS p ON p.oid = f.oid WHERE f.volatility <> 'v' AND p.provolatile = 'v' ORDER BY f.label, f.field LIMIT 1
  LOOP
    IF changed.field IS NULL THEN
      RAISE EXCEPTION 'type of function "%" is altered to "VOLATILE" which is not supported now', changed.label USING ERRCODE = 'TFNSP';
    END IF;
    RAISE EXCEPTION 'The type of function "%" associated with computed field "%" of table "%" is being altered to "VOLATILE"',
      changed.label, changed.field, changed.table_name USING ERRCODE = 'TFNSP';
  END LOOP;
END $$;

CREATE FUNCTION threefactor.untrack_function(schema_name text, name text) RETURNS void
  LANGUAGE threefactor AS $$
BEGIN
  PERFORM threefactor_private.require_function_owner(schema_name, untrack_function.name);
  DELETE FROM threefactor.function_permission f WHERE f.function_schema = schema_name AND f.function_name = untrack_function.name;
  DELETE FROM threefactor.tracked_function f WHERE f.function_schema = schema_name AND f.function_name = untrack_function.name;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'function "%" not found in source "default"', name USING ERRCODE = 'TFNEX';
  END IF;
END $$;

CREATE FUNCTION threefactor.add_computed_field(
    relation regclass, name text, function_schema text, function_name text, table_argument text DEFAULT NULL,
    session_argument text DEFAULT NULL, comment text DEFAULT NULL) RETURNS void
  LANGUAGE threefactor AS $$
DECLARE
  start text := format('Inconsistent object: in table "%s": in computed field "%s": ',
                       threefactor_private.display_name(add_computed_field.relation), add_computed_field.name);
  function_label text := CASE WHEN function_schema = 'public' THEN '' ELSE function_schema || '.' END || function_name;
  label text;  -- of the table's argument
  found json;
  argument json;
  reasons text[] := '{}';
BEGIN
  PERFORM threefactor_private.require_owner(add_computed_field.relation);
  PERFORM threefactor_private.check_field_name(add_computed_field.relation, add_computed_field.name, 'computed field');
  IF NOT EXISTS (SELECT FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
                 WHERE n.nspname = function_schema AND p.proname = function_name) THEN
    RAISE EXCEPTION '%no such function exists: "%"', start, function_label USING ERRCODE = 'TFCFG';
  END IF;
  found := threefactor_private.find_function(function_schema, function_name);
  IF (found ->> 'volatile')::boolean THEN
    reasons := reasons || format('the function "%s" is of type VOLATILE; cannot be added as a computed field', function_label);
  END IF;
  IF json_array_length(found -> 'arguments') = 0 THEN
    reasons := reasons || format('the function "%s" has no input arguments', function_label);
  ELSE
    SELECT a INTO argument FROM json_array_elements(found -> 'arguments') WITH ORDINALITY AS e(a, place)
     WHERE CASE WHEN table_argument IS NULL THEN place = 1 ELSE a ->> 0 = table_argument END;
    IF argument IS NULL THEN
      reasons := reasons || format('"%s" is not an input argument of the function "%s"', table_argument, function_label);
    ELSIF (argument ->> 5)::bigint <> add_computed_field.relation::oid::bigint THEN
      label := CASE WHEN table_argument IS NULL THEN 'first argument' ELSE format('argument "%s"', table_argument) END ||
               format(' of the function "%s"', function_label);
      IF argument ->> 3 <> 'c' THEN
        reasons := reasons || (label || ' is not COMPOSITE type');
      END IF;
      reasons := reasons || format('%s of type "%s.%s" is not the table to which the computed field is being added', label,
                                   argument ->> 1, argument ->> 2);
    END IF;
  END IF;
  IF session_argument IS NOT NULL THEN
    SELECT a INTO argument FROM json_array_elements(found -> 'arguments') AS a WHERE a ->> 0 = session_argument;
    IF argument IS NULL THEN
      reasons := reasons || format('"%s" is not an input argument of the function "%s"', session_argument, function_label);
    ELSIF argument ->> 2 <> 'json' THEN
      reasons := reasons || format('"%s" argument of the function "%s" is not of type JSON', session_argument, function_label);
    END IF;
  END IF;
  IF cardinality(reasons) > 0 THEN
    RAISE EXCEPTION '%', start || format('the computed field "%s" cannot be added to table "%s" ', add_computed_field.name,
                                         threefactor_private.display_name(add_computed_field.relation)) ||
      CASE WHEN cardinality(reasons) = 1 THEN 'because ' || reasons[1]
           ELSE E'for the following reasons:\n' || (SELECT string_agg('  • ' || r || E'\n', '') FROM unnest(reasons) AS r) END
      USING ERRCODE = 'TFCFG';
  END IF;
  INSERT INTO threefactor.computed_field
  VALUES (add_computed_field.relation, add_computed_field.name, function_schema, function_name, table_argument, session_argument,
          add_computed_field.comment, (found ->> 'oid')::oid);
  PERFORM threefactor_private.check_fields(add_computed_field.relation);
END $$;

CREATE FUNCTION threefactor.drop_computed_field(relation regclass, name text, "cascade" boolean DEFAULT false) RETURNS void
  LANGUAGE threefactor AS $$
DECLARE
  dependents text;
BEGIN
  PERFORM threefactor_private.require_owner(drop_computed_field.relation);
  SELECT string_agg(format('permission %s.%s.%s in source "default"', threefactor_private.display_name(p.relation), p.role_name, p.operation), ', '
                    ORDER BY p.role_name) INTO dependents
    FROM threefactor.permission p
   WHERE p.relation = drop_computed_field.relation AND p.definition -> 'computed_fields' ? drop_computed_field.name;
  IF dependents IS NOT NULL AND NOT drop_computed_field."cascade" THEN
    RAISE EXCEPTION 'cannot drop due to the following dependent objects : %', dependents USING ERRCODE = 'TFDEP';
  END IF;
  DELETE FROM threefactor.computed_field f WHERE f.relation = drop_computed_field.relation AND f.name = drop_computed_field.name;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'computed field "%" does not exist', name USING ERRCODE = 'TFNEX';
  END IF;
  DELETE FROM threefactor.permission p
   WHERE p.relation = drop_computed_field.relation AND p.definition -> 'computed_fields' ? drop_computed_field.name;
END $$;

-- Back to what the catalog alone says, as far as it is the caller's: event triggers and schedules go too. What is said of relations and
-- functions that are no longer there goes with it.
CREATE FUNCTION threefactor.clear_metadata() RETURNS void
  LANGUAGE threefactor AS $$
DECLARE
  event_trigger text;
  kept_relations oid[];
BEGIN
  FOR event_trigger IN
    SELECT t.name FROM threefactor.event_trigger AS t
     WHERE t.errors_of IS NULL AND t.trigger_id = ANY (threefactor_private.owned_event_triggers()) LOOP
    PERFORM threefactor.drop_event_trigger(name => event_trigger);
  END LOOP;
  kept_relations := ARRAY(SELECT c.oid FROM pg_class AS c WHERE NOT threefactor_private.caller_acts_for(c.relowner));
  DELETE FROM threefactor.tracked_table WHERE relation <> ALL (kept_relations);
  DELETE FROM threefactor.relationship WHERE relation <> ALL (kept_relations);
  DELETE FROM threefactor.computed_field WHERE relation <> ALL (kept_relations);
  DELETE FROM threefactor.permission WHERE relation <> ALL (kept_relations);
  DELETE FROM threefactor.function_permission AS f WHERE threefactor_private.caller_owns_functions(f.function_schema, f.function_name);
  DELETE FROM threefactor.tracked_function AS f WHERE threefactor_private.caller_owns_functions(f.function_schema, f.function_name);
  DELETE FROM threefactor.inherited_role WHERE threefactor_private.caller_owns_database();
  PERFORM threefactor_private.forget_inconsistent();
  IF threefactor_private.caller_owns_database() THEN
    DELETE FROM threefactor.allowlist;
    DELETE FROM threefactor.query_collection;
    DELETE FROM threefactor.metadata_part AS p WHERE p.name IN ('source', 'api_limits');
  END IF;
END $$;
