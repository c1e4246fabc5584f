-- What a permission's expression means: a role sees the rows that plain SQL finds, for operators by hand and for random expressions.
\set VERBOSITY terse
\set SHOW_CONTEXT never
CREATE EXTENSION IF NOT EXISTS citext SCHEMA public;
CREATE EXTENSION IF NOT EXISTS ltree SCHEMA public;
CREATE SCHEMA filters;
SET search_path = filters, public;
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE DOMAIN code AS varchar(5) CHECK (value <> 'bad');
CREATE TABLE person (id integer PRIMARY KEY, name text, age bigint, boss_id integer REFERENCES person, feels mood, code code, nick citext, path ltree, tags text[], meta jsonb, born date, ratio numeric, fix char(3), active boolean);
CREATE TABLE item (id integer PRIMARY KEY, owner_id integer REFERENCES person, kind text, price numeric, seller_id integer);
INSERT INTO person SELECT i, CASE WHEN i % 5 > 0 THEN 'n' || i % 7 END, CASE WHEN i % 4 > 0 THEN i % 6 END, CASE WHEN i > 3 THEN 1 + i % 3 END, (ARRAY['sad', 'ok', 'happy', NULL])[1 + i % 4]::mood,
    'c' || i % 3, CASE WHEN i % 2 = 0 THEN 'Nick' || i % 3 END, (ARRAY['a', 'a.b', 'a.b.c', 'x'])[1 + i % 4]::ltree, CASE WHEN i % 3 > 0 THEN ARRAY['t' || i % 3, 'u'] END,
    CASE WHEN i % 3 > 0 THEN jsonb_build_object('k' || i % 3, i, 'o', 'p') END, DATE '2020-01-01' + i, i / 4.0, 'x' || i % 2, CASE WHEN i % 3 > 0 THEN i % 2 = 0 END FROM generate_series(1, 20) AS i;
INSERT INTO item SELECT i, CASE WHEN i % 6 > 0 THEN 1 + i % 20 END, (ARRAY['a', 'b', NULL])[1 + i % 3], CASE WHEN i % 5 > 0 THEN i % 7 END, CASE WHEN i % 2 > 0 THEN 1 + i % 9 END FROM generate_series(1, 40) AS i;
SELECT threefactor.create_object_relationship('person', 'boss', '{boss_id}'), threefactor.create_array_relationship('person', 'items', 'item', '{owner_id}'),
  threefactor.create_object_relationship('item', 'owner', '{owner_id}'), threefactor.create_array_relationship('person', 'staff', 'person', '{boss_id}');
GRANT USAGE ON SCHEMA filters TO PUBLIC;

-- Whether the role sees what the SQL finds; the count, or what differs.
CREATE FUNCTION same(filter jsonb, sql text, claims text DEFAULT '{"x-hasura-user-id": "3", "x-hasura-name": "n3", "x-hasura-ids": "{1,2,7}", "x-hasura-names": "{n1,n2}", "x-hasura-date": "2020-01-09", "x-hasura-json": "{\"o\": \"p\"}", "x-hasura-key": "k1", "x-hasura-keys": "{k1,k2}", "x-hasura-yes": "true", "x-hasura-empty": ""}')
  RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  wanted integer[];
  seen integer[];
  counted bigint;
BEGIN
  PERFORM threefactor.create_permission('person', 'regress_filtered', 'select', jsonb_build_object('columns', '["id"]'::jsonb, 'filter', filter));
  EXECUTE 'SELECT coalesce(array_agg(p.id ORDER BY p.id), ''{}'') FROM person AS p WHERE ' || sql INTO wanted;
  PERFORM set_config('request.jwt.claims', claims, true);
  SET LOCAL ROLE regress_filtered;
  SELECT coalesce(array_agg(p.id ORDER BY p.id), '{}'), count(*) INTO seen, counted FROM person AS p;
  RESET ROLE;
  PERFORM threefactor.drop_permission('person', 'regress_filtered', 'select');
  RETURN CASE WHEN seen = wanted AND counted = cardinality(wanted) THEN 'same: ' || counted ELSE format('seen %s, wanted %s, filter %s', seen, wanted, filter) END;
