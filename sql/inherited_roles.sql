-- Inherited roles: a role of the database that is a member of its roles, so that it has their rights and policies hold for it as for each
-- of them. That is exact where at most one of the roles has a permission on a table for an operation, or all have the same condition, or all
-- the same columns. Where it is not, a member would read a column of one role in the rows of another: such a role is refused, since a policy
-- cannot blank a cell.

-- Private. The roles that the role has the permissions of, itself among them.
CREATE FUNCTION threefactor_private.roles_within(role_name text) RETURNS TABLE (role_name text)
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH RECURSIVE within AS (
    SELECT roles_within.role_name AS name
    UNION
    SELECT s.name FROM within AS w JOIN threefactor.inherited_role AS i ON i.role_name = w.name CROSS JOIN unnest(i.role_set) AS s(name))
  SELECT w.name FROM within AS w
$$;

-- Private. Raises where an inherited role that has the permissions of `role_name` would get more by its roles together than by each.
CREATE FUNCTION threefactor_private.check_inherited_roles(role_name text) RETURNS void
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
  found record;
BEGIN
  FOR found IN
    WITH parts AS (
      SELECT i.role_name AS inherited, p.relation, p.operation, p.role_name AS parent,
             jsonb_build_object('f', p.definition -> 'filter', 'c', nullif(p.definition -> 'check', 'null')) AS condition,
             jsonb_build_object('c', CASE jsonb_typeof(p.definition -> 'columns') WHEN 'array' THEN to_jsonb(ARRAY(SELECT jsonb_array_elements_text(p.definition -> 'columns') ORDER BY 1))
                                          ELSE p.definition -> 'columns' END,
                                'f', CASE jsonb_typeof(p.definition -> 'computed_fields') WHEN 'array' THEN ARRAY(SELECT jsonb_array_elements_text(p.definition -> 'computed_fields') ORDER BY 1)
                                          ELSE '{}' END, 's', coalesce(nullif(p.definition -> 'set', 'null'), '{}')) AS columns
        FROM threefactor.inherited_role AS i CROSS JOIN LATERAL threefactor_private.roles_within(i.role_name) AS w
        JOIN threefactor.permission AS p ON p.role_name = w.role_name
       WHERE EXISTS (SELECT FROM threefactor_private.roles_within(i.role_name) AS x WHERE x.role_name = role_name)
    )
    SELECT p.inherited, p.relation, p.operation, string_agg(p.parent, '", "' ORDER BY p.parent) AS parents
      FROM parts AS p GROUP BY p.inherited, p.relation, p.operation
    HAVING count(DISTINCT p.columns) > 1 AND (count(DISTINCT p.condition) > 1 OR count(DISTINCT p.columns -> 's') > 1)
        OR count(DISTINCT p.condition -> 'f') > 1 AND count(DISTINCT p.condition -> 'c') > 1  -- a row of one might become one of another
     ORDER BY 1, 2, 3 LIMIT 1
  LOOP
    RAISE EXCEPTION 'inherited role "%": the % permissions of the roles "%" on table "%" differ in columns and in rows', found.inherited, found.operation, found.parents,
      threefactor_private.display_name(found.relation) USING ERRCODE = 'TFNSP',
      DETAIL = 'A role of the database that has the rights of all of them would reach columns of one of them in rows of another.',
      HINT = 'Give these permissions the same columns, or the same condition; or give the role permissions of its own instead.';
  END LOOP;
END $$;

CREATE FUNCTION threefactor.add_inherited_role(role_name text, role_set text[]) RETURNS void
  LANGUAGE threefactor AS $$
#variable_conflict use_column
DECLARE
  database_role CONSTANT text := threefactor_private.database_role(add_inherited_role.role_name);
  caller CONSTANT oid := threefactor_private.caller();
  parent text;
  member_of text;
  granted text[] := '{}';
