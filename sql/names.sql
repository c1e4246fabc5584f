-- Names in the API: no two things may have one. What is set is checked here and refused; where DDL makes names clash, the gateway
-- reports what it leaves out.

-- Private. The names that fields of the relation's type have: of its columns, relationships and computed fields.
CREATE FUNCTION threefactor_private.field_names(relation regclass) RETURNS TABLE (name text, type text, field text, is_custom boolean)
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(c.name, a.attname::text), 'column', a.attname::text, c.name IS NOT NULL
    FROM pg_attribute a LEFT JOIN threefactor.tracked_table t ON t.relation = a.attrelid
   CROSS JOIN LATERAL (SELECT coalesce(nullif(t.configuration #>> ARRAY['column_config', a.attname::text, 'custom_name'], ''),
                                       nullif(t.configuration #>> ARRAY['custom_column_names', a.attname::text], ''))) AS c(name)
   WHERE a.attrelid = field_names.relation AND a.attnum > 0 AND NOT a.attisdropped
  UNION ALL
  SELECT n.name, CASE WHEN r.is_array THEN 'array_relation' ELSE 'object_relation' END, r.name, true
    FROM threefactor.relationship r
   CROSS JOIN LATERAL (SELECT r.name UNION ALL SELECT r.name || '_aggregate' WHERE r.is_array) AS n(name)
   WHERE r.relation = field_names.relation AND EXISTS (SELECT FROM pg_class c WHERE c.oid = r.target)
  UNION ALL
  SELECT f.name, 'computed_field', f.name, true FROM threefactor.computed_field f WHERE f.relation = field_names.relation
$$;

-- Private. The definition of a relationship as the metadata API writes it.
CREATE FUNCTION threefactor_private.relationship_using(relation regclass, name text) RETURNS json
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE r.source
           WHEN 'own' THEN json_build_object('foreign_key_constraint_on', c.own)
           WHEN 'reverse' THEN json_build_object('foreign_key_constraint_on', json_build_object(
                'table', t.name, CASE json_typeof(c.others) WHEN 'array' THEN 'columns' ELSE 'column' END, c.others))
           ELSE json_build_object('manual_configuration', json_build_object('remote_table', t.name, 'column_mapping', c.mapping)) END
    FROM threefactor.relationship r
   CROSS JOIN LATERAL (
     SELECT CASE count(*) WHEN 1 THEN to_json(min(a.attname::text)) ELSE json_agg(a.attname ORDER BY p.place) END,
            CASE count(*) WHEN 1 THEN to_json(min(b.attname::text)) ELSE json_agg(b.attname ORDER BY p.place) END,
            json_object_agg(a.attname, b.attname)
       FROM unnest(r.columns, r.target_columns) WITH ORDINALITY AS p(own, other, place)
       JOIN pg_attribute a ON a.attrelid = r.relation AND a.attnum = p.own
       JOIN pg_attribute b ON b.attrelid = r.target AND b.attnum = p.other) AS c(own, others, mapping)
   CROSS JOIN LATERAL (SELECT json_build_object('schema', n.nspname, 'name', k.relname)
                         FROM pg_class k JOIN pg_namespace n ON n.oid = k.relnamespace WHERE k.oid = r.target) AS t(name)
   WHERE r.relation = relationship_using.relation AND r.name = relationship_using.name
$$;

-- Private. What of the relation would vanish behind something of the same name: a list of inconsistent objects, or null.
CREATE FUNCTION threefactor_private.field_conflicts(relation regclass) RETURNS json
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH conflict AS (
    SELECT DISTINCT ON (o.type, o.field) o.type, o.field, f.type AS other_type, f.field AS other, f.is_custom, o.name
      FROM threefactor_private.field_names(field_conflicts.relation) AS f JOIN threefactor_private.field_names(field_conflicts.relation) AS o
        ON o.name = f.name AND (o.type, o.field) <> (f.type, f.field)
       AND (f.type = 'column') >= (o.type = 'column') AND ((f.type = 'column') > (o.type = 'column') OR (f.type, f.field) < (o.type, o.field))
     ORDER BY o.type, o.field, f.type <> 'column', f.name, f.field
  )
  SELECT json_agg(json_build_object(
           'definition', json_build_object('using', threefactor_private.relationship_using(field_conflicts.relation, c.field), 'name', c.field,
                                           'source', 'default', 'comment', r.comment,
                                           'table', json_build_object('schema', n.nspname, 'name', k.relname)),
           'reason', CASE WHEN c.type = 'column' OR c.other_type <> 'column'
                          THEN format('Inconsistent object: the name "%s" is taken by %s "%s"', c.name,
                                      CASE c.other_type WHEN 'column' THEN 'column' WHEN 'computed_field' THEN 'computed field' ELSE 'relationship' END, c.other)
                          WHEN c.is_custom
                          THEN format('Inconsistent object: field definition conflicts with custom field name for postgres column "%s"', c.other)
                          WHEN c.name = c.other AND c.field = c.other
                          THEN 'Inconsistent object: field definition conflicts with postgres column'
                          ELSE format('Inconsistent object: field definition conflicts with postgres column "%s"', c.other) END,
           'name', format('%s %s in table %s in source default', c.type, c.field, threefactor_private.display_name(field_conflicts.relation)),
           'type', c.type) ORDER BY c.type, c.field)
    FROM conflict c JOIN pg_class k ON k.oid = field_conflicts.relation JOIN pg_namespace n ON n.oid = k.relnamespace
    LEFT JOIN threefactor.relationship r ON r.relation = field_conflicts.relation AND r.name = c.field AND c.type LIKE '%relation'
$$;

-- Private. Names of root fields and of types, with what has them, of tables that are tracked or in a schema of `schemas` and not
-- hidden, and of tracked functions. Of types only those that could be one of the table or function that is named (null: of all): where one
-- name begins with the other. The suffixes of types are those of the gateway.
CREATE FUNCTION threefactor_private.api_names(schemas text[], schema_name text, object_name text) RETURNS TABLE (kind text, name text, type text, owner_schema text, owner_name text)
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH exposed AS (
    SELECT s.nspname::text AS owner_schema, c.relname::text AS owner_name, coalesce(t.configuration -> 'custom_root_fields', '{}') AS roots,
           coalesce(nullif(t.configuration ->> 'custom_name', ''),
                    CASE s.nspname WHEN 'public' THEN '' ELSE s.nspname || '_' END || c.relname) AS base
      FROM pg_class c JOIN pg_namespace s ON s.oid = c.relnamespace LEFT JOIN threefactor.tracked_table t ON t.relation = c.oid
     WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND coalesce(t.is_tracked, s.nspname = ANY (schemas))
       AND s.nspname NOT IN ('threefactor', 'pg_catalog', 'information_schema') AND c.relpersistence <> 't'
       AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
  ), served AS (
    SELECT f.function_schema, f.function_name, coalesce(f.configuration -> 'custom_root_fields', '{}') AS roots,
           coalesce(nullif(f.configuration ->> 'custom_name', ''),
                    CASE f.function_schema WHEN 'public' THEN '' ELSE f.function_schema || '_' END || f.function_name) AS base,
           coalesce(f.configuration ->> 'exposed_as', CASE WHEN p.provolatile = 'v' THEN 'mutation' END, 'query') AS exposed_as
      FROM threefactor.tracked_function f JOIN pg_namespace s ON s.nspname = f.function_schema
      JOIN pg_proc p ON p.pronamespace = s.oid AND p.proname = f.function_name
  ), named AS (
    SELECT base FROM exposed WHERE (owner_schema, owner_name) = (schema_name, object_name)
    UNION ALL
    SELECT base FROM served WHERE (function_schema, function_name) = (schema_name, object_name)
  ), near AS (
    SELECT e.* FROM exposed e WHERE object_name IS NULL OR EXISTS (SELECT FROM named n WHERE starts_with(e.base, n.base) OR starts_with(n.base, e.base))
  )
  SELECT r.root, coalesce(nullif(CASE jsonb_typeof(e.roots -> r.key) WHEN 'object' THEN e.roots -> r.key ->> 'name' ELSE e.roots ->> r.key END, ''),
                          r.prefix || e.base || r.suffix), 'table', e.owner_schema, e.owner_name
    FROM exposed e CROSS JOIN (VALUES
      ('query', 'select', '', ''), ('query', 'select_aggregate', '', '_aggregate'), ('query', 'select_by_pk', '', '_by_pk'),
      ('mutation', 'insert', 'insert_', ''), ('mutation', 'insert_one', 'insert_', '_one'), ('mutation', 'update', 'update_', ''),
      ('mutation', 'update_by_pk', 'update_', '_by_pk'), ('mutation', 'update_many', 'update_', '_many'), ('mutation', 'delete', 'delete_', ''),
      ('mutation', 'delete_by_pk', 'delete_', '_by_pk')) AS r(root, key, prefix, suffix)
  UNION ALL
  SELECT f.exposed_as, coalesce(nullif(f.roots ->> 'function', ''), f.base), 'function', f.function_schema, f.function_name FROM served f
  UNION ALL
  SELECT 'query', coalesce(nullif(f.roots ->> 'function_aggregate', ''), f.base || '_aggregate'), 'function', f.function_schema, f.function_name
    FROM served f WHERE f.exposed_as = 'query'
  UNION ALL
  SELECT 'type', e.base || s.suffix, 'table', e.owner_schema, e.owner_name
    FROM near e CROSS JOIN unnest('{"",_aggregate,_aggregate_fields,_avg_fields,_bool_exp,_constraint,_inc_input,_insert_input,_max_fields,
      _min_fields,_mutation_response,_obj_rel_insert_input,_arr_rel_insert_input,_on_conflict,_order_by,_pk_columns_input,_select_column,_set_input,
      _stddev_fields,_stddev_pop_fields,_stddev_samp_fields,_sum_fields,_update_column,_var_pop_fields,_var_samp_fields,_variance_fields,
      _aggregate_order_by,_append_input,_avg_order_by,_delete_at_path_input,_delete_elem_input,_delete_key_input,_enum,_max_order_by,_min_order_by,
      _prepend_input,_stddev_order_by,_stddev_pop_order_by,_stddev_samp_order_by,_sum_order_by,_updates,_var_pop_order_by,_var_samp_order_by,
      _variance_order_by,_aggregate_bool_exp,_by_pk}'::text[]) AS s(suffix)
  UNION ALL
  SELECT 'type', f.base || '_args', 'function', f.function_schema, f.function_name FROM served f
  UNION ALL
  SELECT 'type', n.name, 'type', '', n.name FROM (VALUES ('query_root'), ('mutation_root'), ('subscription_root'), ('order_by'), ('String'), ('Int'),
    ('Float'), ('Boolean'), ('ID')) AS n(name)
$$;

-- Private. Raises where there are any; the gateway answers the detail as what is inconsistent.
CREATE FUNCTION threefactor_private.refuse_conflicts(conflicts json) RETURNS void
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF conflicts IS NOT NULL THEN
    RAISE EXCEPTION 'cannot continue due to new inconsistent metadata'
      USING ERRCODE = 'TFINC', DETAIL = conflicts::text, HINT = 'Give one of them another name.';
  END IF;
END $$;

-- Private. Raises where two fields of the relation's type would have one name.
CREATE FUNCTION threefactor_private.check_fields(relation regclass) RETURNS void
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT threefactor_private.refuse_conflicts(threefactor_private.field_conflicts(relation))
$$;

-- Private. Raises where the table or function (`type`) would have a name of another, or one name twice. What a gateway serves without
-- being told to is in the schemas that it has set in threefactor_gateway.schemas; from that a function takes its default name.
-- Nothing is checked while threefactor_gateway.defer_names is on: then somebody asks names_clash at the end, once for all.
CREATE FUNCTION threefactor_private.check_names(schema_name text, name text, type text) RETURNS void
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH names AS MATERIALIZED (
    SELECT row_number() OVER () AS id, a.*, CASE WHEN a.owner_schema IN ('', 'public') THEN '' ELSE a.owner_schema || '.' END || a.owner_name AS label
      FROM threefactor_private.api_names(
             CASE WHEN check_names.type = 'table' OR EXISTS (
                    SELECT FROM threefactor.tracked_function f WHERE f.function_schema = check_names.schema_name
                       AND f.function_name = check_names.name AND f.configuration ?| '{custom_name,custom_root_fields}')
                  THEN coalesce(nullif(current_setting('threefactor_gateway.schemas', true), ''), '{}')::text[] ELSE '{}' END,
             check_names.schema_name, check_names.name) AS a
     WHERE coalesce(current_setting('threefactor_gateway.defer_names', true), '') <> 'on'
  ), conflict AS (
    SELECT DISTINCT ON (o.type, o.label) m.kind, m.name, m.label, o.type AS other_type, o.label AS other
      FROM names m JOIN names o ON o.kind = m.kind AND o.name = m.name AND o.id <> m.id
     WHERE m.type = check_names.type AND m.owner_schema = check_names.schema_name AND m.owner_name = check_names.name
     ORDER BY o.type, o.label, CASE m.kind WHEN 'query' THEN 0 WHEN 'mutation' THEN 1 ELSE 2 END, m.name
  )
  SELECT threefactor_private.refuse_conflicts((SELECT json_agg(json_build_object(
           'definition', json_build_object(check_names.type, json_build_object('schema', check_names.schema_name, 'name', check_names.name)),
           'reason', format('Inconsistent object: the name "%s" of a %s is taken by %s "%s"', c.name,
                            CASE c.kind WHEN 'type' THEN 'type' ELSE c.kind || ' field' END, c.other_type, c.other),
           'name', format('%s %s in source default', check_names.type, c.label), 'type', check_names.type) ORDER BY c.other)
    FROM conflict c))
$$;

-- Private. Both of a table.
CREATE FUNCTION threefactor_private.check_table(relation regclass) RETURNS void
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT threefactor_private.check_fields(relation);
  SELECT threefactor_private.check_names(n.nspname::text, c.relname::text, 'table') FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE c.oid = check_table.relation
$$;
