-- Metadata and what it names: dependencies among metadata, and DDL that it follows.
\set VERBOSITY terse
CREATE SCHEMA follow;
SET search_path = follow, public;
CREATE TABLE author (id integer PRIMARY KEY, name text);
CREATE TABLE article (id integer PRIMARY KEY, author_id integer REFERENCES author, title text);

-- A relationship that permissions use, also those of other tables, goes with them or not at all.
SELECT threefactor.create_object_relationship('article', 'author', '{author_id}');
SELECT threefactor.create_array_relationship('author', 'articles', 'article', '{author_id}');
SELECT threefactor.create_permission('article', 'user', 'select', '{"columns": ["id"], "filter": {"_and": [{"author": {"name": {"_eq": "X-Hasura-User-Id"}}}]}}');
SELECT threefactor.create_permission('author', 'user', 'delete', '{"filter": {"articles": {"author": {"id": {"_gt": 1}}}}}');
SELECT threefactor.create_permission('author', 'other', 'delete', '{"filter": {"_exists": {"_table": {"schema": "follow", "name": "article"}, "_where": {"author": {}}}}}');
SELECT threefactor.create_permission('author', 'third', 'delete', '{"filter": {"id": {"_gt": 1}}}');
SELECT threefactor.drop_relationship('article', 'author');
SELECT threefactor.rename_relationship('article', 'author', 'writer');
SELECT relation, role_name, operation, definition FROM threefactor.permission WHERE relation IN ('author'::regclass, 'article'::regclass) ORDER BY 1, 2, 3;
SELECT threefactor.drop_relationship('article', 'writer');
SELECT threefactor.drop_relationship('article', 'writer', true);
SELECT relation, role_name, operation FROM threefactor.permission WHERE relation IN ('author'::regclass, 'article'::regclass) ORDER BY 1, 2, 3;
SELECT threefactor.drop_relationship('article', 'writer', true);

-- Each key of a configuration is applied or refused.
SELECT threefactor.track_table('author', c::jsonb) FROM unnest(ARRAY['{"x": 1}']) AS c;
DO $$
DECLARE
  given text;
BEGIN
  FOREACH given IN ARRAY ARRAY['[]', '{"customName": "a"}', '{"custom_name": 1}', '{"custom_name": "1a"}', '{"comment": []}', '{"custom_root_fields": []}',
      '{"custom_root_fields": {"selects": "a"}}', '{"custom_root_fields": {"select": 1}}', '{"custom_root_fields": {"select": {"nam": "a"}}}',
      '{"custom_root_fields": {"select_stream": "a"}}', '{"custom_root_fields": {"select": "a b"}}', '{"custom_root_fields": {"select": {"comment": 1}}}', '{"column_config": []}',
      '{"column_config": {"id": "a"}}', '{"column_config": {"id": {"name": "a"}}}', '{"column_config": {"id": {"custom_name": "ä"}}}',
      '{"custom_column_names": {"id": {}}}'] LOOP
    BEGIN
      PERFORM threefactor.set_table_customization('author', given::jsonb);
      RAISE WARNING 'taken: %', given;
    EXCEPTION WHEN OTHERS THEN RAISE NOTICE '% %: %', SQLSTATE, given, SQLERRM;
    END;
  END LOOP;
  FOREACH given IN ARRAY ARRAY['{"x": 1}', '{"exposed_as": "subscription"}', '{"custom_root_fields": {"select": "a"}}', '{"custom_root_fields": {"function": {}}}'] LOOP
    BEGIN
      PERFORM threefactor.track_function('follow', 'none', given::jsonb);
    EXCEPTION WHEN OTHERS THEN RAISE NOTICE '% %: %', SQLSTATE, given, SQLERRM;
    END;
  END LOOP;
END $$;
SELECT threefactor.set_table_customization('author', '{"custom_name": null, "custom_root_fields": null, "column_config": {"id": null}, "custom_column_names": null, "comment": ""}');
SELECT threefactor.schedule('follow_cron', 'https://example.com/', '@daily', include_in_metadata => false);
SELECT include_in_metadata FROM threefactor.schedules WHERE name = 'follow_cron';
SELECT threefactor.alter_schedule('follow_cron', comment => 'x');
SELECT include_in_metadata FROM threefactor.schedules WHERE name = 'follow_cron';
SELECT threefactor.drop_event_trigger('follow_cron');

