#include <string>

#include "schema/catalog.hpp"
#include "schema/catalog_version.hpp"

namespace threefactor::schema {

namespace {

// What the extension stores (sql/metadata.sql), null without it.
constexpr std::string_view kMetadata = R"sql(WITH RECURSIVE metadata AS MATERIALIZED (
  -- A statement cannot name a function that may not exist, so its text is run; as hexadecimal, which needs no escapes.
  SELECT CASE WHEN EXISTS (SELECT FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
                           WHERE n.nspname = 'threefactor' AND p.proname = 'metadata'
                             -- Without the extension anybody might have made one.
                             AND EXISTS (SELECT FROM pg_depend d JOIN pg_extension x ON x.oid = d.refobjid
                                         WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
                                           AND d.refclassid = 'pg_extension'::regclass AND x.extname = 'threefactor')
                             AND has_schema_privilege(n.oid, 'USAGE') AND has_function_privilege(p.oid, 'EXECUTE'))
         THEN convert_from(decode(substring(query_to_xml(
                'SELECT encode(convert_to(threefactor.metadata()::text, ''UTF8''), ''hex'') AS m', false, false, '')::text
              FROM '<m>([0-9a-f]*)</m>'), 'hex'), 'UTF8')::json END AS document
)sql";

// One statement, so that the catalog is read under one snapshot. Runs under the search_path kCatalogSearchPath, which
// is why it may use bare names. What a role may do with all this is asked by kPrivileges.
//   exposed   relations that are tracked, and those of the given schemas that are not hidden; neither extension members
//             nor our own schema; partitions only where they are tracked
//   served    functions that the metadata names
//   own_types types outside of pg_catalog, and their operators and aggregates: those of the extension that the type is
//             of, or else those of the type's owner
//   closure   what each of them reads: rules of views, row security policies, functions with SQL bodies, children.
//             A materialized view is its own source: it changes by REFRESH alone. Of a function whose body is text
//             nobody knows what it reads: 0 (kAnyRelation).
// Foreign keys that partitions inherit (conparentid <> 0) are left out: the root's stands for them.
constexpr std::string_view kQuery = R"sql(), tracked AS MATERIALIZED (
  SELECT (t ->> 'oid')::oid AS oid, (t ->> 'tracked')::boolean AS is_tracked
  FROM metadata, json_array_elements(document -> 'tables') AS t
), instead AS MATERIALIZED (  -- events of views that triggers or rules of their own serve: as in pg_relation_is_updatable
  SELECT i.relation, pg_catalog.bit_or(i.event) AS events
  FROM (SELECT t.tgrelid AS relation, (CASE WHEN t.tgtype OPERATOR(pg_catalog.&) 4 OPERATOR(pg_catalog.<>) 0 THEN 8 ELSE 0 END)
               OPERATOR(pg_catalog.|) (CASE WHEN t.tgtype OPERATOR(pg_catalog.&) 8 OPERATOR(pg_catalog.<>) 0 THEN 16 ELSE 0 END)
               OPERATOR(pg_catalog.|) (CASE WHEN t.tgtype OPERATOR(pg_catalog.&) 16 OPERATOR(pg_catalog.<>) 0 THEN 4 ELSE 0 END) AS event
        FROM pg_catalog.pg_trigger t WHERE t.tgtype OPERATOR(pg_catalog.&) 64 OPERATOR(pg_catalog.<>) 0
        UNION ALL
        SELECT r.ev_class, CASE r.ev_type WHEN '2' THEN 4 WHEN '3' THEN 8 ELSE 16 END FROM pg_catalog.pg_rewrite r
        WHERE r.is_instead AND r.ev_qual::pg_catalog.text OPERATOR(pg_catalog.=) '<>' AND r.ev_type OPERATOR(pg_catalog.<>) '1') AS i
  GROUP BY i.relation
), exposed AS MATERIALIZED (
  SELECT c.oid, c.relname, c.relkind, c.relnamespace, n.nspname,
         CASE WHEN c.relkind IN ('r', 'p', 'v') THEN pg_relation_is_updatable(c.oid, true) ELSE 0 END AS events,
         c.relkind IN ('v', 'f') OR c.relrowsecurity AS runs_expressions,
         -- A child or a foreign server need not honour what the parent promises.
         c.relkind NOT IN ('f') AND NOT (c.relkind = 'r' AND c.relhassubclass) AS nulls_are_checked,
         coalesce(instead.events, 0) AS own_events,
         -- Which columns, is not known of a view over one that serves some events only: then all are offered.
         c.relkind = 'v' AND EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid OPERATOR(pg_catalog.=) c.oid
           AND a.attnum OPERATOR(pg_catalog.>) 0 AND pg_catalog.pg_column_is_updatable(c.oid, a.attnum, instead.events IS NULL)) AS knows_columns
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN instead ON instead.relation OPERATOR(pg_catalog.=) c.oid
  LEFT JOIN tracked ON tracked.oid = c.oid
  WHERE coalesce(tracked.is_tracked, n.nspname = ANY ($1::text[]) AND NOT c.relispartition) AND n.nspname NOT IN ('threefactor', 'pg_catalog', 'information_schema')
    AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relpersistence <> 't'
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
                    AND d.deptype = 'e')
), base_types AS (  -- domains down to what they are over
  SELECT oid AS type, oid AS base FROM pg_type WHERE typtype <> 'd'
  UNION ALL
  SELECT t.oid, b.base FROM pg_type t JOIN base_types b ON b.type = t.typbasetype WHERE t.typtype = 'd'
), columns AS (
  SELECT a.attrelid, json_agg(json_build_array(  -- by position: half the time of an object; ReadColumn names them
           a.attnum, a.attname, a.attnotnull AND e.nulls_are_checked,
           en.nspname, et.typname, et.typtype, t.typcategory = 'A' AND t.typelem <> 0,
           CASE WHEN ln.nspname = 'pg_catalog' THEN format_type(t.oid, -1)
                ELSE quote_ident(ln.nspname) || '.' || quote_ident(lt.typname) ||
                     CASE WHEN t.typcategory = 'A' AND t.typelem <> 0 THEN '[]' ELSE '' END END,
           coalesce(d.description, ''),
           a.attgenerated <> '' OR a.attidentity = 'a',
           s.events & 8 <> 0, s.events & 4 <> 0) ORDER BY a.attnum) AS list
  FROM exposed e
  JOIN pg_attribute a ON a.attrelid = e.oid AND a.attnum > 0 AND NOT a.attisdropped
  CROSS JOIN LATERAL (  -- where the column may be given: everywhere, to what is the view's own, or if Postgres finds the column below
    SELECT CASE WHEN e.relkind OPERATOR(pg_catalog.<>) 'v' THEN 12
                WHEN NOT e.knows_columns OR pg_catalog.pg_column_is_updatable(a.attrelid, a.attnum, e.own_events OPERATOR(pg_catalog.=) 0)
                THEN e.events ELSE e.own_events END AS events) AS s
  JOIN base_types b ON b.type = a.atttypid
  JOIN pg_type t ON t.oid = b.base
  JOIN pg_type lt ON lt.oid = CASE WHEN t.typcategory = 'A' AND t.typelem <> 0 THEN t.typelem ELSE t.oid END
  JOIN pg_namespace ln ON ln.oid = lt.typnamespace
  LEFT JOIN base_types eb ON t.typcategory = 'A' AND t.typelem <> 0 AND eb.type = t.typelem
  JOIN pg_type et ON et.oid = coalesce(eb.base, t.oid)
  JOIN pg_namespace en ON en.oid = et.typnamespace
  LEFT JOIN pg_description d ON d.classoid = 'pg_class'::regclass AND d.objoid = a.attrelid AND d.objsubid = a.attnum
  GROUP BY a.attrelid
), keys AS (
  SELECT k.conrelid, json_agg(json_build_object('name', k.conname, 'primary', k.contype = 'p', 'columns', k.conkey)
                              ORDER BY k.conname) AS list
  FROM pg_constraint k JOIN exposed e ON e.oid = k.conrelid
  WHERE k.contype IN ('p', 'u') GROUP BY k.conrelid
), foreign_keys AS (
  SELECT json_agg(json_build_object('table', k.conrelid::bigint, 'columns', k.conkey, 'target',
                                    k.confrelid::bigint, 'target_columns', k.confkey) ORDER BY k.conrelid, k.conkey, k.conname) AS list
  FROM pg_constraint k JOIN exposed e ON e.oid = k.conrelid JOIN exposed f ON f.oid = k.confrelid
  WHERE k.contype = 'f' AND k.conparentid = 0
), edges AS MATERIALIZED (
  SELECT 'pg_class'::regclass::oid AS from_class, r.ev_class AS from_object, d.refclassid AS class, d.refobjid AS object
  FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class AND c.relkind = 'v'
  JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
  WHERE r.ev_type = '1' AND d.refclassid IN ('pg_class'::regclass, 'pg_proc'::regclass)
  UNION
  SELECT 'pg_class'::regclass, p.polrelid, d.refclassid, d.refobjid
  FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid AND c.relrowsecurity
  JOIN pg_depend d ON d.classid = 'pg_policy'::regclass AND d.objid = p.oid
  WHERE d.refclassid IN ('pg_class'::regclass, 'pg_proc'::regclass)
  UNION
  SELECT d.classid, d.objid, d.refclassid, d.refobjid FROM pg_depend d
  WHERE d.classid = 'pg_proc'::regclass AND d.refclassid IN ('pg_class'::regclass, 'pg_proc'::regclass)
  UNION
  SELECT 'pg_class'::regclass, i.inhparent, 'pg_class'::regclass, i.inhrelid FROM pg_inherits i
), served AS (
  SELECT (f -> 'function' ->> 'oid')::oid AS oid FROM metadata, json_array_elements(document -> 'functions') AS f
  UNION
  SELECT (f -> 'function' ->> 'oid')::oid FROM metadata, json_array_elements(document -> 'computed_fields') AS f
), closure AS (
  SELECT 'pg_class'::regclass::oid AS root_class, e.oid AS root, 'pg_class'::regclass::oid AS class, e.oid AS object FROM exposed e
  UNION
  SELECT 'pg_proc'::regclass, s.oid, 'pg_proc'::regclass, s.oid FROM served s
  UNION
  SELECT c.root_class, c.root, g.class, g.object
  FROM closure c JOIN edges g ON g.from_class = c.class AND g.from_object = c.object
), read AS (
  SELECT c.root_class, c.root, c.object FROM closure c JOIN pg_class r ON r.oid = c.object
  WHERE c.class = 'pg_class'::regclass AND r.relkind IN ('r', 'p', 'v', 'm', 'f')
  UNION
  SELECT c.root_class, c.root, 0::oid FROM closure c JOIN pg_proc p ON p.oid = c.object JOIN pg_language l ON l.oid = p.prolang
  WHERE c.class = 'pg_proc'::regclass AND p.prosqlbody IS NULL AND p.provolatile <> 'i' AND l.lanname NOT IN ('c', 'internal')
  UNION
  SELECT r.root_class, r.root, i.inhparent FROM read r JOIN pg_inherits i ON i.inhrelid = r.object
  JOIN pg_class p ON p.oid = i.inhparent AND p.relkind IN ('r', 'p', 'f')  -- not the parents of indexes
), reads AS (
  SELECT root_class, root, json_agg(object::bigint ORDER BY object) AS list FROM read GROUP BY root_class, root
), own_types AS (
  SELECT t.oid, t.typname, t.typowner, t.typnamespace, n.nspname, d.refobjid AS extension
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
  LEFT JOIN pg_depend d ON d.classid = 'pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e'
  WHERE t.typtype = 'b' AND t.typcategory <> 'A' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
), own_operators AS (
  SELECT DISTINCT ON (t.oid, o.oprname) t.oid, o.oprname AS name, quote_ident(n.nspname) AS schema
  FROM own_types t JOIN pg_operator o ON o.oprleft = t.oid JOIN pg_namespace n ON n.oid = o.oprnamespace
  WHERE CASE WHEN t.extension IS NULL THEN o.oprowner = t.typowner
        ELSE EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_operator'::regclass AND d.objid = o.oid
                     AND d.deptype = 'e' AND d.refobjid = t.extension) END
  ORDER BY t.oid, o.oprname, o.oprright = t.oid DESC, n.oid = t.typnamespace DESC, n.oid
), own_aggregates AS (
  SELECT DISTINCT ON (t.oid, p.proname) t.oid, p.proname AS name, quote_ident(n.nspname) AS schema
  FROM own_types t JOIN pg_proc p ON p.prokind = 'a' AND p.pronargs = 1 AND p.proargtypes[0] = t.oid
  JOIN pg_namespace n ON n.oid = p.pronamespace
  WHERE CASE WHEN t.extension IS NULL THEN p.proowner = t.typowner
        ELSE EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid
                     AND d.deptype = 'e' AND d.refobjid = t.extension) END
  ORDER BY t.oid, p.proname, n.oid = t.typnamespace DESC, n.oid
), own_names AS (
  SELECT json_agg(json_build_array(t.nspname, t.typname, coalesce(o.list, '{}'), coalesce(a.list, '{}')) ORDER BY t.nspname, t.typname) AS list
  FROM own_types t
  LEFT JOIN (SELECT oid, json_object_agg(name, schema ORDER BY name) AS list FROM own_operators GROUP BY oid) AS o ON o.oid = t.oid
  LEFT JOIN (SELECT oid, json_object_agg(name, schema ORDER BY name) AS list FROM own_aggregates GROUP BY oid) AS a ON a.oid = t.oid
)
SELECT json_build_object(
  'extension_version', (SELECT extversion FROM pg_extension WHERE extname = 'threefactor'),
  'tables', (SELECT coalesce(json_agg(json_build_object(
      'oid', e.oid::bigint, 'schema', e.nspname, 'name', e.relname, 'comment', coalesce(obj_description(e.oid, 'pg_class'), ''),
      'insertable', e.events & 8 <> 0, 'updatable', e.events & 4 <> 0, 'deletable', e.events & 16 <> 0, 'runs_expressions', e.runs_expressions,
      'columns', coalesce(c.list, '[]'), 'keys', coalesce(k.list, '[]'), 'reads', r.list)
      ORDER BY e.nspname, e.relname), '[]')
    FROM exposed e LEFT JOIN columns c ON c.attrelid = e.oid LEFT JOIN keys k ON k.conrelid = e.oid
    LEFT JOIN reads r ON r.root_class = 'pg_class'::regclass AND r.root = e.oid),
  'function_reads', (SELECT coalesce(json_object_agg(root::bigint, list), '{}') FROM reads WHERE root_class = 'pg_proc'::regclass),
  'own_names', (SELECT coalesce(list, '[]') FROM own_names),
  'foreign_keys', (SELECT coalesce(list, '[]') FROM foreign_keys), 'metadata', (SELECT document FROM metadata))::text
)sql";

