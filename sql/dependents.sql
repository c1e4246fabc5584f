-- What of the metadata stands on which columns: run_sql refuses, as Hasura does, to take a column or its type from under it.

-- Private. The columns and relationships that an expression of a permission names, its relationships followed. `on_type`: compared with a
-- value that the expression itself holds, so that it says something only for the type the column has. `owner` null: a table of _exists that
-- there is not.
CREATE FUNCTION threefactor_private.expression_names(
    relation regclass, expression jsonb, OUT owner regclass, OUT name text, OUT is_column boolean, OUT on_type boolean) RETURNS SETOF record
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  key text;
  value jsonb;
  target regclass;
BEGIN
  FOR key, value IN SELECT e.key, e.value FROM jsonb_each(CASE jsonb_typeof(expression) WHEN 'object' THEN expression ELSE '{}' END) AS e LOOP
    IF key IN ('_and', '_or', '_not', '$and', '$or', '$not') THEN
      RETURN QUERY SELECT c.* FROM jsonb_array_elements(CASE jsonb_typeof(value) WHEN 'array' THEN value ELSE jsonb_build_array(value) END) AS part,
                                   threefactor_private.expression_names(relation, part) AS c;
    ELSIF key IN ('_exists', '$exists') THEN
      RETURN QUERY SELECT c.* FROM threefactor_private.exists_relation(value) AS t,
                                   threefactor_private.expression_names(t, coalesce(value -> '_where', value -> '$where')) AS c WHERE t IS NOT NULL;
      RETURN QUERY SELECT NULL::regclass, NULL, false, false FROM threefactor_private.exists_relation(value) AS t WHERE t IS NULL;  -- it is gone
    ELSIF EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = relation AND a.attname = key AND a.attnum > 0) THEN
      RETURN QUERY SELECT relation, key, true, EXISTS (
        SELECT FROM jsonb_path_query(value, 'strict $.** ? (@.type() != "object" && @.type() != "array")') AS given
         WHERE given #>> '{}' !~* '^x-hasura-');
    ELSE
      SELECT r.target INTO target FROM threefactor.relationship AS r WHERE r.relation = expression_names.relation AND r.name = key;
      IF FOUND THEN
        RETURN QUERY SELECT relation, key, false, false;
        RETURN QUERY SELECT c.* FROM threefactor_private.expression_names(target, value) AS c;
      ELSE  -- a column that is gone, or a computed field
        RETURN QUERY SELECT relation, key, true, false;
      END IF;
    END IF;
  END LOOP;
END $$;

-- Private. The table that the _exists of an expression names; null: none that there is.
CREATE FUNCTION threefactor_private.exists_relation(given jsonb) RETURNS regclass
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT to_regclass(quote_ident(coalesce(t.name ->> 'schema', 'public')) || '.' || quote_ident(coalesce(t.name ->> 'name', t.name #>> '{}')))
    FROM (SELECT coalesce(given -> '_table', given -> '$table')) AS t(name)
$$;

-- Private. The expression of a permission of `relation`, where the column or relationship of `owner` that it calls `name` is called `new_name`.
CREATE FUNCTION threefactor_private.renamed_expression(relation regclass, expression jsonb, owner regclass, name text, new_name text) RETURNS jsonb
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
  result jsonb := '{}';
  key text;
  value jsonb;
  target regclass;
BEGIN
  IF jsonb_typeof(expression) = 'array' THEN
    RETURN (SELECT coalesce(jsonb_agg(threefactor_private.renamed_expression(relation, e.part, owner, name, new_name) ORDER BY e.place), '[]')
              FROM jsonb_array_elements(expression) WITH ORDINALITY AS e(part, place));
  ELSIF jsonb_typeof(expression) IS DISTINCT FROM 'object' THEN
    RETURN expression;
  END IF;
  FOR key, value IN SELECT e.key, e.value FROM jsonb_each(expression) AS e LOOP
    IF key IN ('_and', '_or', '_not', '$and', '$or', '$not') THEN
      value := threefactor_private.renamed_expression(relation, value, owner, name, new_name);
    ELSIF key IN ('_exists', '$exists') THEN
      value := (SELECT jsonb_object_agg(e.key, CASE WHEN e.key IN ('_where', '$where')
                         THEN threefactor_private.renamed_expression(threefactor_private.exists_relation(value), e.value, owner, name, new_name) ELSE e.value END)
                  FROM jsonb_each(value) AS e);
    ELSE
      SELECT r.target INTO target FROM threefactor.relationship AS r
       WHERE r.relation = renamed_expression.relation AND r.name IN (key, CASE WHEN relation = owner AND key = renamed_expression.name THEN new_name END);
      IF FOUND THEN
        value := threefactor_private.renamed_expression(target, value, owner, name, new_name);
      END IF;
      IF relation = owner AND key = name THEN
        key := new_name;
      END IF;
    END IF;
    result := result || jsonb_build_object(key, value);
  END LOOP;
  RETURN result;
END $$;

-- Private. What is renamed is renamed in the permissions.
CREATE FUNCTION threefactor_private.rename_in_permissions(owner regclass, name text, new_name text) RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
BEGIN
  UPDATE threefactor.permission AS p
     SET definition = p.definition || coalesce((
           SELECT jsonb_object_agg(d.key, threefactor_private.renamed_expression(p.relation, d.value, owner, name, new_name))
             FROM jsonb_each(p.definition) AS d WHERE d.key IN ('filter', 'check') AND jsonb_typeof(d.value) = 'object'), '{}') || coalesce((
           SELECT jsonb_object_agg(d.key, CASE jsonb_typeof(d.value)
                    WHEN 'array' THEN (SELECT coalesce(jsonb_agg(CASE WHEN e.item = to_jsonb(name) THEN to_jsonb(new_name) ELSE e.item END ORDER BY e.place), '[]')
                                         FROM jsonb_array_elements(d.value) WITH ORDINALITY AS e(item, place))
                    ELSE d.value - name || CASE WHEN d.value ? name THEN jsonb_build_object(new_name, d.value -> name) ELSE '{}' END END)
             FROM jsonb_each(p.definition) AS d
            WHERE p.relation = owner AND (d.key, jsonb_typeof(d.value)) IN (('columns', 'array'), ('set', 'object'))), '{}')
   WHERE position(to_json(name)::text IN p.definition::text) > 0;
  UPDATE threefactor.permission_part AS p SET name = new_name WHERE p.relation = owner AND p.kind = 'privilege' AND p.name = rename_in_permissions.name;
  PERFORM threefactor_private.follow_presets(owner);
END $$;

-- Private. The permissions whose expressions use the relationship.
CREATE FUNCTION threefactor_private.permissions_through(relation regclass, name text) RETURNS SETOF threefactor.permission
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT p.* FROM threefactor.permission AS p
   WHERE EXISTS (SELECT FROM unnest(ARRAY['filter', 'check']) AS part, threefactor_private.expression_names(p.relation, p.definition -> part) AS e
                  WHERE NOT e.is_column AND e.owner = permissions_through.relation AND e.name = permissions_through.name)
$$;

-- Private. One row for each column of each relationship, permission and event trigger.
CREATE VIEW threefactor_private.dependents AS
  WITH named AS (
    SELECT 'permission' AS kind, format('%s.%s.%s', threefactor_private.display_name(p.relation), p.role_name, p.operation) AS label,
           p.relation, p.role_name AS name, p.operation, c.owner, c.name AS column_name, c.on_type
      FROM threefactor.permission AS p CROSS JOIN LATERAL (
             SELECT p.relation, jsonb_array_elements_text(CASE jsonb_typeof(p.definition -> 'columns') WHEN 'array' THEN p.definition -> 'columns' ELSE '[]' END), false
             UNION ALL
             SELECT p.relation, s.key, s.value #>> '{}' !~* '^x-hasura-'
               FROM jsonb_each(CASE jsonb_typeof(p.definition -> 'set') WHEN 'object' THEN p.definition -> 'set' ELSE '{}' END) AS s
             UNION ALL
             SELECT e.owner, e.name, e.on_type
               FROM unnest(ARRAY['filter', 'check']) AS part, threefactor_private.expression_names(p.relation, p.definition -> part) AS e WHERE e.is_column
           ) AS c(owner, name, on_type)
    UNION ALL
    SELECT 'event-trigger', format('%s.%s', threefactor_private.display_name(d.relation), t.name), d.relation, t.name, NULL, d.relation, c, false
      FROM threefactor.event_trigger AS t JOIN threefactor.definition AS d USING (definition_id),
           unnest(d.columns || threefactor_private.payload_columns(d) || d.order_by) AS c
  )
  SELECT n.kind, n.label, n.relation, n.name, n.operation, n.owner, a.attnum AS number, n.on_type
    FROM named AS n JOIN pg_catalog.pg_attribute AS a ON a.attrelid = n.owner AND a.attname = n.column_name AND a.attnum > 0
  UNION ALL
  SELECT 'relationship', format('%s.%s', threefactor_private.display_name(r.relation), r.name), r.relation, r.name, NULL, c.owner, c.number, false
    FROM threefactor.relationship AS r CROSS JOIN LATERAL (
           SELECT r.relation, unnest(r.columns) UNION ALL SELECT r.target, unnest(r.target_columns)) AS c(owner, number);

-- Before SQL is run: remembers, until the transaction ends, what stands on which columns, with their names and types, and the functions
-- that are tracked or of computed fields. follow_names adds what it removes.
CREATE FUNCTION threefactor.note_dependents() RETURNS void
  LANGUAGE threefactor AS $$
BEGIN
  PERFORM set_config('threefactor.noted_dependents', json_build_object('removed', '[]'::json, 'dependents', (
      SELECT coalesce(json_agg(n), '[]')
        FROM (SELECT d.kind, d.label, d.relation::oid::bigint, d.name, d.operation, d.owner::oid::bigint, d.number, d.on_type, a.atttypid::bigint AS type,
                     a.attname AS column_name, threefactor_private.display_name(d.owner) AS owner_name
                FROM threefactor_private.dependents AS d JOIN pg_attribute AS a ON a.attrelid = d.owner AND a.attnum = d.number) AS n),
    'functions', (
      SELECT coalesce(json_agg(n), '[]')
        FROM (SELECT p.oid::bigint, n.nspname AS schema, p.proname AS name, p.provolatile AS volatility, t.field, t.relation::oid::bigint,
                     CASE WHEN n.nspname = 'public' THEN '' ELSE n.nspname || '.' END || p.proname AS label,
                     threefactor_private.display_name(t.relation) AS table_name
                FROM (SELECT f.function_schema, f.function_name, NULL AS field, NULL::regclass AS relation FROM threefactor.tracked_function AS f
                      UNION ALL
                      SELECT f.function_schema, f.function_name, f.name, f.relation FROM threefactor.computed_field AS f) AS t
                JOIN pg_namespace AS n ON n.nspname = t.function_schema JOIN pg_proc AS p ON p.pronamespace = n.oid AND p.proname = t.function_name) AS n)
    )::text, true);
END $$;

-- After it: raises where something is gone that stood on a column, table or function which the SQL dropped; with `cascade` that may go.
-- Raises where a column has another type that something stands on, or another name that an event trigger has, or a function that is
-- tracked or of a computed field.
CREATE FUNCTION threefactor.check_dependents("cascade" boolean) RETURNS void
  LANGUAGE threefactor AS $$
DECLARE
  noted CONSTANT json := nullif(current_setting('threefactor.noted_dependents'), '');  -- null: the SQL ended the transaction
  dependents text;
  changed record;
  gone record;
BEGIN
  FOR gone IN
    SELECT DISTINCT n.kind, n.label, n.name
      FROM json_to_recordset(noted -> 'dependents') AS n(kind text, label text, relation oid, name text, owner oid, number smallint)
      JOIN pg_class AS c ON c.oid = n.relation
     WHERE n.kind = 'event-trigger'
       AND NOT EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = n.owner AND a.attnum = n.number AND NOT a.attisdropped)
    UNION
    SELECT r.kind, r.label, NULL FROM json_to_recordset(noted -> 'removed') AS r(kind text, label text, relation oid)
     WHERE EXISTS (SELECT FROM pg_class AS c WHERE c.oid = r.relation)
     ORDER BY kind, label
  LOOP
    dependents := concat_ws(', ', dependents, format('%s %s in source "default"', gone.kind, gone.label));
    IF "cascade" AND gone.kind = 'event-trigger' THEN
      PERFORM threefactor.drop_event_trigger(gone.name);
    END IF;
  END LOOP;
  IF dependents IS NOT NULL AND NOT "cascade" THEN
    RAISE EXCEPTION 'cannot drop due to the following dependent objects : %', dependents USING ERRCODE = 'TFDEP';
  END IF;
  SELECT n.column_name, n.owner_name, string_agg(DISTINCT format('%s %s in source "default"', n.kind, n.label), ', ') AS dependents INTO changed
    FROM json_to_recordset(noted -> 'dependents')
      AS n(kind text, label text, owner oid, number smallint, on_type boolean, type oid, column_name text, owner_name text)
    JOIN pg_attribute AS a ON a.attrelid = n.owner AND a.attnum = n.number AND NOT a.attisdropped AND a.atttypid <> n.type
   WHERE n.on_type GROUP BY n.column_name, n.owner_name LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'cannot change type of column "%" in table "%" because of the following dependencies : %',
      changed.column_name, changed.owner_name, changed.dependents USING ERRCODE = 'TFDEP';
  END IF;
  SELECT n.column_name, n.owner_name, string_agg(DISTINCT format('%s %s in source "default"', n.kind, n.label), ', ') AS dependents INTO changed
    FROM json_to_recordset(noted -> 'dependents') AS n(kind text, label text, name text, owner oid, number smallint, column_name text, owner_name text)
    JOIN pg_attribute AS a ON a.attrelid = n.owner AND a.attnum = n.number AND NOT a.attisdropped AND a.attname <> n.column_name
    JOIN threefactor.event_trigger AS t ON t.name = n.name JOIN threefactor.definition AS d USING (definition_id)
   WHERE n.kind = 'event-trigger' AND n.column_name = ANY (d.columns || threefactor_private.payload_columns(d) || d.order_by) GROUP BY n.column_name, n.owner_name LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'cannot rename column "%" in table "%" because of the following dependencies : %',
      changed.column_name, changed.owner_name, changed.dependents USING ERRCODE = 'TFDEP';
  END IF;
  PERFORM threefactor_private.refuse_conflicts((
    SELECT json_agg(json_build_object(
             'definition', CASE WHEN f.field IS NULL THEN json_build_object('function', json_build_object('schema', f.schema, 'name', f.name))
                                ELSE json_build_object('table', json_build_object('schema', cn.nspname, 'name', c.relname), 'name', f.field,
                                  'definition', json_build_object('function', json_build_object('schema', f.schema, 'name', f.name))) END,
             'reason', format('Inconsistent object: %sno such function exists: "%s"',
                              CASE WHEN f.field IS NULL THEN format('in function "%s": ', f.label)
                                   ELSE format('in table "%s": in computed field "%s": ', f.table_name, f.field) END, f.label),
             'name', CASE WHEN f.field IS NULL THEN format('function %s in source default', f.label)
                          ELSE format('computed_field %s in table %s in source default', f.field, f.table_name) END,
             'type', CASE WHEN f.field IS NULL THEN 'function' ELSE 'computed_field' END) ORDER BY f.label, f.field)
      FROM json_to_recordset(noted -> 'functions') AS f(oid oid, schema text, name text, label text, field text, relation oid, table_name text)
      JOIN pg_proc AS p ON p.oid = f.oid JOIN pg_namespace AS n ON n.oid = p.pronamespace
      LEFT JOIN pg_class AS c ON c.oid = f.relation LEFT JOIN pg_namespace AS cn ON cn.oid = c.relnamespace
     WHERE (n.nspname, p.proname) <> (f.schema, f.name)
       -- not untracked by the SQL itself
       AND (f.relation IS NULL AND EXISTS (SELECT FROM threefactor.tracked_function AS t WHERE (t.function_schema, t.function_name) = (n.nspname, p.proname))
         OR EXISTS (SELECT FROM threefactor.computed_field AS t
                     WHERE t.relation = f.relation AND t.name = f.field AND (t.function_schema, t.function_name) = (n.nspname, p.proname)))));
END $$;