BEGIN
  PERFORM threefactor_private.require_database_owner();
  IF add_inherited_role.role_name = 'admin' OR 'admin' = ANY (add_inherited_role.role_set) THEN
    RAISE EXCEPTION 'the role "admin" neither inherits nor is inherited' USING ERRCODE = 'TFCFG';
  ELSIF coalesce(cardinality(add_inherited_role.role_set), 0) = 0 OR array_position(add_inherited_role.role_set, NULL) IS NOT NULL THEN
    RAISE EXCEPTION 'inherited role "%" needs at least one role', add_inherited_role.role_name USING ERRCODE = 'TFCFG';
  END IF;
  FOREACH parent IN ARRAY add_inherited_role.role_set LOOP
    IF EXISTS (SELECT FROM threefactor_private.roles_within(parent) AS w WHERE w.role_name = add_inherited_role.role_name) THEN
      RAISE EXCEPTION 'inherited role "%" would inherit from itself by role "%"', add_inherited_role.role_name, parent USING ERRCODE = 'TFCFG';
    ELSIF NOT EXISTS (SELECT FROM pg_roles AS r WHERE r.rolname = threefactor_private.database_role(parent)) THEN
      RAISE EXCEPTION 'inherited role "%": role "%" does not exist', add_inherited_role.role_name, parent USING ERRCODE = 'TFNEX';
    END IF;
  END LOOP;
  PERFORM threefactor_private.require_role(database_role, NULL);
  DELETE FROM threefactor.inherited_role AS r WHERE r.role_name = add_inherited_role.role_name;
  FOREACH parent IN ARRAY add_inherited_role.role_set LOOP
    member_of := threefactor_private.database_role(parent);
    PERFORM threefactor_private.require_role(member_of, NULL);
    CONTINUE WHEN EXISTS (SELECT FROM pg_auth_members AS m WHERE m.member = quote_ident(database_role)::regrole AND m.roleid = quote_ident(member_of)::regrole);
    PERFORM threefactor_private.run_as(caller, format('GRANT %I TO %I', member_of, database_role));
    granted := granted || member_of;
  END LOOP;
  INSERT INTO threefactor.inherited_role (role_name, role_set, database_role, granted) VALUES (add_inherited_role.role_name, add_inherited_role.role_set, database_role, granted);
  PERFORM threefactor_private.check_inherited_roles(add_inherited_role.role_name);
END $$;

CREATE FUNCTION threefactor.drop_inherited_role(role_name text) RETURNS void
  LANGUAGE threefactor AS $$
DECLARE
  used_by text;
BEGIN
  PERFORM threefactor_private.require_database_owner();
  SELECT i.role_name INTO used_by FROM threefactor.inherited_role AS i WHERE drop_inherited_role.role_name = ANY (i.role_set) LIMIT 1;
  IF used_by IS NOT NULL THEN
    RAISE EXCEPTION 'inherited role "%" is inherited by "%"', drop_inherited_role.role_name, used_by USING ERRCODE = 'TFDEP';
  END IF;
  DELETE FROM threefactor.inherited_role r WHERE r.role_name = drop_inherited_role.role_name;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'inherited role "%" does not exist', drop_inherited_role.role_name USING ERRCODE = 'TFNEX';
  END IF;
END $$;

-- Private. Takes back the memberships of an inherited role that goes.
CREATE FUNCTION threefactor_private.unmake_inherited_role() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  parent text;
BEGIN
  FOR parent IN SELECT r.rolname FROM pg_roles AS r WHERE r.rolname = ANY (OLD.granted) AND EXISTS (SELECT FROM pg_roles AS i WHERE i.rolname = OLD.database_role) LOOP
    PERFORM threefactor_private.run_as(threefactor_private.caller(), format('REVOKE %I FROM %I', parent, OLD.database_role));
  END LOOP;
  RETURN OLD;
END $$;
CREATE TRIGGER unmake BEFORE DELETE ON threefactor.inherited_role FOR EACH ROW EXECUTE FUNCTION threefactor_private.unmake_inherited_role();