-- A function that is dropped is tracked no longer: one made by its name later is not served, and no role has it.
CREATE FUNCTION found(wanted text) RETURNS SETOF author LANGUAGE sql STABLE AS 'SELECT * FROM author WHERE name = wanted';
CREATE FUNCTION label(author) RETURNS text LANGUAGE sql STABLE AS 'SELECT $1.name';
CREATE VIEW said AS
  SELECT 'function' AS kind, function_schema AS schema, function_name AS name, NULL AS field FROM threefactor.tracked_function
  UNION ALL SELECT 'permission', function_schema, function_name, role_name FROM threefactor.function_permission
  UNION ALL SELECT 'computed field', function_schema, function_name, name FROM threefactor.computed_field
  UNION ALL SELECT 'permission', relation::text, operation, definition::text FROM threefactor.permission
  UNION ALL SELECT 'relationship', relation::text, name, target::text FROM threefactor.relationship
  UNION ALL SELECT 'table', relation::text, configuration::text, NULL FROM threefactor.tracked_table;
SELECT threefactor.clear_metadata();
SELECT threefactor.track_function('follow', 'found'), threefactor.create_function_permission('follow', 'found', 'user'),
  threefactor.add_computed_field('author', 'label', 'follow', 'label'),
  threefactor.create_permission('author', 'user', 'select', '{"columns": ["id"], "computed_fields": ["label"], "filter": {}}');
CREATE OR REPLACE FUNCTION found(wanted text) RETURNS SETOF author LANGUAGE sql STABLE AS 'SELECT * FROM author';
BEGIN;
DROP FUNCTION found;
ROLLBACK;
SELECT * FROM said ORDER BY said;
DROP FUNCTION found;
DROP FUNCTION label;
CREATE FUNCTION found(wanted text) RETURNS SETOF author LANGUAGE sql STABLE AS 'SELECT * FROM author WHERE name = wanted';
CREATE FUNCTION label(author) RETURNS text LANGUAGE sql STABLE AS 'SELECT $1.name';
SELECT * FROM said ORDER BY said;
SELECT threefactor.metadata() -> 'functions' AS functions, threefactor.metadata() -> 'computed_fields' AS computed_fields;

-- Also inside of a block, with a type or schema, and when many go at once.
SELECT threefactor.track_function('follow', 'found');
DO $$ BEGIN EXECUTE 'DROP FUNCTION follow.found; CREATE FUNCTION follow.found() RETURNS SETOF follow.author LANGUAGE sql STABLE AS ''SELECT * FROM follow.author'''; END $$;
SELECT * FROM said ORDER BY said;
SET client_min_messages = warning;
CREATE SCHEMA many;
CREATE TABLE many.t (id integer);
DO $$ BEGIN
  FOR n IN 1..100 LOOP
    EXECUTE format('CREATE FUNCTION many.f%s() RETURNS SETOF many.t LANGUAGE sql STABLE AS ''SELECT * FROM many.t''', n);
    PERFORM threefactor.track_function('many', 'f' || n);
  END LOOP;
END $$;
SELECT count(*) FROM said;
DROP SCHEMA many CASCADE;
SELECT count(*) FROM said;
RESET client_min_messages;

-- A new name is followed: of the function, of its schema, and when it moves to another; of overloads that of the one that was tracked.
SELECT threefactor.track_function('follow', 'found', '{"custom_name": "found_authors"}'), threefactor.create_function_permission('follow', 'found', 'user'),
  threefactor.add_computed_field('author', 'label', 'follow', 'label');
ALTER FUNCTION found RENAME TO search;
ALTER FUNCTION label RENAME TO named;
SELECT * FROM said ORDER BY said;
CREATE SCHEMA moved;
ALTER FUNCTION search SET SCHEMA moved;
ALTER SCHEMA moved RENAME TO "it's moved";
SELECT * FROM said ORDER BY said;
SELECT threefactor.metadata() #>> '{functions,0,configuration,custom_name}' AS served;
CREATE FUNCTION "it's moved".search(integer) RETURNS SETOF author LANGUAGE sql STABLE AS 'SELECT * FROM follow.author';
DROP FUNCTION "it's moved".search(integer);
SELECT count(*) FROM threefactor.tracked_function;
CREATE FUNCTION "it's moved".search(integer) RETURNS SETOF author LANGUAGE sql STABLE AS 'SELECT * FROM follow.author';
ALTER FUNCTION "it's moved".search() RENAME TO found;
SELECT * FROM said ORDER BY said;
CREATE FUNCTION "it's moved".found(integer) RETURNS SETOF author LANGUAGE sql STABLE AS 'SELECT * FROM follow.author';
DROP FUNCTION "it's moved".found();
SELECT count(*) FROM threefactor.tracked_function;
-- Also after a restore, which knows no OIDs.
SELECT threefactor.track_function('it''s moved', 'found');
UPDATE threefactor.tracked_function SET function_oid = 1;
CREATE FUNCTION "it's moved".found(text) RETURNS SETOF author LANGUAGE sql STABLE AS 'SELECT * FROM follow.author';
DROP FUNCTION "it's moved".found(integer);
SELECT count(*) FROM threefactor.tracked_function;
CREATE FUNCTION named(article) RETURNS text LANGUAGE sql STABLE AS 'SELECT $1.title';
DROP FUNCTION named(article);

