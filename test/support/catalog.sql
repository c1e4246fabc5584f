-- Everything that the extension is made of, one line of text each, without OIDs: two databases with the same lines have the
-- same extension. For psql -XqAt.
WITH members AS (
  SELECT classid, objid FROM pg_depend
   WHERE refclassid = 'pg_extension'::regclass AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'threefactor') AND deptype = 'e'),
relations AS (
  SELECT c.* FROM pg_class AS c JOIN members AS m ON m.classid = 'pg_class'::regclass AND m.objid = c.oid),
functions AS (
  SELECT p.* FROM pg_proc AS p JOIN members AS m ON m.classid = 'pg_proc'::regclass AND m.objid = p.oid),
acls AS (
  SELECT 'schema ' || nspname AS object, nspacl AS acl, nspowner AS owner FROM pg_namespace WHERE nspname LIKE 'threefactor%'
  UNION ALL SELECT oid::regclass::text, relacl, relowner FROM relations
  UNION ALL SELECT attrelid::regclass || '.' || attname, attacl, NULL FROM pg_attribute
             WHERE attrelid IN (SELECT oid FROM relations) AND attacl IS NOT NULL
  UNION ALL SELECT oid::regprocedure::text, proacl, proowner FROM functions)
SELECT line FROM (
  SELECT 'member ' || pg_describe_object(classid, objid, 0) AS line FROM members
  UNION ALL
  SELECT format('column %s %s: %s %s%s%s%s default %s', attrelid::regclass, row_number() OVER (PARTITION BY attrelid ORDER BY attnum), attname,
           format_type(atttypid, atttypmod), CASE WHEN attnotnull THEN ' not null' END, ' identity ' || nullif(attidentity::text, ''),
           ' generated ' || nullif(attgenerated::text, ''), pg_get_expr(adbin, adrelid))
    FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
   WHERE attrelid IN (SELECT oid FROM relations WHERE relkind <> 'S') AND attnum > 0 AND NOT attisdropped
  UNION ALL
  SELECT format('relation %s: %s %s %s %s %s bound %s key %s', oid::regclass, relkind, relpersistence, relrowsecurity, relreplident, reloptions,
           pg_get_expr(relpartbound, oid), CASE WHEN relkind = 'p' THEN pg_get_partkeydef(oid) END)
    FROM relations
  UNION ALL
  SELECT format('constraint %s %s: %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint
   WHERE conrelid IN (SELECT oid FROM relations)
  UNION ALL
  SELECT 'index ' || pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid IN (SELECT oid FROM relations)
  UNION ALL
  SELECT format('trigger %s: %s', tgrelid::regclass, pg_get_triggerdef(oid)) FROM pg_trigger
   WHERE tgrelid IN (SELECT oid FROM relations) AND NOT tgisinternal
  UNION ALL
  SELECT format('policy %s %s: %s %s %s %s', polrelid::regclass, polname, polcmd, polroles::regrole[], pg_get_expr(polqual, polrelid),
           pg_get_expr(polwithcheck, polrelid))
    FROM pg_policy WHERE polrelid IN (SELECT oid FROM relations)
  UNION ALL
  SELECT format('sequence %s: %s %s %s %s %s', seqrelid::regclass, seqtypid::regtype, seqstart, seqincrement, seqmax, seqcycle) FROM pg_sequence
   WHERE seqrelid IN (SELECT oid FROM relations)
  UNION ALL
  SELECT format('view %s: %s', oid::regclass, pg_get_viewdef(oid)) FROM relations WHERE relkind IN ('v', 'm')
  UNION ALL
  SELECT 'function ' || CASE WHEN prokind = 'a' THEN format('%s: aggregate', oid::regprocedure) ELSE pg_get_functiondef(oid) END FROM functions
  UNION ALL
  SELECT format('rights %s: %s may %s%s', object, coalesce(nullif(g.grantee, 0)::regrole::text, 'public'), g.privilege_type,
           CASE WHEN g.is_grantable THEN ' and grant it' END)
    FROM acls, aclexplode(acl) AS g WHERE acl IS NOT NULL
  UNION ALL
  SELECT format('rights %s: as by default', object) FROM acls WHERE acl IS NULL AND owner IS NOT NULL
  UNION ALL
  SELECT format('initial rights %s: %s', pg_describe_object(i.classoid, i.objoid, i.objsubid), (SELECT array_agg(a::text ORDER BY a::text) FROM unnest(i.initprivs) AS a))
    FROM pg_init_privs AS i JOIN members AS m ON m.classid = i.classoid AND m.objid = i.objoid
  UNION ALL
  SELECT format('comment %s: %s', pg_describe_object(d.classoid, d.objoid, d.objsubid), d.description)
    FROM pg_description AS d JOIN members AS m ON m.classid = d.classoid AND m.objid = d.objoid
  UNION ALL
  SELECT format('dumped %s %s', c.relation::regclass, c.condition)
    FROM pg_extension, unnest(extconfig, extcondition) AS c (relation, condition) WHERE extname = 'threefactor'
) AS lines ORDER BY line COLLATE "C";
