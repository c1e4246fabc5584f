-- Why a role sees what it sees: for each operation what allows it, which rows, and what the gateway adds. One line a fact, in the order in
-- which Postgres asks.
CREATE FUNCTION threefactor.explain_rights(role regrole, relation regclass) RETURNS TABLE (operation text, allowed boolean, reason text, statement text)
  LANGUAGE threefactor STABLE AS $$
#variable_conflict use_column
DECLARE
  r pg_roles;
  class pg_class;
  label text := threefactor_private.qualified(explain_rights.relation);
  privilege text;
  columns text;
  missing text;
  always text;  -- why policies do not hold
  found record;
  permissive integer;
BEGIN
  SELECT p.* INTO r FROM pg_roles AS p WHERE p.oid = explain_rights.role;
  SELECT c.* INTO class FROM pg_class AS c WHERE c.oid = explain_rights.relation;
  IF r.oid IS NULL OR class.oid IS NULL THEN
    RAISE EXCEPTION 'there is no such role or relation' USING ERRCODE = 'undefined_object';
  END IF;
  always := CASE WHEN r.rolsuper THEN format('"%s" is a superuser', r.rolname)
                 WHEN pg_has_role(r.oid, class.relowner, 'USAGE') AND NOT class.relforcerowsecurity THEN format('"%s" has the rights of the table''s owner', r.rolname)
                 WHEN r.rolbypassrls THEN format('"%s" has BYPASSRLS', r.rolname) END;
  FOREACH privilege IN ARRAY ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE'] LOOP
    operation := lower(privilege);
    IF NOT has_schema_privilege(r.oid, class.relnamespace, 'USAGE') THEN
      RETURN QUERY SELECT lower(privilege), false, format('"%s" may not use schema "%s"', r.rolname, class.relnamespace::regnamespace),
                          format('GRANT USAGE ON SCHEMA %s TO %I', class.relnamespace::regnamespace, r.rolname);
      CONTINUE;
    END IF;
    IF privilege = 'DELETE' THEN
      columns := CASE WHEN has_table_privilege(r.oid, class.oid, privilege) THEN 'rows' END;
      missing := NULL;
    ELSE
      SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FILTER (WHERE a.has), string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FILTER (WHERE NOT a.has)
        INTO columns, missing FROM (SELECT a.*, has_column_privilege(r.oid, a.attrelid, a.attnum, privilege) AS has FROM pg_attribute AS a
                                     WHERE a.attrelid = class.oid AND a.attnum > 0 AND NOT a.attisdropped) AS a;
    END IF;
    IF columns IS NULL THEN
      RETURN QUERY SELECT lower(privilege), false, format('"%s" has no %s privilege', r.rolname, privilege), format('GRANT %s ON %s TO %I', privilege, label, r.rolname);
      CONTINUE;
    END IF;
    RETURN QUERY SELECT lower(privilege), true,
      CASE privilege WHEN 'DELETE' THEN format('"%s" may delete rows', r.rolname)
           ELSE format('"%s" may %s the columns %s', r.rolname, lower(privilege), columns) || CASE WHEN missing IS NULL THEN '; that is all of them' ELSE '; not ' || missing END END,
      (SELECT CASE WHEN NOT r.rolsuper THEN string_agg(format('GRANT %s%s ON %s TO %s', privilege, CASE g."column" WHEN '' THEN '' ELSE format(' (%s)', g."column") END, label, g.grantee), E';\n' ORDER BY g.grantee) END
         FROM (SELECT a.grantee, string_agg(a."column", ', ' ORDER BY a.place) AS "column" FROM (
                 SELECT CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(g.grantee)) END AS grantee, '' AS "column", 0 AS place, g.privilege_type, g.grantee AS id
                   FROM aclexplode(coalesce(class.relacl, acldefault('r', class.relowner))) AS g
                 UNION ALL
                 SELECT CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(g.grantee)) END, quote_ident(a.attname), a.attnum, g.privilege_type, g.grantee
                   FROM pg_attribute AS a, aclexplode(a.attacl) AS g WHERE a.attrelid = class.oid AND NOT a.attisdropped) AS a
                WHERE a.privilege_type = privilege AND (a.id = 0 OR pg_has_role(r.oid, a.id, 'USAGE')) GROUP BY a.grantee, a."column" = '') AS g);
    IF class.relkind NOT IN ('r', 'p') THEN
      RETURN QUERY SELECT lower(privilege), true, CASE WHEN class.relkind = 'v' AND coalesce('security_invoker=true' = ANY (class.reloptions), false)
        THEN 'it is a view with security_invoker: its tables are read with the rights of the role'
        WHEN class.relkind = 'v' THEN format('it is a view: all its rows, which are read with the rights of its owner "%s"', class.relowner::regrole)
        ELSE 'all rows: only tables have policies' END, NULL::text;
    ELSIF NOT class.relrowsecurity THEN
      RETURN QUERY SELECT lower(privilege), true, 'all rows: row-level security is not enabled', NULL::text;
    ELSIF always IS NOT NULL THEN
      RETURN QUERY SELECT lower(privilege), true, 'all rows: ' || always, NULL::text;
    ELSE
      permissive := 0;
      FOR found IN
        SELECT p.*, pg_get_expr(p.polqual, p.polrelid) AS using_text, pg_get_expr(p.polwithcheck, p.polrelid) AS check_text,
               obj_description(p.oid, 'pg_policy') AS comment FROM pg_policy AS p
         WHERE p.polrelid = class.oid AND p.polcmd IN ('*', CASE privilege WHEN 'SELECT' THEN 'r' WHEN 'INSERT' THEN 'a' WHEN 'UPDATE' THEN 'w' ELSE 'd' END)
           AND EXISTS (SELECT FROM unnest(p.polroles) AS t(id) WHERE t.id = 0 OR pg_has_role(r.oid, t.id, 'USAGE')) ORDER BY p.polpermissive DESC, p.polname
      LOOP
        permissive := permissive + found.polpermissive::integer;
        RETURN QUERY SELECT lower(privilege), true,
          format('%s policy "%s" %s', CASE WHEN found.polpermissive THEN 'the' ELSE 'the restrictive' END, found.polname,
            CASE WHEN found.polpermissive THEN 'allows' ELSE 'wants also' END)
          || CASE WHEN privilege <> 'INSERT' THEN ' the rows where ' || coalesce(found.using_text, 'true') ELSE '' END
          || CASE WHEN privilege IN ('INSERT', 'UPDATE') THEN CASE privilege WHEN 'UPDATE' THEN ', and' ELSE '' END || ' new rows where '
                       || coalesce(found.check_text, found.using_text, 'true') ELSE '' END
          || coalesce(' (' || found.comment || ')', ''),
          format('CREATE POLICY %I ON %s%s FOR %s TO %s', found.polname, label, CASE WHEN found.polpermissive THEN '' ELSE ' AS RESTRICTIVE' END,
                 CASE found.polcmd WHEN '*' THEN 'ALL' ELSE privilege END,
                 (SELECT string_agg(CASE t.id WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(t.id)) END, ', ') FROM unnest(found.polroles) AS t(id)))
          || coalesce(' USING (' || found.using_text || ')', '') || coalesce(' WITH CHECK (' || found.check_text || ')', '');
      END LOOP;
      IF permissive = 0 THEN
        RETURN QUERY SELECT lower(privilege), false, 'no rows: row-level security is enabled, and no policy for this allows any', NULL::text;
      END IF;
    END IF;
    RETURN QUERY  -- presets
    SELECT lower(privilege), true, format('the trigger "%s" sets columns', t.tgname), pg_get_triggerdef(t.oid) FROM pg_trigger AS t
      JOIN threefactor.permission_part AS p ON p.relation = t.tgrelid AND p.kind = 'trigger' AND p.name = t.tgname AND p.operation = lower(privilege)
     WHERE t.tgrelid = class.oid AND always IS NULL AND EXISTS (SELECT FROM pg_roles AS o WHERE o.rolname = p.database_role AND pg_has_role(r.oid, o.oid, 'USAGE'));
    RETURN QUERY
    SELECT lower(privilege), true, 'the gateway adds for role "' || (g.item ->> 'role') || '": '
             || concat_ws(', ', CASE WHEN privilege = 'SELECT' AND g.item ->> 'limit' IS NOT NULL THEN 'at most ' || (g.item ->> 'limit') || ' rows' END,
                                CASE WHEN privilege = 'SELECT' AND NOT (g.item ->> 'allow_aggregations')::boolean THEN 'no aggregates' END,
                                CASE WHEN privilege <> 'SELECT' THEN 'only for backends' END), NULL::text
      FROM json_array_elements(threefactor_private.gateway_permissions()) AS g(item)
     WHERE (g.item ->> 'oid')::oid = class.oid AND g.item ->> 'database_role' = r.rolname
       AND (privilege = 'SELECT' AND (g.item ->> 'select')::boolean AND (g.item ->> 'limit' IS NOT NULL OR NOT (g.item ->> 'allow_aggregations')::boolean)
            OR privilege <> 'SELECT' AND (g.item -> 'backend_only')::jsonb ? lower(privilege));
  END LOOP;
END $$;