EXCEPTION WHEN OTHERS THEN
  RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
SELECT f AS filter, same(f::jsonb, s) FROM (VALUES
  ('{}', 'true'), ('{"_and": []}', 'true'), ('{"_or": []}', 'false'), ('{"_not": {}}', 'false'), ('{"_or": [{}]}', 'true'), ('{"id": {}}', 'true'),
  ('{"id": 3}', 'id = 3'), ('{"id": {"_eq": "3"}}', 'id = 3'), ('{"id": "x-HASURA-user-ID"}', 'id = 3'), ('{"id": {"$ne": "X-Hasura-User-Id"}}', 'id <> 3'), ('{"age": {"_neq": 2}}', 'age <> 2'),
  ('{"id": {"_gt": 3, "_lte": 9}}', 'id > 3 AND id <= 9'), ('{"id": {"_gte": 3}, "age": {"_lt": 3}}', 'id >= 3 AND age < 3'),
  ('{"id": {"_in": [1, 2, 30]}}', 'id IN (1, 2)'), ('{"id": {"_nin": [1, 2]}}', 'id NOT IN (1, 2)'), ('{"age": {"_in": []}}', 'false'), ('{"age": {"_nin": []}}', 'true'),
  ('{"id": {"_in": "X-Hasura-Ids"}}', 'id IN (1, 2, 7)'), ('{"id": {"$nin": "X-Hasura-Ids"}}', 'id NOT IN (1, 2, 7)'), ('{"id": {"_in": [9, "X-Hasura-User-Id"]}}', 'id IN (3, 9)'),
  ('{"name": {"_in": "X-Hasura-Names"}}', $$name IN ('n1', 'n2')$$), ('{"age": {"_is_null": true}}', 'age IS NULL'), ('{"age": {"_is_null": false}}', 'age IS NOT NULL'),
  ('{"name": {"_like": "n%"}}', $$name LIKE 'n%'$$), ('{"name": {"_nlike": "%3"}}', $$name NOT LIKE '%3'$$), ('{"name": {"_ilike": "N1"}}', $$name ILIKE 'N1'$$), ('{"name": {"_nilike": "N1"}}', $$name NOT ILIKE 'N1'$$),
  ('{"name": {"_similar": "n(1|2)"}}', $$name SIMILAR TO 'n(1|2)'$$), ('{"name": {"_nsimilar": "n(1|2)"}}', $$name NOT SIMILAR TO 'n(1|2)'$$), ('{"name": {"_regex": "[12]$"}}', $$name ~ '[12]$'$$),
  ('{"name": {"_iregex": "N"}}', $$name ~* 'N'$$), ('{"name": {"_nregex": "1"}}', $$name !~ '1'$$), ('{"name": {"_niregex": "N1"}}', $$name !~* 'N1'$$), ('{"name": {"_iregex": "X-Hasura-Name"}}', $$name ~* 'n3'$$),
  ('{"code": "c1"}', $$code = 'c1'$$), ('{"code": {"_like": "c%"}}', 'true'), ('{"code": "longer than five"}', 'false'), ('{"feels": "happy"}', $$feels = 'happy'$$), ('{"feels": {"_gt": "sad"}}', $$feels > 'sad'$$), ('{"feels": {"_in": ["sad", "ok"]}}', $$feels IN ('sad', 'ok')$$),
  ('{"nick": "NICK1"}', $$nick = 'nick1'::citext$$), ('{"nick": {"_like": "NICK%"}}', 'nick IS NOT NULL'), ('{"nick": {"_in": ["NICK1", "nick2"]}}', $$nick IN ('nick1'::citext, 'nick2')$$),
  ('{"path": {"_descendant": "a.b"}}', $$path <@ 'a.b'$$), ('{"path": {"_ancestor": "a.b"}}', $$path @> 'a.b'$$), ('{"path": {"_matches": "*.b.*"}}', $$path ~ '*.b.*'$$), ('{"path": {"_matches_any": ["x", "*.c"]}}', $$path ? '{x,*.c}'::lquery[]$$),
  ('{"path": {"_matches_fulltext": "b & c"}}', $$path @ 'b & c'$$), ('{"path": {"_descendant_any": ["x", "a.b"]}}', $$path <@ '{x,a.b}'::ltree[]$$),
  ('{"tags": {"_contains": ["u"]}}', $$tags @> '{u}'$$), ('{"tags": {"_contained_in": ["t1", "u"]}}', $$tags <@ '{t1,u}'$$), ('{"tags": ["t1", "u"]}', $$tags = '{t1,u}'$$), ('{"tags": {"_contains": "X-Hasura-Names"}}', $$tags @> '{n1,n2}'$$),
  ('{"meta": {"_contains": {"o": "p"}}}', 'meta IS NOT NULL'), ('{"meta": {"_contains": "X-Hasura-Json"}}', 'meta IS NOT NULL'), ('{"meta": {"_has_key": "k1"}}', $$meta ? 'k1'$$), ('{"meta": {"_has_key": "X-Hasura-Key"}}', $$meta ? 'k1'$$),
  ('{"meta": {"_has_keys_any": ["k1", "k9"]}}', $$meta ?| '{k1,k9}'$$), ('{"meta": {"$has_keys_all": "X-Hasura-Keys"}}', $$meta ?& '{k1,k2}'$$), ('{"meta": {"_jsonb_path_exists": "$.k1"}}', $$meta @? '$.k1'$$), ('{"meta": {"_jsonb_path_match": "$.k1 > 5"}}', $$meta @@ '$.k1 > 5'$$),
  ('{"meta": {"_cast": {"String": {"_like": "%k1%"}}}}', $$meta::text LIKE '%k1%'$$), ('{"meta": {"_eq": {"o": "p"}}}', 'false'), ('{"born": {"_lt": "X-Hasura-Date"}}', $$born < '2020-01-09'$$), ('{"born": {"_lt": "today"}}', 'true'), ('{"born": {"_lt": "now()"}}', 'true'),
  ('{"ratio": 1.25}', 'ratio = 1.25'), ('{"fix": "x1"}', $$fix = 'x1'$$), ('{"active": true}', 'active'), ('{"active": "X-Hasura-Yes"}', 'active'), ('{"name": "X-Hasura-Empty"}', $$name = ''$$), ('{"name": {"_ne": "X-Hasura-Empty"}}', $$name <> ''$$),
  ('{"id": {"_ceq": "age"}}', 'id = age'), ('{"id": {"_cgt": ["age"]}}', 'id > age'), ('{"id": {"$clte": ["$", "boss_id"]}}', 'id <= boss_id'), ('{"id": {"_cne": "age"}}', 'id <> age'),
  ('{"boss": {}}', 'boss_id IS NOT NULL'), ('{"_not": {"boss": {}}}', 'boss_id IS NULL'), ('{"boss": {"name": "n1"}}', $$EXISTS (SELECT FROM person b WHERE b.id = p.boss_id AND b.name = 'n1')$$),
  ('{"items": {"kind": {"_eq": "a"}, "price": {"_cgt": ["$", "age"]}}}', $$EXISTS (SELECT FROM item i WHERE i.owner_id = p.id AND i.kind = 'a' AND i.price > p.age)$$),
  ('{"items": {"owner": {"boss": {"id": "X-Hasura-User-Id"}}}}', 'p.boss_id = 3 AND EXISTS (SELECT FROM item i WHERE i.owner_id = p.id)'),
  ('{"items": {"seller_id": {"_ceq": ["$", "id"]}}}', 'EXISTS (SELECT FROM item i WHERE i.owner_id = p.id AND i.seller_id = p.id)'),
  ('{"staff": {"staff": {}}}', 'false'), ('{"_exists": {"_table": {"schema": "filters", "name": "item"}, "_where": {"price": {"_gt": 5}, "owner_id": "X-Hasura-User-Id"}}}', 'EXISTS (SELECT FROM item WHERE price > 5 AND owner_id = 3)'),
  ('{"_exists": {"_table": {"schema": "filters", "name": "item"}, "_where": {"owner_id": {"_ceq": ["$", "id"]}}}}', 'EXISTS (SELECT FROM item i WHERE i.owner_id = p.id)')) AS c(f, s);