// Every change of a row of a system catalog makes a new row, whose xmin is the transaction that made it. Rows of
// objects that initdb made are left out: there are thousands, and nobody changes them. Types of arrays and rows follow
// others.
constexpr std::string_view kVersion = R"sql(), roles AS ()sql";

// The rows of roles themselves are hidden, so that what they hold has to tell.
constexpr std::string_view kRoles = R"sql(
  SELECT hashint8extended(m.member::bigint, m.xmin::text::bigint) AS hash FROM pg_auth_members m
  UNION ALL
  SELECT hashtextextended(concat_ws('|', r.oid, r.rolname, r.rolsuper, r.rolinherit, r.rolbypassrls, r.rolcanlogin), 0) FROM pg_roles r
  UNION ALL
  SELECT hashtextextended(concat_ws('|', s.setrole, s.setdatabase, s.setconfig), 0) FROM pg_db_role_setting s
)sql";

constexpr std::string_view kVersionOfAll = R"sql()
SELECT concat_ws(':', count(*), sum(hash), (SELECT md5(document::text) FROM metadata)) FROM (
  SELECT hashint8extended(c.oid::bigint, c.xmin::text::bigint) AS hash FROM pg_class c
  WHERE c.oid >= 16384 AND c.relpersistence <> 't'
  UNION ALL
  SELECT hashint8extended(c.oid::bigint * 2048 + a.attnum, a.xmin::text::bigint)
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
  WHERE c.oid >= 16384 AND c.relpersistence <> 't' AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'c') AND a.attnum > 0
  UNION ALL
  SELECT hashint8extended(t.oid::bigint, t.xmin::text::bigint) FROM pg_type t
  WHERE t.oid >= 16384 AND t.typtype <> 'c' AND t.typcategory <> 'A'
  UNION ALL
  SELECT hashint8extended(e.oid::bigint, e.xmin::text::bigint) FROM pg_enum e
  UNION ALL
  SELECT hashint8extended(p.oid::bigint, p.xmin::text::bigint) FROM pg_proc p WHERE p.oid >= 16384
  UNION ALL
  SELECT hashint8extended(o.oid::bigint, o.xmin::text::bigint) FROM pg_operator o WHERE o.oid >= 16384
  UNION ALL
  SELECT hashint8extended(k.oid::bigint, k.xmin::text::bigint) FROM pg_constraint k WHERE k.oid >= 16384
  UNION ALL
  SELECT hashint8extended(r.oid::bigint, r.xmin::text::bigint) FROM pg_rewrite r WHERE r.oid >= 16384
  UNION ALL
  SELECT hashint8extended(p.oid::bigint, p.xmin::text::bigint) FROM pg_policy p
  UNION ALL
  SELECT hashint8extended(t.oid::bigint, t.xmin::text::bigint) FROM pg_trigger t WHERE NOT t.tgisinternal
  UNION ALL
  SELECT hashint8extended(n.oid::bigint, n.xmin::text::bigint) FROM pg_namespace n WHERE n.nspname !~ '^pg_(toast_)?temp_'
  UNION ALL
  SELECT hashint8extended(i.inhrelid::bigint, i.xmin::text::bigint) FROM pg_inherits i
  UNION ALL
  SELECT * FROM roles
  UNION ALL
  SELECT hashint8extended(d.objoid::bigint, d.xmin::text::bigint) FROM pg_description d
  WHERE d.objoid >= 16384 AND d.classoid = 'pg_class'::regclass
  UNION ALL
  SELECT hashint8extended(x.oid::bigint, x.xmin::text::bigint) FROM pg_extension x) AS rows
)sql";

