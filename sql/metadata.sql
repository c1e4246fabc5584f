-- What the GraphQL API is told about the database beyond its catalog: Hasura's metadata, in tables. Relations are kept by
-- identity and columns of relationships by number; functions, and columns elsewhere, by name, since pg_upgrade and dumps keep no other way:
-- follow.sql keeps these names true.

CREATE TABLE threefactor.tracked_table (
  relation      regclass PRIMARY KEY,
  is_tracked    boolean  NOT NULL DEFAULT true,   -- false: hidden, although the role may read it
  configuration jsonb    NOT NULL DEFAULT '{}',   -- custom_name, custom_root_fields, column_config, custom_column_names, comment
  is_enum       boolean  NOT NULL DEFAULT false
);

CREATE TABLE threefactor.relationship (
  relation       regclass   NOT NULL,
  name           text       NOT NULL,
  is_array       boolean    NOT NULL,
  target         regclass   NOT NULL,
  columns        smallint[] NOT NULL,  -- attribute numbers of relation, each equal to that of target in the same place
  target_columns smallint[] NOT NULL,
  source         text       NOT NULL CHECK (source IN ('own', 'reverse', 'manual')),  -- whose foreign key it follows
  after_parent   boolean    NOT NULL DEFAULT false,  -- nested inserts: the target's row comes second
  comment        text,
  PRIMARY KEY (relation, name)
);

CREATE TABLE threefactor.tracked_function (
  function_schema text  NOT NULL,
  function_name   text  NOT NULL,
  configuration   jsonb NOT NULL DEFAULT '{}',  -- session_argument, exposed_as, custom_name, custom_root_fields
  comment         text,
  function_oid    oid,  -- tells overloads apart; null or of another function (after a restore): unknown
  PRIMARY KEY (function_schema, function_name)
);

CREATE TABLE threefactor.computed_field (
  relation         regclass NOT NULL,
  name             text     NOT NULL,
  function_schema  text     NOT NULL,
  function_name    text     NOT NULL,
  table_argument   text,  -- null: the first one
  session_argument text,
  comment          text,
  function_oid     oid,  -- as in tracked_function
  PRIMARY KEY (relation, name)
);

-- As the API was given them; permissions.sql and policies.sql make them true in the database.
CREATE TABLE threefactor.permission (
  relation   regclass NOT NULL,
  role_name  text     NOT NULL,
  operation  text     NOT NULL CHECK (operation IN ('select', 'insert', 'update', 'delete')),
  definition jsonb    NOT NULL,
  comment    text,
  PRIMARY KEY (relation, role_name, operation)
);
CREATE TABLE threefactor.function_permission (
  function_schema text NOT NULL,
  function_name   text NOT NULL,
  role_name       text NOT NULL,
  database_role   text,  -- to which EXECUTE was granted; null: it had it
  PRIMARY KEY (function_schema, function_name, role_name)
);
CREATE TABLE threefactor.inherited_role (
  role_name     text   PRIMARY KEY,
  role_set      text[] NOT NULL,
  database_role text,
  granted       text[]  -- roles of the database of which it was made a member
);

-- A relation that is gone would be dumped as its number, which in the copy is none, or that of another one.
SELECT pg_catalog.pg_extension_config_dump('threefactor.tracked_table', 'WHERE relation::oid IN (SELECT c.oid FROM pg_class AS c)');
SELECT pg_catalog.pg_extension_config_dump('threefactor.relationship',
  'WHERE relation::oid IN (SELECT c.oid FROM pg_class AS c) AND target::oid IN (SELECT c.oid FROM pg_class AS c)');
SELECT pg_catalog.pg_extension_config_dump('threefactor.tracked_function', '');
SELECT pg_catalog.pg_extension_config_dump('threefactor.computed_field', 'WHERE relation::oid IN (SELECT c.oid FROM pg_class AS c)');
SELECT pg_catalog.pg_extension_config_dump('threefactor.permission', 'WHERE relation::oid IN (SELECT c.oid FROM pg_class AS c)');
SELECT pg_catalog.pg_extension_config_dump('threefactor.function_permission', '');
SELECT pg_catalog.pg_extension_config_dump('threefactor.inherited_role', '');