-- What changes what is served is said.
ALTER FUNCTION named VOLATILE;
CREATE OR REPLACE FUNCTION named(author) RETURNS text LANGUAGE sql VOLATILE AS 'SELECT $1.name';
CREATE OR REPLACE FUNCTION named(author) RETURNS text LANGUAGE sql STABLE AS 'SELECT $1.name';
SELECT threefactor.track_function('it''s moved', 'found');
CREATE OR REPLACE FUNCTION "it's moved".found(text) RETURNS SETOF author LANGUAGE sql VOLATILE AS 'SELECT * FROM follow.author';

-- A column keeps its custom name, and what permissions say of it; the new name may not go to another one.
SELECT threefactor.clear_metadata();
SELECT threefactor.set_table_customization('author', '{"column_config": {"name": {"custom_name": "fullName", "comment": "x"}, "id": {"custom_name": "key"}}}'),
  threefactor.set_table_customization('article', '{"custom_column_names": {"title": "heading"}}'),
  threefactor.create_object_relationship('article', 'author', '{author_id}'),
  threefactor.create_array_relationship('author', 'articles', 'article', '{author_id}'),
  threefactor.create_permission('author', 'user', 'update', '{"columns": ["id", "name"], "set": {"name": "X-Hasura-Name"}, "filter": {"_or": [{"name": {"_eq": "name"}}, {"articles": {"author": {"_not": {"name": {"_is_null": true}}}}}]}}'),
  threefactor.create_permission('article', 'user', 'select', '{"columns": "*", "filter": {"author": {"name": {"_eq": "x"}}}}'),
  threefactor.create_permission('article', 'other', 'select', '{"columns": ["title"], "filter": {"title": {"_eq": "x"}}}');
ALTER TABLE author RENAME name TO title;
ALTER TABLE article RENAME COLUMN author_id TO written_by;
SELECT * FROM said ORDER BY said;
BEGIN;
ALTER TABLE article RENAME title TO heading;
SAVEPOINT a;
ALTER TABLE article RENAME heading TO caption;
ROLLBACK TO a;
SELECT * FROM said WHERE schema LIKE '%article' ORDER BY said;
ROLLBACK;
SELECT * FROM said WHERE schema LIKE '%article' ORDER BY said;

-- Children and views, too.
CREATE TABLE base (a integer);
CREATE TABLE child () INHERITS (base);
CREATE VIEW seen AS SELECT a FROM base;
SELECT threefactor.set_table_customization(t, '{"column_config": {"a": {"custom_name": "b"}}}') FROM unnest('{base,child,seen}'::regclass[]) AS t;
ALTER TABLE base RENAME a TO c;
ALTER VIEW seen RENAME COLUMN a TO d;
SELECT relation, configuration FROM threefactor.tracked_table WHERE relation IN ('base'::regclass, 'child'::regclass, 'seen'::regclass) ORDER BY 1;

-- A column or table that is dropped takes along what stands on it: another one by its name gets nothing of that.
ALTER TABLE author DROP title;
SELECT * FROM said ORDER BY said;
ALTER TABLE article DROP written_by;
DROP VIEW seen;
DROP TABLE base CASCADE;
SELECT * FROM said ORDER BY said;
DROP TABLE article;
SELECT * FROM said ORDER BY said;

-- Who runs the statement needs no right in the extension.
CREATE ROLE follow_author;
GRANT ALL ON SCHEMA follow TO follow_author;
CREATE TABLE own (id integer, a integer);
ALTER TABLE own OWNER TO follow_author;
SELECT threefactor.set_table_customization('own', '{"column_config": {"a": {"custom_name": "b"}}}');
SET ROLE follow_author;
ALTER TABLE own RENAME a TO c;
SELECT threefactor_private.follow_names('[]');
RESET ROLE;
SELECT configuration FROM threefactor.tracked_table WHERE relation = 'own'::regclass;

-- What a dump brings back of what is gone, since the library was not there when it went: nothing.
INSERT INTO threefactor.tracked_table VALUES (4000000000, true);
INSERT INTO threefactor.permission VALUES (4000000000, 'user', 'select', '{}');
SELECT extcondition[array_position(extconfig, 'threefactor.permission'::regclass::oid)] AS dumped FROM pg_extension WHERE extname = 'threefactor' \gset
SELECT count(*) FILTER (WHERE relation = 4000000000::oid) FROM threefactor.permission :dumped;
DELETE FROM threefactor.tracked_table WHERE relation = 4000000000::oid;
DELETE FROM threefactor.permission WHERE relation = 4000000000::oid;

SET client_min_messages = warning;
SELECT threefactor.clear_metadata();
DROP SCHEMA follow CASCADE;
DROP SCHEMA "it's moved" CASCADE;
SELECT count(*) FROM threefactor.tracked_table;
DROP ROLE follow_author;
