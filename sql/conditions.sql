-- Boolean expressions of permissions (the language of `where`) as SQL. Private, all of it. The result is a list of pieces, so that the same
-- condition can stand in a policy and in a function: a string is SQL; {"e", "t", "n"} is a value from outside of the condition (SQL, type,
-- name; "v": the session variable that it is), which a function takes as an argument; {"exists": pieces} is a condition over another
-- relation. What names anything is qualified; errors (TFCFG, TFNSP) name the place within the permission.

CREATE FUNCTION threefactor_private.is_variable(value jsonb) RETURNS boolean
  LANGUAGE sql IMMUTABLE RETURN jsonb_typeof(value) = 'string' AND value #>> '{}' ~* '^x-hasura-.';

CREATE FUNCTION threefactor_private.refuse(path text, message text, code text DEFAULT 'TFCFG') RETURNS void
  LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'at %: %', path, message USING ERRCODE = code;
END $$;

-- The type itself, or what a domain is over.
CREATE FUNCTION threefactor_private.base_type(type oid) RETURNS oid
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH RECURSIVE found AS (
    SELECT t.oid, t.typtype, t.typbasetype FROM pg_type AS t WHERE t.oid = base_type.type
    UNION ALL SELECT t.oid, t.typtype, t.typbasetype FROM found AS f JOIN pg_type AS t ON t.oid = f.typbasetype WHERE f.typtype = 'd')
  SELECT f.oid FROM found AS f WHERE f.typtype <> 'd'
$$;

-- The schema of what belongs to the type by that name: of the same extension, so that nobody else's operator is taken for it; else pg_catalog.
CREATE FUNCTION threefactor_private.schema_for(type oid, class regclass, name text) RETURNS text
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce((
    SELECT quote_ident(n.nspname)
      FROM pg_depend AS t JOIN pg_depend AS o ON o.refclassid = t.refclassid AND o.refobjid = t.refobjid AND o.deptype = 'e' AND o.classid = schema_for.class
      LEFT JOIN pg_operator AS p ON o.classid = 'pg_operator'::regclass AND p.oid = o.objid AND p.oprname = schema_for.name
      LEFT JOIN pg_proc AS f ON o.classid = 'pg_proc'::regclass AND f.oid = o.objid AND f.proname = schema_for.name
      LEFT JOIN pg_type AS y ON o.classid = 'pg_type'::regclass AND y.oid = o.objid AND y.typname = schema_for.name
      JOIN pg_namespace AS n ON n.oid IN (p.oprnamespace, f.pronamespace, y.typnamespace)
     WHERE t.classid = 'pg_type'::regclass AND t.objid = schema_for.type AND t.deptype = 'e' AND t.refclassid = 'pg_extension'::regclass LIMIT 1),
    'pg_catalog')
$$;
CREATE FUNCTION threefactor_private.operator_for(type oid, name text) RETURNS text
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
  AS $$ SELECT format(' OPERATOR(%s.%s) ', threefactor_private.schema_for(operator_for.type, 'pg_operator', operator_for.name), operator_for.name) $$;

