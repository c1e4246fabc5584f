-- Relationships beyond those that foreign keys imply by their default names, and names of one's own for these.

-- Private. No column, relationship or computed field of the table may have the name yet.
CREATE FUNCTION threefactor_private.check_field_name(relation regclass, name text, kind text) RETURNS void
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  renamed text;
BEGIN
  PERFORM threefactor_private.check_text(to_jsonb(name), true, 'name');
  IF coalesce(name, '') = '' THEN
    RAISE EXCEPTION 'the % needs a name', kind USING ERRCODE = 'TFCFG';
  END IF;
  IF EXISTS (SELECT FROM threefactor.relationship r WHERE r.relation = check_field_name.relation AND r.name = check_field_name.name)
     OR EXISTS (SELECT FROM threefactor.computed_field f WHERE f.relation = check_field_name.relation AND f.name = check_field_name.name) THEN
    RAISE EXCEPTION 'field with name "%" already exists in table "%"', name, threefactor_private.display_name(relation) USING ERRCODE = 'TFEXI';
  END IF;
  IF EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = relation AND a.attname = name AND a.attnum > 0 AND NOT a.attisdropped) THEN
    RAISE EXCEPTION 'Inconsistent object: field definition conflicts with postgres column'
      USING ERRCODE = 'TFCFG', DETAIL = format('The %s would have the name of column "%s" of table "%s".', kind, name, threefactor_private.display_name(relation));
  END IF;
  SELECT n.key INTO renamed FROM threefactor.tracked_table t CROSS JOIN LATERAL (
           SELECT c.key, c.value ->> 'custom_name' FROM jsonb_each(t.configuration -> 'column_config') AS c
           UNION ALL SELECT * FROM jsonb_each_text(t.configuration -> 'custom_column_names')) AS n(key, custom_name)
   WHERE t.relation = check_field_name.relation AND n.custom_name = check_field_name.name;
  IF FOUND THEN
    RAISE EXCEPTION 'Inconsistent object: field definition conflicts with custom field name for postgres column "%"', renamed
      USING ERRCODE = 'TFCFG';
  END IF;
END $$;

-- Private. The foreign key of `child` over the columns, to `parent` if that is given.
CREATE FUNCTION threefactor_private.find_foreign_key(child regclass, columns smallint[], parent regclass, message text) RETURNS pg_constraint
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  found pg_constraint;
BEGIN
  SELECT k.* INTO found FROM pg_constraint k
   WHERE k.contype = 'f' AND k.conrelid = child AND k.conkey @> columns AND k.conkey <@ columns
     AND (parent IS NULL OR k.confrelid = parent) ORDER BY k.conname LIMIT 1;
  IF found.oid IS NULL THEN
    RAISE EXCEPTION '%', message USING ERRCODE = 'TFCFG';
  END IF;
  RETURN found;
END $$;

-- Private. columns alone: over the table's own foreign key; target and target_columns: over that of the target; all: as given.
CREATE FUNCTION threefactor.add_relationship(
    relation regclass, name text, is_array boolean, columns text[], target regclass, target_columns text[],
    after_parent boolean, comment text) RETURNS void
  LANGUAGE threefactor AS $$
DECLARE
  start text := format('Inconsistent object: in table "%s": in relationship "%s": ', threefactor_private.display_name(relation), name);
  missing text := start || 'no foreign constraint exists on the given column' ||
                  CASE WHEN cardinality(coalesce(target_columns, columns)) > 1 THEN 's' ELSE '' END;
  key pg_constraint;
