-- The configuration of tracked tables and functions, as SQL callers give it: each key is applied or refused.

-- Private. Raises unless the value is an object whose keys are among `known`; null counts as absent. `path`: where it stands, for errors.
CREATE FUNCTION threefactor_private.check_object(value jsonb, known text[], path text) RETURNS void
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  unknown text;
BEGIN
  IF coalesce(jsonb_typeof(value), 'null') = 'null' THEN
    RETURN;
  ELSIF jsonb_typeof(value) <> 'object' THEN
    RAISE EXCEPTION '% must be an object', path USING ERRCODE = 'TFCFG';
  END IF;
  SELECT k INTO unknown FROM jsonb_object_keys(value) AS k WHERE k <> ALL (known) ORDER BY k LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'unknown key "%" in %', unknown, path USING ERRCODE = 'TFCFG', HINT = 'It takes: ' || array_to_string(known, ', ') || '.';
  END IF;
END $$;

-- Private. Raises unless the value is a string, or null; a name (`is_name`) must be one of GraphQL, or empty, which stands for the default.
CREATE FUNCTION threefactor_private.check_text(value jsonb, is_name boolean, path text) RETURNS void
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF coalesce(jsonb_typeof(value), 'null') NOT IN ('null', 'string') THEN
    RAISE EXCEPTION '% must be a string', path USING ERRCODE = 'TFCFG';
  ELSIF is_name AND value #>> '{}' !~ '^(|(?!__)[_A-Za-z][_0-9A-Za-z]*)$' THEN
    RAISE EXCEPTION '% is not a name of GraphQL: "%"', path, value #>> '{}' USING ERRCODE = 'TFCFG',
      HINT = 'A name has letters from A to Z, digits and underscores, and begins neither with a digit nor with two underscores.';
  END IF;
END $$;

-- Private. Raises unless it is one of the relation, whose columns it may name.
CREATE FUNCTION threefactor_private.check_table_configuration(relation regclass, configuration jsonb) RETURNS void
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  field record;
  path text;
  absent text;
BEGIN
  PERFORM threefactor_private.check_object(
    configuration, '{custom_name,custom_root_fields,column_config,custom_column_names,comment}', 'the configuration');
  PERFORM threefactor_private.check_text(configuration -> 'custom_name', true, 'custom_name'),
    threefactor_private.check_text(configuration -> 'comment', false, 'comment'),
    threefactor_private.check_object(
      configuration -> 'custom_root_fields',
      '{select,select_by_pk,select_aggregate,select_stream,insert,insert_one,update,update_by_pk,update_many,delete,delete_by_pk}', 'custom_root_fields');
  IF configuration #> '{custom_root_fields,select_stream}' <> 'null' THEN
    RAISE EXCEPTION 'custom_root_fields.select_stream: streaming subscriptions are not supported' USING ERRCODE = 'TFNSP';
  END IF;
  FOR field IN SELECT * FROM jsonb_each(nullif(configuration -> 'custom_root_fields', 'null')) LOOP
    path := 'custom_root_fields.' || field.key;
    IF jsonb_typeof(field.value) = 'string' THEN
      PERFORM threefactor_private.check_text(field.value, true, path);
    ELSE
      PERFORM threefactor_private.check_object(field.value, '{name,comment}', path);
      PERFORM threefactor_private.check_text(field.value -> 'name', true, path || '.name'),
        threefactor_private.check_text(field.value -> 'comment', false, path || '.comment');
    END IF;
  END LOOP;
  FOR field IN SELECT unnest('{column_config,custom_column_names}'::text[]) AS part LOOP
    IF coalesce(jsonb_typeof(configuration -> field.part), 'null') NOT IN ('null', 'object') THEN
      RAISE EXCEPTION '% must be an object', field.part USING ERRCODE = 'TFCFG';
    END IF;
    SELECT k INTO absent FROM jsonb_object_keys(nullif(configuration -> field.part, 'null')) AS k
     WHERE NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = check_table_configuration.relation AND a.attname = k
                         AND a.attnum > 0 AND NOT a.attisdropped) ORDER BY k LIMIT 1;
    IF FOUND THEN
      RAISE EXCEPTION '%: column "%" of table "%" does not exist', field.part, absent,
        threefactor_private.display_name(check_table_configuration.relation) USING ERRCODE = 'TFNEX';
    END IF;
  END LOOP;
  FOR field IN SELECT * FROM jsonb_each(nullif(configuration -> 'column_config', 'null')) LOOP
    path := 'column_config.' || field.key;
    PERFORM threefactor_private.check_object(field.value, '{custom_name,comment}', path);
    PERFORM threefactor_private.check_text(field.value -> 'custom_name', true, path || '.custom_name'),
      threefactor_private.check_text(field.value -> 'comment', false, path || '.comment');
  END LOOP;
  FOR field IN SELECT * FROM jsonb_each(nullif(configuration -> 'custom_column_names', 'null')) LOOP
    PERFORM threefactor_private.check_text(field.value, true, 'custom_column_names.' || field.key);
  END LOOP;
END $$;

-- Private. Raises unless it is one.
CREATE FUNCTION threefactor_private.check_function_configuration(configuration jsonb) RETURNS void
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  fields CONSTANT jsonb := configuration -> 'custom_root_fields';
BEGIN
  PERFORM threefactor_private.check_object(configuration, '{session_argument,exposed_as,custom_name,custom_root_fields}', 'the configuration');
  PERFORM threefactor_private.check_text(configuration -> 'custom_name', true, 'custom_name'),
    threefactor_private.check_text(configuration -> 'session_argument', false, 'session_argument'),
    threefactor_private.check_text(configuration -> 'exposed_as', false, 'exposed_as'),
    threefactor_private.check_object(fields, '{function,function_aggregate}', 'custom_root_fields');
  PERFORM threefactor_private.check_text(fields -> 'function', true, 'custom_root_fields.function'),
    threefactor_private.check_text(fields -> 'function_aggregate', true, 'custom_root_fields.function_aggregate');
  IF configuration ->> 'exposed_as' NOT IN ('query', 'mutation') THEN
    RAISE EXCEPTION 'exposed_as is query or mutation, not "%"', configuration ->> 'exposed_as' USING ERRCODE = 'TFCFG';
  END IF;
END $$;
