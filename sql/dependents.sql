-- What of the metadata stands on which columns: run_sql refuses, as Hasura does, to take a column or its type from under it.

-- Private. The columns and relationships that an expression of a permission names, its relationships followed. `on_type`: compared with a
-- value that the expression itself holds, so that it says something only for the type the column has.
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
                                   threefactor_private.expression_names(t, coalesce(value -> '_where', value -> '$where')) AS c;
    ELSIF EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = relation AND a.attname = key AND a.attnum > 0) THEN
      RETURN QUERY SELECT relation, key, true, EXISTS (
        SELECT FROM jsonb_path_query(value, 'strict $.** ? (@.type() != "object" && @.type() != "array")') AS given
         WHERE given #>> '{}' !~* '^x-hasura-');
    ELSE
      SELECT r.target INTO target FROM threefactor.relationship AS r WHERE r.relation = expression_names.relation AND r.name = key;
      IF FOUND THEN
        RETURN QUERY SELECT relation, key, false, false;
        RETURN QUERY SELECT c.* FROM threefactor_private.expression_names(target, value) AS c;
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
           unnest(d.columns || d.payload || d.order_by) AS c
  )
  SELECT n.kind, n.label, n.relation, n.name, n.operation, n.owner, a.attnum AS number, n.on_type
    FROM named AS n JOIN pg_catalog.pg_attribute AS a ON a.attrelid = n.owner AND a.attname = n.column_name AND a.attnum > 0
  UNION ALL
  SELECT 'relationship', format('%s.%s', threefactor_private.display_name(r.relation), r.name), r.relation, r.name, NULL, c.owner, c.number, false
    FROM threefactor.relationship AS r CROSS JOIN LATERAL (
           SELECT r.relation, unnest(r.columns) UNION ALL SELECT r.target, unnest(r.target_columns)) AS c(owner, number);

-- Before SQL is run: remembers, until the transaction ends, what stands on which columns, and their types.
CREATE FUNCTION threefactor.note_dependents() RETURNS void
  LANGUAGE threefactor AS $$
BEGIN
  PERFORM set_config('threefactor.noted_dependents', coalesce(json_agg(n), '[]')::text, true)
    FROM (SELECT d.kind, d.label, d.relation::oid::bigint, d.name, d.operation, d.owner::oid::bigint, d.number, d.on_type, a.atttypid::bigint AS type,
                 a.attname AS column_name, threefactor_private.display_name(d.owner) AS owner_name
            FROM threefactor_private.dependents AS d JOIN pg_attribute AS a ON a.attrelid = d.owner AND a.attnum = d.number) AS n;
END $$;

-- After it: raises where a column is gone, or has another type, that something stands on which is still there. With `cascade` what
-- stands on a column that is gone goes, too.
CREATE FUNCTION threefactor.check_dependents("cascade" boolean) RETURNS void
  LANGUAGE threefactor AS $$
DECLARE
  noted CONSTANT json := nullif(current_setting('threefactor.noted_dependents'), '');  -- null: the SQL ended the transaction
  dependents text;
  changed record;
  gone record;
BEGIN
  FOR gone IN
    SELECT DISTINCT n.kind, n.label, n.relation, n.name, n.operation
      FROM json_to_recordset(noted) AS n(kind text, label text, relation oid, name text, operation text, owner oid, number smallint)
      JOIN pg_class AS c ON c.oid = n.relation
     WHERE NOT EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = n.owner AND a.attnum = n.number AND NOT a.attisdropped)
     ORDER BY n.kind, n.label
  LOOP
    dependents := concat_ws(', ', dependents, format('%s %s in source "default"', gone.kind, gone.label));
    IF NOT "cascade" THEN
      CONTINUE;
    ELSIF gone.kind = 'event-trigger' THEN
      PERFORM threefactor.drop_event_trigger(gone.name);
    ELSE
      DELETE FROM threefactor.relationship AS r WHERE gone.kind = 'relationship' AND r.relation = gone.relation AND r.name = gone.name;
      DELETE FROM threefactor.permission AS p
       WHERE gone.kind = 'permission' AND p.relation = gone.relation AND p.role_name = gone.name AND p.operation = gone.operation;
    END IF;
  END LOOP;
  IF dependents IS NOT NULL AND NOT "cascade" THEN
    RAISE EXCEPTION 'cannot drop due to the following dependent objects : %', dependents USING ERRCODE = 'TFDEP';
  END IF;
  SELECT n.column_name, n.owner_name, string_agg(DISTINCT format('%s %s in source "default"', n.kind, n.label), ', ') AS dependents INTO changed
    FROM json_to_recordset(noted) AS n(kind text, label text, owner oid, number smallint, on_type boolean, type oid, column_name text, owner_name text)
    JOIN pg_attribute AS a ON a.attrelid = n.owner AND a.attnum = n.number AND NOT a.attisdropped AND a.atttypid <> n.type
   WHERE n.on_type GROUP BY n.column_name, n.owner_name LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'cannot change type of column "%" in table "%" because of the following dependencies : %',
      changed.column_name, changed.owner_name, changed.dependents USING ERRCODE = 'TFDEP';
  END IF;
END $$;
