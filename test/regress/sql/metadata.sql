-- What the GraphQL API is told: tracked tables, names, relationships, enum tables, functions, permissions.
\set VERBOSITY terse
CREATE SCHEMA metadata;
SET search_path = metadata, public;
CREATE TABLE color (value text PRIMARY KEY, comment text);
INSERT INTO color VALUES ('red', 'Red'), ('blue', NULL);
CREATE TABLE author (id serial PRIMARY KEY, name text, color text REFERENCES color);
CREATE TABLE article (id serial PRIMARY KEY, author_id integer REFERENCES author);
CREATE FUNCTION search(wanted text) RETURNS SETOF author LANGUAGE sql STABLE AS 'SELECT * FROM author WHERE name = wanted';
CREATE FUNCTION full_name(author) RETURNS text LANGUAGE sql STABLE AS 'SELECT $1.name';
CREATE FUNCTION number() RETURNS integer LANGUAGE sql STABLE AS 'SELECT 1';

-- Tables: the first track succeeds, a second does not; untracked is hidden.
SELECT threefactor.track_table('author', '{"custom_name": "Author"}');
SELECT threefactor.track_table('author');
SELECT threefactor.untrack_table('article');
SELECT threefactor.untrack_table('article');
SELECT threefactor.track_table('article');
SELECT threefactor.set_table_is_enum('author', true);
SELECT threefactor.set_table_is_enum('color', true);

-- Relationships over either foreign key or named columns.
SELECT threefactor.create_object_relationship('article', 'author', '{author_id}');
SELECT threefactor.create_object_relationship('article', 'author', '{author_id}');
SELECT threefactor.create_object_relationship('article', 'writer', '{id}');
SELECT threefactor.create_object_relationship('article', 'id', '{author_id}');
SELECT threefactor.create_array_relationship('author', 'articles', 'article', '{author_id}');
SELECT threefactor.create_array_relationship('author', 'same', 'article', '{id}', '{id}');
SELECT threefactor.create_array_relationship('author', 'none', 'article', '{nothing}');
SELECT threefactor.rename_relationship('author', 'same', 'others');
SELECT threefactor.drop_relationship('author', 'same');
SELECT relation, name, is_array, target, columns, target_columns, source FROM threefactor.relationship ORDER BY 1, 2;
SELECT threefactor.untrack_table('article');

-- They survive renaming.
ALTER TABLE article RENAME COLUMN author_id TO writer_id;
ALTER TABLE article RENAME TO paper;
SELECT threefactor.metadata() -> 'relationships' -> 0 ->> 'name' AS name, json_array_length(threefactor.metadata() -> 'relationships');
DROP TABLE paper;
SELECT json_array_length(threefactor.metadata() -> 'relationships');

-- Functions.
SELECT threefactor.track_function('metadata', 'search');
SELECT threefactor.track_function('metadata', 'search');
SELECT threefactor.track_function('metadata', 'number');
SELECT threefactor.track_function('metadata', 'nothing');
SELECT threefactor.add_computed_field('author', 'full_name', 'metadata', 'full_name');
SELECT threefactor.add_computed_field('author', 'found', 'metadata', 'search');
SELECT threefactor.add_computed_field('author', 'name', 'metadata', 'full_name');
SELECT threefactor.add_computed_field('author', 'number', 'metadata', 'number');

-- Permissions are checked and stored.
SELECT threefactor.create_permission('author', 'user', 'select', '{"columns": ["id"], "computed_fields": ["full_name"], "filter": {}}');
SELECT threefactor.create_permission('author', 'user', 'select', '{}');
SELECT threefactor.create_permission('author', 'admin', 'select', '{}');
SELECT threefactor.create_permission('author', 'user', 'insert', '{"columns": ["nothing"]}');
SELECT threefactor.drop_computed_field('author', 'full_name');
SELECT threefactor.drop_permission('author', 'user', 'select');
SELECT threefactor.drop_permission('author', 'user', 'select');

SELECT t.value -> 'configuration' AS configuration FROM json_array_elements(threefactor.metadata() -> 'tables') AS t;
SELECT t.value -> 'values' AS values FROM json_array_elements(threefactor.metadata() -> 'tables') AS t
 WHERE t.value ->> 'values' IS NOT NULL;
SELECT threefactor.clear_metadata();
SELECT json_array_length(threefactor.metadata() -> 'tables') AS tables, json_array_length(threefactor.metadata() -> 'functions') AS functions;
DROP SCHEMA metadata CASCADE;