// What a role may do with each relation and function outside of the system's own, and which rows of it its policies can
// keep from it. Columns have privileges of their own only where they have an access list. Privileges are null of what
// was dropped meanwhile.
constexpr std::string_view kPrivileges = R"sql(WITH asked AS MATERIALIZED (
  SELECT oid, rolsuper OR rolbypassrls AS sees_all FROM pg_roles WHERE rolname = coalesce($1::text, current_user)
), relations AS MATERIALIZED (
  SELECT c.oid, asked.oid AS role,
         has_table_privilege(asked.oid, c.oid, 'SELECT') IS TRUE AS may_select, has_table_privilege(asked.oid, c.oid, 'INSERT') IS TRUE AS may_insert,
         has_table_privilege(asked.oid, c.oid, 'UPDATE') IS TRUE AS may_update, has_table_privilege(asked.oid, c.oid, 'DELETE') IS TRUE AS may_delete,
         c.relrowsecurity AND NOT asked.sees_all AND (c.relforcerowsecurity OR NOT pg_has_role(asked.oid, c.relowner, 'USAGE')) AS has_policies
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace CROSS JOIN asked
  WHERE c.oid >= 16384 AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relpersistence <> 't' AND n.nspname <> 'threefactor'
    AND has_schema_privilege(asked.oid, n.oid, 'USAGE')
), columns AS (
  SELECT a.attrelid, json_agg(json_build_array(a.attnum, has_column_privilege(r.role, a.attrelid, a.attnum, 'SELECT') IS TRUE,
           has_column_privilege(r.role, a.attrelid, a.attnum, 'INSERT') IS TRUE,
           has_column_privilege(r.role, a.attrelid, a.attnum, 'UPDATE') IS TRUE) ORDER BY a.attnum) AS list
  FROM relations r JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attacl IS NOT NULL
  GROUP BY a.attrelid
), policies AS (  -- of SELECT: one that is always true hides nothing, unless another restricts it
  SELECT p.polrelid, bool_or(p.polpermissive AND pg_get_expr(p.polqual, p.polrelid) = 'true') AND bool_and(p.polpermissive) AS show_all
  FROM relations r JOIN pg_policy p ON p.polrelid = r.oid AND p.polcmd IN ('*', 'r')
    AND EXISTS (SELECT FROM unnest(p.polroles) AS of WHERE of = 0 OR pg_has_role(r.role, of, 'USAGE'))
  GROUP BY p.polrelid
)
SELECT json_build_object(
  'relations', (SELECT coalesce(json_agg(json_build_array(r.oid::bigint, r.may_select, r.may_insert, r.may_update, r.may_delete,
                  r.has_policies AND p.show_all IS NOT TRUE, coalesce(c.list, '[]')) ORDER BY r.oid), '[]')
                FROM relations r LEFT JOIN columns c ON c.attrelid = r.oid LEFT JOIN policies p ON p.polrelid = r.oid
                WHERE r.may_select OR r.may_insert OR r.may_update OR r.may_delete OR c.list IS NOT NULL),
  'functions', (SELECT coalesce(json_agg(p.oid::bigint ORDER BY p.oid), '[]')
                FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace CROSS JOIN asked
                WHERE p.oid >= 16384 AND p.prokind = 'f' AND n.nspname NOT LIKE 'threefactor%'
                  AND has_schema_privilege(asked.oid, n.oid, 'USAGE') AND has_function_privilege(asked.oid, p.oid, 'EXECUTE') IS TRUE
                  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')))::text
)sql";

// Which roles a request may run as: those that the login role was given, as far as roles of the cluster's own use and
// roles that no policy holds are not meant (extension/SECURITY.md). A superuser is a member of every role: it may run
// as those that nobody logs in as, and those that it was given by name.
constexpr std::string_view kRequestRoles = R"sql(WITH RECURSIVE given AS (
  SELECT m.roleid FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member WHERE r.rolname = session_user
  UNION
  SELECT m.roleid FROM pg_auth_members m JOIN given g ON m.member = g.roleid
)
SELECT asked.name,
  CASE WHEN r.oid IS NULL THEN 'it does not exist'
       WHEN r.rolsuper THEN 'it is a superuser'
       WHEN r.rolname = session_user THEN 'it is what the gateway logs in as'
       WHEN r.rolname = $2::text THEN 'it is that of administrators'
       WHEN r.rolname ^@ 'pg_' OR r.rolname ^@ 'threefactor_' THEN 'it is not made for requests'
       WHEN r.oid NOT IN (SELECT roleid FROM given) AND (r.rolcanlogin OR NOT login.rolsuper) THEN format('GRANT %I TO %I is missing', r.rolname, session_user)
       WHEN NOT pg_has_role(session_user, r.oid, CASE WHEN current_setting('server_version_num')::integer < 160000 THEN 'MEMBER' ELSE 'SET' END)
         THEN format('GRANT %I TO %I WITH SET TRUE is missing', r.rolname, session_user)
  END,
  (SELECT substr(setting, 19) FROM pg_db_role_setting s, unnest(s.setconfig) AS setting
    WHERE s.setrole = r.oid AND s.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
      AND setting ^@ 'statement_timeout=' ORDER BY s.setdatabase DESC LIMIT 1)
FROM unnest($1::text[]) AS asked(name) LEFT JOIN pg_roles r ON r.rolname = asked.name
CROSS JOIN (SELECT rolsuper FROM pg_roles WHERE rolname = session_user) AS login
)sql";

}  // namespace

std::string_view CatalogQuery() {
  static const std::string kText = std::string(kMetadata).append(kQuery);
  return kText;
}

std::string_view CatalogVersionQuery() {
  static const std::string kText = std::string(kMetadata).append(kVersion).append(kRoles).append(kVersionOfAll);
  return kText;
}

std::string_view RolesVersionQuery() {
  static const std::string kText =
      std::string("SELECT concat_ws(':', count(*), sum(hash)) FROM (").append(kRoles).append(") AS roles");
  return kText;
}

std::string_view PrivilegesQuery() {
  return kPrivileges;
}

std::string_view RequestRolesQuery() {
  return kRequestRoles;
}

}  // namespace threefactor::schema
