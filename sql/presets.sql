-- Presets (`set`) of insert and update permissions: a row trigger that fires for those for whom the policies of the table hold and who act
-- for the role. As a trigger it holds on the conflict path of an upsert too, and for clients that do not come through the gateway; the role
-- needs, and gets, no right to the column.

-- Private. The body of the trigger's function.
CREATE FUNCTION threefactor_private.preset_body(permission threefactor.permission) RETURNS text
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
  body text := E'\nBEGIN\n';
  preset record;
  piece jsonb;
BEGIN
  FOR preset IN
    SELECT s.key, s.value, threefactor_private.base_type(a.atttypid) AS type, a.attgenerated <> '' AS is_generated
      FROM jsonb_each(permission.definition -> 'set') AS s
      LEFT JOIN pg_attribute AS a ON a.attrelid = permission.relation AND a.attname = s.key AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
  LOOP
    IF preset.type IS NULL THEN
      PERFORM threefactor_private.refuse('set.' || preset.key, format('column "%s" does not exist', preset.key));
    ELSIF preset.is_generated THEN
      PERFORM threefactor_private.refuse('set.' || preset.key, format('column "%s" is generated', preset.key));
    END IF;
    piece := CASE preset.value WHEN 'null' THEN '"NULL"' ELSE threefactor_private.operand(preset.value, preset.type, 'set.' || preset.key) END;
    body := body || format(E'  NEW.%I := %s;\n', preset.key, coalesce(piece ->> 'e', piece #>> '{}'));
  END LOOP;
  RETURN body || E'  RETURN NEW;\nEND ';
END $$;

CREATE FUNCTION threefactor_private.make_presets(permission threefactor.permission, database_role text) RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
  class CONSTANT pg_class := (SELECT c FROM pg_class AS c WHERE c.oid = permission.relation);
  name text;
  trigger_name text := format('00_threefactor_set_%s_%s', permission.role_name, permission.operation);
BEGIN
  IF coalesce(permission.definition -> 'set', '{}') IN ('{}', 'null') THEN
    RETURN;
  ELSIF class.relkind NOT IN ('r', 'p') THEN
    PERFORM threefactor_private.refuse('set', 'presets need a table', 'TFNSP');
  END IF;
  IF octet_length(trigger_name) > 63 THEN
    trigger_name := format('00_threefactor_set_%s_%s', md5(permission.role_name), permission.operation);
  END IF;
  name := threefactor_private.part_name(permission.relation, permission.role_name, permission.operation);
  PERFORM threefactor_private.run_as(class.relowner, format(
    'CREATE FUNCTION %I.%I() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS %L', (SELECT n.nspname FROM pg_namespace AS n WHERE n.oid = class.relnamespace), name,
    threefactor_private.preset_body(permission)));
  PERFORM threefactor_private.run_as(class.relowner, format(
    'CREATE TRIGGER %I BEFORE %s ON %s FOR EACH ROW WHEN (pg_catalog.row_security_active(%L::pg_catalog.regclass) AND pg_catalog.pg_has_role(%L, ''USAGE'')) EXECUTE FUNCTION %I.%I()',
    trigger_name, upper(permission.operation), threefactor_private.qualified(permission.relation), threefactor_private.qualified(permission.relation), database_role,
    (SELECT n.nspname FROM pg_namespace AS n WHERE n.oid = class.relnamespace), name));
  PERFORM threefactor_private.note_part(permission, database_role, 'trigger', trigger_name);
  PERFORM threefactor_private.settle_functions(permission, database_role, ARRAY[name]);
END $$;

-- Private. The presets of the table's permissions by the names that the columns have now. Only functions of threefactor_policy, which nobody
-- else can name: the owner of the table may have put a trigger of his own, with a function of any name, in the place of ours.
CREATE FUNCTION threefactor_private.follow_presets(relation oid) RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
  found record;
BEGIN
  FOR found IN
    SELECT p AS permission, c.relowner, f.proname FROM threefactor.permission AS p JOIN pg_class AS c ON c.oid = p.relation
      JOIN threefactor.permission_part AS t ON t.kind = 'trigger' AND (t.relation, t.role_name, t.operation) = (p.relation, p.role_name, p.operation)
      JOIN pg_trigger AS g ON g.tgrelid = c.oid AND g.tgname = t.name JOIN pg_proc AS f ON f.oid = g.tgfoid AND f.pronamespace = 'threefactor_policy'::regnamespace
     WHERE p.relation = relation
  LOOP
    EXECUTE format('CREATE OR REPLACE FUNCTION threefactor_policy.%I() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS %L',
                   found.proname, threefactor_private.preset_body(found.permission));
  END LOOP;
END $$;