BEGIN
  PERFORM threefactor_private.require_owner(add_relationship.relation);
  PERFORM threefactor_private.check_field_name(relation, name, 'relationship');
  IF target IS NULL THEN
    key := threefactor_private.find_foreign_key(relation, threefactor_private.column_numbers(relation, columns), NULL, missing);
    INSERT INTO threefactor.relationship VALUES (relation, name, is_array, key.confrelid, key.conkey, key.confkey, 'own', after_parent, comment);
  ELSIF columns IS NULL THEN
    key := threefactor_private.find_foreign_key(target, threefactor_private.column_numbers(target, target_columns), relation, missing);
    INSERT INTO threefactor.relationship VALUES (relation, name, is_array, target, key.confkey, key.conkey, 'reverse', true, comment);
  ELSIF cardinality(columns) = cardinality(target_columns) AND cardinality(columns) > 0 THEN
    INSERT INTO threefactor.relationship
    VALUES (relation, name, is_array, target, threefactor_private.column_numbers(relation, columns),
            threefactor_private.column_numbers(target, target_columns), 'manual', after_parent, comment);
  ELSE
    RAISE EXCEPTION '%', start || 'each column needs one of the target' USING ERRCODE = 'TFCFG';
  END IF;
  PERFORM threefactor_private.check_fields(relation);
END $$;

CREATE FUNCTION threefactor.create_object_relationship(
    relation regclass, name text, columns text[] DEFAULT NULL, target regclass DEFAULT NULL, target_columns text[] DEFAULT NULL,
    after_parent boolean DEFAULT false, comment text DEFAULT NULL) RETURNS void
  LANGUAGE threefactor AS $$
BEGIN
  PERFORM threefactor.add_relationship(relation, name, false, columns, target, target_columns, after_parent, comment);
END $$;

CREATE FUNCTION threefactor.create_array_relationship(
    relation regclass, name text, target regclass, target_columns text[], columns text[] DEFAULT NULL, comment text DEFAULT NULL)
    RETURNS void
  LANGUAGE threefactor AS $$
BEGIN
  PERFORM threefactor.add_relationship(relation, name, true, columns, target, target_columns, true, comment);
END $$;

-- Permissions that use it go first, or with "cascade" with it.
CREATE FUNCTION threefactor.drop_relationship(relation regclass, name text, "cascade" boolean DEFAULT false) RETURNS void
  LANGUAGE threefactor AS $$
DECLARE
  dependents text;
  used_by threefactor.permission;
BEGIN
  PERFORM threefactor_private.require_owner(drop_relationship.relation);
  SELECT string_agg(format('permission %s.%s.%s in source "default"', threefactor_private.display_name(p.relation), p.role_name, p.operation), ', '
                    ORDER BY threefactor_private.display_name(p.relation), p.role_name, p.operation) INTO dependents
    FROM threefactor_private.permissions_through(drop_relationship.relation, drop_relationship.name) AS p;
  IF dependents IS NOT NULL AND NOT coalesce(drop_relationship."cascade", false) THEN
    RAISE EXCEPTION 'cannot drop due to the following dependent objects : %', dependents USING ERRCODE = 'TFDEP';
  END IF;
  FOR used_by IN SELECT * FROM threefactor_private.permissions_through(drop_relationship.relation, drop_relationship.name) LOOP
    PERFORM threefactor_private.require_owner(used_by.relation);
    DELETE FROM threefactor.permission AS p
     WHERE p.relation = used_by.relation AND p.role_name = used_by.role_name AND p.operation = used_by.operation;
  END LOOP;
  DELETE FROM threefactor.relationship r WHERE r.relation = drop_relationship.relation AND r.name = drop_relationship.name;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'relationship "%" does not exist', name USING ERRCODE = 'TFNEX';
  END IF;
END $$;

CREATE FUNCTION threefactor.rename_relationship(relation regclass, name text, new_name text) RETURNS void
  LANGUAGE threefactor AS $$
BEGIN
  PERFORM threefactor_private.require_owner(rename_relationship.relation);
  PERFORM threefactor_private.check_field_name(relation, new_name, 'relationship');
  UPDATE threefactor.relationship r SET name = new_name
   WHERE r.relation = rename_relationship.relation AND r.name = rename_relationship.name;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'relationship "%" does not exist', name USING ERRCODE = 'TFNEX';
  END IF;
  PERFORM threefactor_private.rename_in_permissions(rename_relationship.relation, rename_relationship.name, rename_relationship.new_name);
  PERFORM threefactor_private.check_fields(rename_relationship.relation);
END $$;