-- Private. A relation in messages: its name, with the schema unless that is public.
CREATE FUNCTION threefactor_private.display_name(relation regclass) RETURNS text
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN n.nspname = 'public' THEN '' ELSE n.nspname || '.' END || c.relname
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = relation
$$;

-- Private. The relation of that name; the conditions TF... are what the gateway turns into Hasura's codes.
CREATE FUNCTION threefactor.find_relation(schema_name text, name text) RETURNS regclass
  LANGUAGE threefactor STABLE AS $$
DECLARE
  found regclass := to_regclass(quote_ident(schema_name) || '.' || quote_ident(name));
BEGIN
  IF found IS NULL THEN
    RAISE EXCEPTION 'table "%" does not exist in source: default',
      CASE WHEN schema_name = 'public' THEN '' ELSE schema_name || '.' END || name USING ERRCODE = 'TFTAB';
  END IF;
  RETURN found;
END $$;

-- Private. Attribute numbers of the columns.
CREATE FUNCTION threefactor_private.column_numbers(relation regclass, columns text[]) RETURNS smallint[]
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  numbers smallint[] := '{}';
  name text;
  number smallint;
BEGIN
  FOREACH name IN ARRAY columns LOOP
    SELECT attnum INTO number FROM pg_attribute
     WHERE attrelid = relation AND attname = name AND attnum > 0 AND NOT attisdropped;
    IF number IS NULL THEN
      RAISE EXCEPTION 'column "%" does not exist in table "%"', name, threefactor_private.display_name(relation) USING ERRCODE = 'TFCFG';
    END IF;
    numbers := numbers || number;
  END LOOP;
  RETURN numbers;
END $$;

-- Private. The rows of an enum table as they are stored: a JSON list of lists, the key and the description (empty without a second column).
-- Null: it is not fit. That is a table (or partitioned table) whose primary key is one column of type text or varchar, with at most one
-- more column of such a type, and 1 to 10,000 rows, which its caller may read without a policy. Evaluates nothing that the table's
-- owner could define: the gateway calls it by itself.
CREATE FUNCTION threefactor_private.enum_values(relation regclass) RETURNS json
  LANGUAGE c STRICT STABLE AS 'MODULE_PATHNAME', 'threefactor_enum_values';

-- Private. A type as the gateway needs it, domains replaced by what they are over: name, schema, type, kind, SQL type, the
-- relation whose row type it is (else 0), whether it is an array, and schema, type and kind of the element.
CREATE FUNCTION threefactor_private.describe_type(name text, type oid) RETURNS json
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH RECURSIVE found AS (
    SELECT t.oid, t.typtype, t.typbasetype FROM pg_type t WHERE t.oid = describe_type.type
    UNION ALL
    SELECT t.oid, t.typtype, t.typbasetype FROM found f JOIN pg_type t ON t.oid = f.typbasetype WHERE f.typtype = 'd'
  )
  SELECT json_build_array(
           coalesce(describe_type.name, ''), n.nspname, t.typname, t.typtype,
           CASE WHEN en.nspname = 'pg_catalog' THEN format_type(t.oid, -1)
                ELSE quote_ident(en.nspname) || '.' || quote_ident(e.typname) || CASE WHEN e.oid <> t.oid THEN '[]' ELSE '' END END,
           CASE WHEN t.typtype = 'c' THEN t.typrelid::bigint ELSE 0 END, e.oid <> t.oid, en.nspname, e.typname, e.typtype)
    FROM found f JOIN pg_type t ON t.oid = f.oid JOIN pg_namespace n ON n.oid = t.typnamespace
    JOIN pg_type e ON e.oid = CASE WHEN t.typcategory = 'A' AND t.typelem <> 0 THEN t.typelem ELSE t.oid END
    JOIN pg_namespace en ON en.oid = e.typnamespace
   WHERE f.typtype <> 'd'
$$;