-- A variable that is missing is an error that names it, whatever surrounds it; an empty one is a value.
SELECT f AS filter, same(f::jsonb, 'false', '{"x-hasura-role": "user"}') FROM (VALUES ('{"id": "X-Hasura-User-Id"}'), ('{"id": {"_ne": "X-Hasura-User-Id"}}'), ('{"id": {"_nin": "X-Hasura-Ids"}}'), ('{"_not": {"id": "X-Hasura-User-Id"}}'),
  ('{"_or": [{}, {"id": "X-Hasura-User-Id"}]}'), ('{"_or": [{"name": {"_ne": "X-Hasura-Name"}}, {"items": {"owner_id": "X-Hasura-User-Id"}}]}'), ('{"_not": {"boss": {"id": "X-Hasura-User-Id"}}}'), ('{"_not": {"_exists": {"_table": {"schema": "filters", "name": "item"}, "_where": {"owner_id": "X-Hasura-User-Id"}}}}')) AS c(f);
SELECT f AS filter, same(f::jsonb, s, '{"x-hasura-ids": "{}", "x-hasura-null": "{NULL}", "x-hasura-name": ""}') FROM (VALUES ('{"id": {"_in": "X-Hasura-Ids"}}', 'false'), ('{"id": {"_nin": "X-Hasura-Ids"}}', 'true'), ('{"id": {"_nin": "X-Hasura-Null"}}', 'false'),
  ('{"name": {"_ne": "X-Hasura-Name"}}', 'name IS NOT NULL'), ('{"_not": {"name": "X-Hasura-Name"}}', 'name IS NOT NULL')) AS c(f, s);