-- A value of the permission as the type: a literal, or the session variable that it names.
CREATE FUNCTION threefactor_private.operand(value jsonb, type oid, path text) RETURNS jsonb
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
  kind CONSTANT text := jsonb_typeof(value);
  name CONSTANT text := format_type(type, -1);
  is_json CONSTANT boolean := type IN ('json'::regtype, 'jsonb'::regtype);
  is_array CONSTANT boolean := (SELECT t.typcategory = 'A' FROM pg_type AS t WHERE t.oid = type);
  variable CONSTANT text := lower(value #>> '{}');
BEGIN
  IF threefactor_private.is_variable(value) THEN
    RETURN jsonb_build_object('e', format('(SELECT threefactor.claim(%L))', variable) || CASE type WHEN 'text'::regtype THEN '' ELSE '::' || name END,
                              't', name, 'n', replace(variable, '-', '_'), 'v', variable);
  ELSIF kind IN ('object', 'array') AND jsonb_path_exists(value, 'strict $.** ? (@.type() == "string" && @ like_regex "^x-hasura-." flag "i")') THEN
    PERFORM threefactor_private.refuse(path, 'a session variable inside of a value is not replaced; compare with the whole variable', 'TFNSP');
  ELSIF is_json AND kind IS NOT NULL THEN
    RETURN to_jsonb(format('%L::%s', value::text, name));
  ELSIF kind = 'null' OR kind IS NULL THEN
    PERFORM threefactor_private.refuse(path, format('unexpected null value for type "%s"', name));
  ELSIF kind = 'array' AND is_array THEN
    IF jsonb_path_exists(value, 'strict $[*] ? (@.type() == "array" || @.type() == "object")') THEN
      PERFORM threefactor_private.refuse(path, 'a list within a list is not supported', 'TFNSP');
    END IF;
    RETURN to_jsonb(format('%L::%s', ARRAY(SELECT e.item FROM jsonb_array_elements_text(value) WITH ORDINALITY AS e(item, place) ORDER BY e.place)::text, name));
  ELSIF kind = 'array' OR kind = 'object' AND threefactor_private.schema_for(type, 'pg_proc', 'st_geomfromgeojson') = 'pg_catalog' THEN
    PERFORM threefactor_private.refuse(path, format('expected a value of type "%s", found %s', name, CASE kind WHEN 'array' THEN 'a list' ELSE 'an object' END));
  END IF;
  -- now and today are not those of the hour when the permission was made
  RETURN to_jsonb(format(CASE WHEN (SELECT t.typcategory = 'D' FROM pg_type AS t WHERE t.oid = type) AND value #>> '{}' ~* '(now|today|tomorrow|yesterday)'
                              THEN '%L::text::%s' ELSE '%L::%s' END, value #>> '{}', name));
END $$;

-- A list of values: of literals, or with session variables; or one variable that is the list, written {1,2}.
CREATE FUNCTION threefactor_private.operands(value jsonb, type oid, path text) RETURNS jsonb
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
  list CONSTANT oid := (SELECT t.typarray FROM pg_type AS t WHERE t.oid = type);
  pieces jsonb := '["ARRAY["]';
  item record;
BEGIN
  IF list = 0 THEN
    PERFORM threefactor_private.refuse(path, format('there are no lists of type "%s"', format_type(type, -1)), 'TFNSP');
  ELSIF threefactor_private.is_variable(value) THEN
    RETURN jsonb_build_array(threefactor_private.operand(value, list, path));
  ELSIF jsonb_typeof(value) <> 'array' THEN
    PERFORM threefactor_private.refuse(path, 'expected a list');
  END IF;
  FOR item IN SELECT e.part, e.place FROM jsonb_array_elements(value) WITH ORDINALITY AS e(part, place) LOOP
    pieces := pieces || CASE WHEN item.place > 1 THEN '[", "]' ELSE '[]'::jsonb END
           || jsonb_build_array(threefactor_private.operand(item.part, type, format('%s[%s]', path, item.place - 1)));
  END LOOP;
  RETURN pieces || to_jsonb(']::' || format_type(list, -1));
END $$;

-- A column of the row that the permission is about (no alias: that row is not of a query of ours), or of a relation within the condition.
CREATE FUNCTION threefactor_private.column_piece(relation oid, alias text, name text, path text) RETURNS jsonb
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
  type text := (SELECT format_type(a.atttypid, -1) FROM pg_attribute AS a WHERE a.attrelid = relation AND a.attname = name AND a.attnum > 0 AND NOT a.attisdropped);
BEGIN
  IF type IS NULL THEN
    PERFORM threefactor_private.refuse(path, format('column "%s" does not exist in table "%s"', name, threefactor_private.display_name(relation)));
  END IF;
  RETURN CASE alias WHEN '' THEN jsonb_build_object('e', quote_ident(name), 't', type, 'n', name) ELSE to_jsonb(alias || '.' || quote_ident(name)) END;
END $$;

-- Whether values of the type may run code of whoever owns it, although he has not the rights of the role: domains, and what may hold them.
CREATE FUNCTION threefactor_private.runs_code_of_others(type oid, role oid) RETURNS boolean
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT e.typtype IN ('c', 'd', 'r', 'm') AND NOT pg_has_role(e.typowner, runs_code_of_others.role, 'USAGE')
    FROM pg_type AS t JOIN pg_type AS e ON e.oid = CASE WHEN t.typcategory = 'A' THEN t.typelem ELSE t.oid END WHERE t.oid = runs_code_of_others.type
$$;

-- One operator of a column, whose pieces are `subject`.
CREATE FUNCTION threefactor_private.comparison(
    subject jsonb, type oid, operator text, value jsonb, relation oid, alias text, root oid, path text) RETURNS jsonb
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
  is_text CONSTANT boolean := type IN ('text'::regtype, 'varchar'::regtype, 'bpchar'::regtype, 'name'::regtype)
                              OR (SELECT t.typcategory = 'S' FROM pg_type AS t WHERE t.oid = type);
  typname CONSTANT text := (SELECT t.typname FROM pg_type AS t WHERE t.oid = type);
  is_array CONSTANT boolean := (SELECT t.typcategory = 'A' FROM pg_type AS t WHERE t.oid = type);
  is_spatial CONSTANT boolean := typname IN ('geometry', 'geography');
  pattern_type CONSTANT oid := CASE WHEN type IN ('varchar'::regtype, 'bpchar'::regtype, 'name'::regtype) THEN 'text'::regtype::oid ELSE type END;
  root_owner CONSTANT oid := (SELECT c.relowner FROM pg_class AS c WHERE c.oid = root);
  symbol text;
  other oid;
  list boolean := false;
  root_column boolean;
  schema text;
BEGIN
  IF threefactor_private.runs_code_of_others(type, root_owner) THEN  -- a value would be made of it with the rights of that owner
    PERFORM threefactor_private.refuse(path, format('the type "%s" may run code of its owner, who has not the rights of the owner of table "%s"', format_type(type, -1),
                                                    threefactor_private.display_name(root)));
  END IF;
  IF value = 'null' AND operator <> '_is_null' THEN
    PERFORM threefactor_private.refuse(path, format('unexpected null value for type "%s"', format_type(type, -1)));
  END IF;
  IF operator = '_is_null' THEN
    IF jsonb_typeof(value) <> 'boolean' THEN
      PERFORM threefactor_private.refuse(path, 'expected true or false');
    END IF;
    RETURN '["("]' || subject || to_jsonb(CASE WHEN value::boolean THEN ' IS NULL)' ELSE ' IS NOT NULL)' END);
  ELSIF operator IN ('_in', '_nin') THEN
    IF value = '[]' THEN
      RETURN jsonb_build_array(CASE operator WHEN '_in' THEN 'false' ELSE 'true' END);
    END IF;
    RETURN '["("]' || subject || to_jsonb(CASE operator WHEN '_in' THEN threefactor_private.operator_for(type, '=') || 'ANY ('
                                                        ELSE threefactor_private.operator_for(type, '<>') || 'ALL (' END)
           || threefactor_private.operands(value, type, path) || '["))"]';
  END IF;
  symbol := (SELECT o.symbol FROM (VALUES ('_ceq', '='), ('_cne', '<>'), ('_cneq', '<>'), ('_cgt', '>'), ('_clt', '<'), ('_cgte', '>='), ('_clte', '<=')) AS o(name, symbol)
              WHERE o.name = operator);
  IF symbol IS NOT NULL THEN
    root_column := jsonb_typeof(value) = 'array' AND jsonb_array_length(value) = 2 AND value ->> 0 = '$';
    IF NOT coalesce(root_column, false) AND jsonb_typeof(value) = 'array' AND jsonb_array_length(value) = 1 THEN
      value := value -> 0;
    END IF;
    IF NOT coalesce(root_column, false) AND jsonb_typeof(value) <> 'string' THEN
      PERFORM threefactor_private.refuse(path, 'expected the name of a column, or ["$", "name"]');
    END IF;
    RETURN '["("]' || subject || to_jsonb(threefactor_private.operator_for(type, symbol)) || jsonb_build_array(
      CASE WHEN root_column THEN threefactor_private.column_piece(root, '', value ->> 1, path)
           ELSE threefactor_private.column_piece(relation, alias, value #>> '{}', path) END) || '[")"]';
  END IF;
  IF operator = '_cast' AND jsonb_typeof(value) = 'object' AND (typname IN ('jsonb', 'json') OR is_spatial) THEN
    RETURN threefactor_private.casts(subject, type, value, relation, alias, root, path);
  END IF;
  -- a comparison with a value of the column's type, or of the one that is named
  SELECT o.symbol, coalesce(o.type, type), o.list INTO symbol, other, list
    FROM (VALUES ('_eq', '=', NULL::oid, false, true), ('_ne', '<>', NULL, false, true), ('_neq', '<>', NULL, false, true), ('_gt', '>', NULL, false, true),
                 ('_lt', '<', NULL, false, true), ('_gte', '>=', NULL, false, true), ('_lte', '<=', NULL, false, true),
                 ('_like', '~~', pattern_type, false, is_text), ('_nlike', '!~~', pattern_type, false, is_text),
                 ('_ilike', '~~*', pattern_type, false, is_text), ('_nilike', '!~~*', pattern_type, false, is_text),
                 ('_regex', '~', pattern_type, false, is_text), ('_nregex', '!~', pattern_type, false, is_text),
                 ('_iregex', '~*', pattern_type, false, is_text), ('_niregex', '!~*', pattern_type, false, is_text),
                 ('_contains', '@>', NULL, false, is_array OR typname = 'jsonb'), ('_contained_in', '<@', NULL, false, is_array OR typname = 'jsonb'),
                 ('_has_key', '?', 'text'::regtype, false, typname = 'jsonb'), ('_has_keys_any', '?|', 'text'::regtype, true, typname = 'jsonb'),
                 ('_has_keys_all', '?&', 'text'::regtype, true, typname = 'jsonb'), ('_jsonb_path_exists', '@?', 'jsonpath'::regtype, false, typname = 'jsonb'),
                 ('_jsonb_path_match', '@@', 'jsonpath'::regtype, false, typname = 'jsonb'),
                 ('_ancestor', '@>', NULL, false, typname = 'ltree'), ('_descendant', '<@', NULL, false, typname = 'ltree'),
                 ('_ancestor_any', '@>', NULL, true, typname = 'ltree'), ('_descendant_any', '<@', NULL, true, typname = 'ltree')
         ) AS o(name, symbol, type, list, fits) WHERE o.name = operator AND o.fits;
  IF FOUND THEN
    RETURN '["("]' || subject || to_jsonb(threefactor_private.operator_for(type, symbol))
           || CASE WHEN list THEN threefactor_private.operands(value, other, path) ELSE jsonb_build_array(threefactor_private.operand(value, other, path)) END || '[")"]';
  ELSIF operator IN ('_similar', '_nsimilar') AND is_text THEN
    RETURN '["("]' || subject || to_jsonb(threefactor_private.operator_for(type, CASE operator WHEN '_similar' THEN '~' ELSE '!~' END) || 'pg_catalog.similar_to_escape(')
           || jsonb_build_array(threefactor_private.operand(value, 'text'::regtype, path)) || '["))"]';
  ELSIF operator IN ('_matches', '_matches_any', '_matches_fulltext') AND typname = 'ltree' THEN
    symbol := CASE operator WHEN '_matches_fulltext' THEN 'ltxtquery' ELSE 'lquery' END;
    schema := threefactor_private.schema_for(type, 'pg_type', symbol);
    other := (SELECT t.oid FROM pg_type AS t JOIN pg_namespace AS n ON n.oid = t.typnamespace WHERE quote_ident(n.nspname) = schema AND t.typname = symbol);
    RETURN '["("]' || subject || to_jsonb(threefactor_private.operator_for(type, CASE operator WHEN '_matches' THEN '~' WHEN '_matches_any' THEN '?' ELSE '@' END))
           || CASE operator WHEN '_matches_any' THEN threefactor_private.operands(value, other, path)
                            ELSE jsonb_build_array(threefactor_private.operand(value, other, path)) END || '[")"]';
  ELSIF is_spatial AND operator IN ('_st_d_within', '_st_3d_d_within') AND jsonb_typeof(value) = 'object' THEN
    RETURN threefactor_private.within_distance(subject, type, substr(operator, 2), value, path);
  ELSIF is_spatial AND operator IN ('_st_contains', '_st_crosses', '_st_equals', '_st_intersects', '_st_3d_intersects', '_st_overlaps', '_st_touches', '_st_within') THEN
    symbol := replace(replace(substr(operator, 2), 'st_3d_', 'st_3d'), '_3d_', '_3d');
    RETURN to_jsonb(ARRAY[format('%s.%s(', threefactor_private.schema_for(type, 'pg_proc', symbol), symbol)]) || subject || '[", "]'
           || jsonb_build_array(threefactor_private.operand(value, type, path)) || '[")"]';
  END IF;
  PERFORM threefactor_private.refuse(path, format('there is no operator "%s" for the type "%s"', operator, format_type(type, -1)));
END $$;

-- {"distance", "from", "use_spheroid"}: also of session variables.
CREATE FUNCTION threefactor_private.within_distance(subject jsonb, type oid, operator text, value jsonb, path text) RETURNS jsonb
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
  wrong CONSTANT text := (SELECT k FROM jsonb_object_keys(value) AS k
                           WHERE k NOT IN ('distance', 'from', CASE WHEN format_type(type, -1) LIKE '%geography' THEN 'use_spheroid' ELSE 'from' END) LIMIT 1);
  symbol CONSTANT text := CASE operator WHEN 'st_d_within' THEN 'st_dwithin' ELSE 'st_3ddwithin' END;
BEGIN
  IF wrong IS NOT NULL THEN
    PERFORM threefactor_private.refuse(path || '.' || wrong, 'there is no such argument');
  END IF;
  RETURN to_jsonb(ARRAY[format('%s.%s(', threefactor_private.schema_for(type, 'pg_proc', symbol), symbol)]) || subject || '[", "]'
         || jsonb_build_array(threefactor_private.operand(value -> 'from', type, path || '.from')) || '[", "]'
         || jsonb_build_array(threefactor_private.operand(value -> 'distance', 'float8'::regtype, path || '.distance'))
         || CASE WHEN value ? 'use_spheroid'
                 THEN '[", "]' || jsonb_build_array(threefactor_private.operand(value -> 'use_spheroid', 'bool'::regtype, path || '.use_spheroid')) ELSE '[]' END || '[")"]';
END $$;

-- {"String": {...}} of json, {"geography": {...}} of geometry and the other way round.
CREATE FUNCTION threefactor_private.casts(subject jsonb, type oid, value jsonb, relation oid, alias text, root oid, path text) RETURNS jsonb
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
  pieces jsonb := '["(true"]';
  part record;
  other oid;
BEGIN
  FOR part IN SELECT c.key AS type, c.value FROM jsonb_each(value) AS c LOOP
    IF part.type = 'String' AND type IN ('json'::regtype, 'jsonb'::regtype) THEN
      other := 'text'::regtype;
    ELSIF part.type IN ('geometry', 'geography') AND type NOT IN ('json'::regtype, 'jsonb'::regtype) THEN
      other := (SELECT t.oid FROM pg_type AS t JOIN pg_namespace AS n ON n.oid = t.typnamespace
                 WHERE t.typname = part.type AND quote_ident(n.nspname) = threefactor_private.schema_for(casts.type, 'pg_type', part.type));
    ELSE
      PERFORM threefactor_private.refuse(path || '.' || part.type, 'there is no such cast');
    END IF;
    pieces := pieces || '[" AND "]' || threefactor_private.comparisons(
      '["("]' || subject || to_jsonb('::' || format_type(other, -1) || ')'), other, part.value, relation, alias, root, path || '.' || part.type);
  END LOOP;
  RETURN pieces || '[")"]';
END $$;

-- What a permission says of a column: {operator: value, ...}, or a value alone, which it must equal.
CREATE FUNCTION threefactor_private.comparisons(subject jsonb, type oid, value jsonb, relation oid, alias text, root oid, path text) RETURNS jsonb
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
  pieces jsonb := '[]';
  part record;
BEGIN
  IF jsonb_typeof(value) <> 'object' THEN
    RETURN threefactor_private.comparison(subject, type, '_eq', value, relation, alias, root, path);
  END IF;
  FOR part IN SELECT c.key, c.value FROM jsonb_each(value) AS c LOOP
    pieces := pieces || CASE pieces WHEN '[]' THEN '[]' ELSE '[" AND "]'::jsonb END
           || threefactor_private.comparison(subject, type, regexp_replace(part.key, '^\$', '_'), part.value, relation, alias, root, path || '.' || part.key);
  END LOOP;
  RETURN CASE pieces WHEN '[]' THEN '["true"]' ELSE pieces END;
END $$;

-- The condition that an expression means for the row `alias` of the relation.
CREATE FUNCTION threefactor_private.condition(relation oid, alias text, expression jsonb, root oid, path text, depth integer DEFAULT 1) RETURNS jsonb
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
  pieces jsonb := '[]';
  part record;
  item record;
  operator text;
  list jsonb;
  one jsonb;
  type oid;
  target threefactor.relationship;
  inner_alias CONSTANT text := '_' || depth;
BEGIN
  IF jsonb_typeof(expression) IS DISTINCT FROM 'object' THEN
    PERFORM threefactor_private.refuse(path, 'expected an object');
  ELSIF depth > 20 THEN
    PERFORM threefactor_private.refuse(path, 'too many relationships within one another');
  END IF;
  FOR part IN SELECT e.key, e.value, path || '.' || e.key AS path FROM jsonb_each(expression) AS e LOOP
    operator := regexp_replace(part.key, '^\$', '_');
    type := (SELECT threefactor_private.base_type(a.atttypid) FROM pg_attribute AS a
              WHERE a.attrelid = relation AND a.attname = part.key AND a.attnum > 0 AND NOT a.attisdropped);
    SELECT r.* INTO target FROM threefactor.relationship AS r WHERE r.relation = condition.relation AND r.name = part.key;
    IF type IS NOT NULL THEN
      one := threefactor_private.comparisons(jsonb_build_array(threefactor_private.column_piece(relation, alias, part.key, part.path)), type, part.value,
                                             relation, alias, root, part.path);
    ELSIF target.relation IS NOT NULL THEN
      IF part.value = 'null' THEN
        PERFORM threefactor_private.refuse(part.path, 'unexpected null value');
      END IF;
      PERFORM threefactor_private.require_readable(target.target, root, part.path);
      one := jsonb_build_array(format('EXISTS (SELECT FROM %s AS %s WHERE ', threefactor_private.qualified(target.target), inner_alias));
      FOR item IN SELECT a.attname AS own, b.attname AS other, b.atttypid AS type, p.place
                    FROM unnest(target.columns, target.target_columns) WITH ORDINALITY AS p(own, other, place)
                    JOIN pg_attribute AS a ON a.attrelid = target.relation AND a.attnum = p.own
                    JOIN pg_attribute AS b ON b.attrelid = target.target AND b.attnum = p.other ORDER BY p.place LOOP
        one := one || to_jsonb(format('%s.%I%s', inner_alias, item.other, threefactor_private.operator_for(threefactor_private.base_type(item.type), '=')))
               || jsonb_build_array(threefactor_private.column_piece(relation, alias, item.own, part.path)) || '[" AND "]';
      END LOOP;
      one := one || threefactor_private.condition(target.target, inner_alias, part.value, root, part.path, depth + 1) || '[")"]';
      one := CASE alias WHEN '' THEN jsonb_build_array(jsonb_build_object('exists', one)) ELSE one END;
    ELSIF operator IN ('_and', '_or') THEN
      list := CASE jsonb_typeof(part.value) WHEN 'array' THEN part.value ELSE jsonb_build_array(part.value) END;
      one := '["("]';
      FOR item IN SELECT e.part, e.place FROM jsonb_array_elements(list) WITH ORDINALITY AS e(part, place) LOOP
        one := one || CASE WHEN item.place > 1 THEN to_jsonb(CASE operator WHEN '_and' THEN ' AND ' ELSE ' OR ' END) ELSE '[]' END
               || threefactor_private.condition(relation, alias, item.part, root, format('%s[%s]', part.path, item.place - 1), depth);
      END LOOP;
      one := CASE list WHEN '[]' THEN jsonb_build_array(CASE operator WHEN '_and' THEN 'true' ELSE 'false' END) ELSE one || '[")"]' END;
    ELSIF operator = '_not' THEN
      one := '["(NOT "]' || threefactor_private.condition(relation, alias, part.value, root, part.path, depth) || '[")"]';
    ELSIF operator = '_exists' THEN
      one := threefactor_private.exists_condition(alias, part.value, root, part.path, depth);
    ELSIF EXISTS (SELECT FROM threefactor.computed_field AS f WHERE f.relation = condition.relation AND f.name = part.key) THEN
      PERFORM threefactor_private.refuse(part.path, format('a condition on the computed field "%s" is not supported; write a policy by hand', part.key), 'TFNSP');
    ELSE
      PERFORM threefactor_private.refuse(part.path, format('field "%s" does not exist in table "%s"', part.key, threefactor_private.display_name(relation)));
    END IF;
    pieces := pieces || CASE pieces WHEN '[]' THEN '[]' ELSE '[" AND "]'::jsonb END || one;
  END LOOP;
  RETURN CASE pieces WHEN '[]' THEN '["true"]' ELSE '["("]' || pieces || '[")"]' END;
END $$;

-- The function of a condition reads with the rights of the table's owner: without any it would only fail later.
CREATE FUNCTION threefactor_private.require_readable(relation oid, root oid, path text) RETURNS void
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
  owner CONSTANT oid := (SELECT c.relowner FROM pg_class AS c WHERE c.oid = root);
BEGIN
  IF NOT (has_any_column_privilege(owner, relation, 'SELECT') AND has_schema_privilege(owner, (SELECT c.relnamespace FROM pg_class AS c WHERE c.oid = relation), 'USAGE')) THEN
    PERFORM threefactor_private.refuse(path, format('the owner of table "%s" may not read table "%s"', threefactor_private.display_name(root),
                                                    threefactor_private.display_name(relation)));
  ELSIF (SELECT r.rolsuper FROM pg_roles AS r WHERE r.oid = owner) AND NOT (SELECT r.rolsuper FROM pg_class AS c JOIN pg_roles AS r ON r.oid = c.relowner WHERE c.oid = relation) THEN
    -- who owns it could make a view of it, or has, whose functions would run as a superuser
    PERFORM threefactor_private.refuse(path, format('table "%s" belongs to a superuser, and the owner of table "%s" is none', threefactor_private.display_name(root),
                                                    threefactor_private.display_name(relation)));
  END IF;
END $$;

CREATE FUNCTION threefactor_private.exists_condition(alias text, value jsonb, root oid, path text, depth integer) RETURNS jsonb
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
  wrong CONSTANT text := (SELECT k FROM jsonb_object_keys(CASE jsonb_typeof(value) WHEN 'object' THEN value ELSE '{}' END) AS k
                           WHERE k NOT IN ('_table', '_where', '$table', '$where') LIMIT 1);
  other CONSTANT regclass := CASE jsonb_typeof(value) WHEN 'object' THEN threefactor_private.exists_relation(value) END;
  one jsonb;
BEGIN
  IF wrong IS NOT NULL THEN
    PERFORM threefactor_private.refuse(path || '.' || wrong, 'unexpected key');
  ELSIF other IS NULL THEN
    PERFORM threefactor_private.refuse(path, format('table %s does not exist', coalesce((coalesce(value -> '_table', value -> '$table'))::text, '(none is named)')));
  END IF;
  PERFORM threefactor_private.require_readable(other, root, path);
  one := jsonb_build_array(format('EXISTS (SELECT FROM %s AS _%s WHERE ', threefactor_private.qualified(other), depth))
         || threefactor_private.condition(other, '_' || depth, coalesce(value -> '_where', value -> '$where', '{}'), root, path || '._where', depth + 1) || '[")"]';
  RETURN CASE alias WHEN '' THEN jsonb_build_array(jsonb_build_object('exists', one)) ELSE one END;
END $$;

-- A relation as SQL names it.
CREATE FUNCTION threefactor_private.qualified(relation oid) RETURNS text
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE c.oid = qualified.relation
$$;

-- The session variables that a condition asks for.
CREATE FUNCTION threefactor_private.variables(pieces jsonb) RETURNS text[]
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT ARRAY(SELECT DISTINCT p.piece ->> 'v' FROM jsonb_path_query(pieces, 'strict $.** ? (@.type() == "object" && exists (@.v))') AS p(piece) ORDER BY 1)
$$;