-- Private. A function as the gateway needs it, null unless there is exactly one of the name.
CREATE FUNCTION threefactor_private.describe_function(schema_name text, name text) RETURNS json
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH found AS (
    SELECT p.* FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
     WHERE n.nspname = schema_name AND p.proname = name AND p.prokind = 'f'
  )
  SELECT json_build_object(
           'oid', p.oid::bigint, 'schema', schema_name, 'name', name, 'volatile', p.provolatile = 'v', 'set', p.proretset,
           'result', threefactor_private.describe_type('', p.prorettype), 'defaults', p.pronargdefaults,
           'comment', coalesce(obj_description(p.oid, 'pg_proc'), ''),
           'arguments', (SELECT coalesce(json_agg(threefactor_private.describe_type(p.proargnames[a.place], a.type) ORDER BY a.place), '[]')
                           FROM unnest(p.proargtypes::oid[]) WITH ORDINALITY AS a(type, place)))
    FROM found p
   WHERE (SELECT count(*) FROM found) = 1 AND p.provariadic = 0
     AND (p.proargmodes IS NULL OR p.proargmodes <@ '{i}'::"char"[])
     AND has_function_privilege(threefactor_private.caller(), p.oid, 'EXECUTE') AND has_schema_privilege(threefactor_private.caller(), p.pronamespace, 'USAGE')
$$;

-- Private. The lists that the definitions have under the key as one; any_list: null where one of them has none, which stands for all.
CREATE FUNCTION threefactor_private.union_list(definitions jsonb[], key text) RETURNS json
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT json_agg(DISTINCT e.item ORDER BY e.item)
    FROM unnest(definitions) AS d, jsonb_array_elements_text(CASE jsonb_typeof(d -> key) WHEN 'array' THEN d -> key ELSE '[]' END) AS e(item)
$$;
CREATE FUNCTION threefactor_private.any_list(definitions jsonb[], key text) RETURNS json
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN bool_and(coalesce(jsonb_typeof(d -> key) = 'array', false)) THEN coalesce(threefactor_private.union_list(definitions, key), '[]') END
    FROM unnest(definitions) AS d
$$;

-- Private. What of permissions the gateway has to enforce, since Postgres has no notion of it: of a role and table as one object. Columns,
-- rows, checks and presets are not here: privileges, policies and triggers decide them. An inherited role has what one of its roles has.
--   oid, role, database_role   of the table, in the API, in the database
--   limit                      most rows of a selection; null: no limit
--   allow_aggregations         whether the role may aggregate; true by default only for roles that have no permission here
--   query_root_fields, subscription_root_fields   of select, select_by_pk, select_aggregate, select_stream; null: all
--   computed_fields            those that it may select
--   select, insert, update, delete   whether there is such a permission
--   backend_only               of insert, update, delete: those that want x-hasura-use-backend-only-permissions
CREATE FUNCTION threefactor_private.gateway_permissions() RETURNS json
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH RECURSIVE role_of AS (
    SELECT r.role_name, r.role_name AS parent, 0 AS depth
      FROM (SELECT p.role_name FROM threefactor.permission AS p UNION SELECT i.role_name FROM threefactor.inherited_role AS i) AS r
    UNION
    SELECT o.role_name, s.parent, o.depth + 1 FROM role_of AS o JOIN threefactor.inherited_role AS i ON i.role_name = o.parent CROSS JOIN unnest(i.role_set) AS s(parent)
     WHERE o.depth < 100
  ), has AS (
    SELECT DISTINCT o.role_name, p.relation, p.operation, p.definition FROM role_of AS o JOIN threefactor.permission AS p ON p.role_name = o.parent
      JOIN pg_class AS c ON c.oid = p.relation
  ), combined AS (
    SELECT h.role_name, h.relation,
           coalesce(bool_or(h.operation = 'select'), false) AS "select", coalesce(bool_or(h.operation = 'insert'), false) AS "insert",
           coalesce(bool_or(h.operation = 'update'), false) AS "update", coalesce(bool_or(h.operation = 'delete'), false) AS "delete",
           CASE WHEN bool_and(jsonb_typeof(h.definition -> 'limit') = 'number') FILTER (WHERE h.operation = 'select') IS TRUE
                 AND count(h.definition -> 'limit') FILTER (WHERE h.operation = 'select') = count(*) FILTER (WHERE h.operation = 'select')
                THEN (max((h.definition ->> 'limit')::numeric) FILTER (WHERE h.operation = 'select'))::bigint END AS "limit",
           coalesce(bool_or((h.definition ->> 'allow_aggregations')::boolean) FILTER (WHERE h.operation = 'select'), false) AS allow_aggregations,
           array_agg(h.operation ORDER BY h.operation) FILTER (WHERE h.operation <> 'select' AND (h.definition ->> 'backend_only')::boolean) AS backend_only,
           array_agg(h.definition) FILTER (WHERE h.operation = 'select') AS selects
      FROM has AS h GROUP BY h.role_name, h.relation
  )
  SELECT coalesce(json_agg(json_build_object(
           'oid', c.relation::oid::bigint, 'role', c.role_name, 'database_role', threefactor_private.database_role(c.role_name),
           'limit', c."limit", 'allow_aggregations', c.allow_aggregations,
           'query_root_fields', threefactor_private.any_list(c.selects, 'query_root_fields'),
           'subscription_root_fields', threefactor_private.any_list(c.selects, 'subscription_root_fields'),
           'computed_fields', coalesce(threefactor_private.union_list(c.selects, 'computed_fields'), '[]'),
           'select', c."select", 'insert', c."insert", 'update', c."update", 'delete', c."delete",
           'backend_only', coalesce(to_json(c.backend_only), '[]')) ORDER BY c.relation, c.role_name), '[]')
    FROM combined AS c