-- Random expressions, each made together with the SQL that it means.
CREATE FUNCTION pick(list text[]) RETURNS text LANGUAGE sql VOLATILE AS 'SELECT list[1 + floor(random() * cardinality(list))::integer]';
CREATE FUNCTION make(relation text, alias text, depth integer, OUT expression jsonb, OUT sql text) LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  a record;
  b record;
  inside text := alias || 'x';
  kind text := pick(CASE WHEN depth > 0 THEN '{leaf,leaf,and,or,not,relation,relation,exists,both}' ELSE '{leaf}' END::text[]);
  field text;
  operator text;
  value integer := floor(random() * 7);
  variable boolean := random() < 0.3;
BEGIN
  IF kind IN ('and', 'or', 'both') THEN
    SELECT * INTO a FROM make(relation, alias, depth - 1);
    SELECT * INTO b FROM make(relation, alias, depth - 1);
    expression := CASE kind WHEN 'both' THEN a.expression || b.expression ELSE jsonb_build_object(pick('{_,$}') || kind, jsonb_build_array(a.expression, b.expression)) END;
    sql := format(CASE kind WHEN 'or' THEN '(%s OR %s)' ELSE '(%s AND %s)' END, a.sql, b.sql);
    IF kind = 'both' AND a.expression ?| ARRAY(SELECT jsonb_object_keys(b.expression)) THEN  -- one key: the second counts
      expression := b.expression;
      sql := b.sql;
    END IF;
  ELSIF kind = 'not' THEN
    SELECT * INTO a FROM make(relation, alias, depth - 1);
    expression := jsonb_build_object('_not', a.expression);
    sql := format('(NOT %s)', a.sql);
  ELSIF kind = 'relation' THEN
    field := pick(CASE relation WHEN 'person' THEN '{boss,items,staff}' ELSE '{owner}' END::text[]);
    SELECT * INTO a FROM make(CASE field WHEN 'items' THEN 'item' ELSE 'person' END, inside, depth - 1);
    expression := jsonb_build_object(field, a.expression);
    sql := format('EXISTS (SELECT FROM filters.%s AS %s WHERE %s AND %s)', CASE field WHEN 'items' THEN 'item' ELSE 'person' END, inside,
                  format(CASE field WHEN 'boss' THEN '%1$s.id = %2$s.boss_id' WHEN 'staff' THEN '%1$s.boss_id = %2$s.id' WHEN 'items' THEN '%1$s.owner_id = %2$s.id' ELSE '%1$s.id = %2$s.owner_id' END, inside, alias), a.sql);
  ELSIF kind = 'exists' THEN
    field := pick('{person,item}');
    SELECT * INTO a FROM make(field, inside, depth - 1);
    expression := jsonb_build_object('_exists', jsonb_build_object('_table', jsonb_build_object('schema', 'filters', 'name', field), '_where', a.expression));
    sql := format('EXISTS (SELECT FROM filters.%s AS %s WHERE %s)', field, inside, a.sql);
  ELSE
    field := pick(CASE relation WHEN 'person' THEN '{id,age,boss_id,name}' ELSE '{id,owner_id,price,seller_id}' END::text[]);
    IF field = 'name' THEN
      operator := pick('{=,<>,LIKE}');
      expression := jsonb_build_object('name', jsonb_build_object(CASE operator WHEN '=' THEN '_eq' WHEN '<>' THEN '_ne' ELSE '_like' END, CASE WHEN variable THEN 'X-Hasura-Name' ELSE 'n' || value END));
      sql := format('(%s.name %s %L)', alias, operator, CASE WHEN variable THEN 'n3' ELSE 'n' || value END);
    ELSIF random() < 0.2 THEN
      expression := jsonb_build_object(field, jsonb_build_object('_is_null', value % 2 = 0));
      sql := format('(%s.%s IS %s NULL)', alias, field, CASE WHEN value % 2 = 0 THEN '' ELSE 'NOT' END);
    ELSIF random() < 0.2 THEN
      operator := pick('{_in,_nin}');
      expression := jsonb_build_object(field, jsonb_build_object(operator, CASE WHEN variable AND field <> 'price' THEN '"X-Hasura-Ids"' ELSE jsonb_build_array(value, 2) END));
      sql := format('(%s.%s %s IN (%s))', alias, field, CASE operator WHEN '_nin' THEN 'NOT' ELSE '' END, CASE WHEN variable AND field <> 'price' THEN '1, 2, 7' ELSE value || ', 2' END);
    ELSE
      operator := pick('{=,<>,>,<,>=,<=}');
      IF random() < 0.3 THEN
        expression := jsonb_build_object(field, jsonb_build_object(CASE operator WHEN '=' THEN '_ceq' WHEN '<>' THEN '_cne' WHEN '>' THEN '_cgt' WHEN '<' THEN '_clt' WHEN '>=' THEN '_cgte' ELSE '_clte' END,
                                         CASE WHEN value < 4 THEN '["$", "age"]' ELSE '"id"'::jsonb END));
        sql := format('(%s.%s %s %s)', alias, field, operator, CASE WHEN value < 4 THEN 'p.age' ELSE alias || '.id' END);
      ELSE
        expression := jsonb_build_object(field, jsonb_build_object(CASE operator WHEN '=' THEN '_eq' WHEN '<>' THEN '$ne' WHEN '>' THEN '_gt' WHEN '<' THEN '$lt' WHEN '>=' THEN '_gte' ELSE '_lte' END,
                                         CASE WHEN variable THEN '"x-hasura-USER-id"' ELSE to_jsonb(value) END));
        sql := format('(%s.%s %s %s)', alias, field, operator, CASE WHEN variable THEN 3 ELSE value END);
      END IF;
    END IF;
  END IF;
END $$;
SELECT setseed(0.42);
SELECT left(r.result, 4) AS result, count(*), min(CASE WHEN r.result NOT LIKE 'same%' THEN r.result END) AS example
  FROM (SELECT same(m.expression, m.sql) AS result FROM generate_series(1, 250) AS i, LATERAL make('person', 'p', 2 + i % 3) AS m) AS r GROUP BY 1;
SELECT count(*) FROM pg_proc WHERE pronamespace = 'threefactor_policy'::regnamespace;
DROP TABLE item, person CASCADE;
DROP ROLE regress_filtered;