$$;

-- Everything the gateway reads, as one document; the catalog query calls it where the extension is installed.
CREATE FUNCTION threefactor.metadata() RETURNS json
  LANGUAGE threefactor STABLE AS $$
BEGIN
  RETURN (SELECT json_build_object(
    'tables', (SELECT coalesce(json_agg(json_build_object(
          'oid', t.relation::oid::bigint, 'tracked', t.is_tracked, 'configuration', t.configuration,
          'values', CASE WHEN t.is_enum THEN threefactor_private.enum_values(t.relation) END) ORDER BY t.relation), '[]')
        FROM threefactor.tracked_table t JOIN pg_class c ON c.oid = t.relation),
    'relationships', (SELECT coalesce(json_agg(json_build_object(
          'oid', r.relation::oid::bigint, 'name', r.name, 'array', r.is_array, 'target', r.target::oid::bigint,
          'columns', r.columns, 'target_columns', r.target_columns, 'source', r.source, 'after_parent', r.after_parent,
          'comment', coalesce(r.comment, '')) ORDER BY r.relation, r.name), '[]')
        FROM threefactor.relationship r JOIN pg_class c ON c.oid = r.relation JOIN pg_class t ON t.oid = r.target),
    'functions', (SELECT coalesce(json_agg(json_build_object(
          'function', d.description, 'configuration', f.configuration, 'comment', coalesce(f.comment, ''))
          ORDER BY f.function_schema, f.function_name), '[]')
        FROM threefactor.tracked_function f,
             LATERAL (SELECT threefactor_private.describe_function(f.function_schema, f.function_name) AS description) AS d
       WHERE d.description IS NOT NULL),
    'computed_fields', (SELECT coalesce(json_agg(json_build_object(
          'oid', f.relation::oid::bigint, 'name', f.name, 'function', d.description, 'table_argument', coalesce(f.table_argument, ''),
          'session_argument', coalesce(f.session_argument, ''), 'comment', coalesce(f.comment, '')) ORDER BY f.relation, f.name), '[]')
        FROM threefactor.computed_field f JOIN pg_class c ON c.oid = f.relation,
             LATERAL (SELECT threefactor_private.describe_function(f.function_schema, f.function_name) AS description) AS d
       WHERE d.description IS NOT NULL),
    'permissions', threefactor_private.gateway_permissions()));
END $$;
