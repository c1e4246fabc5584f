-- Names that clash are refused where they are set, whatever the names are of.
\set VERBOSITY default
\set SHOW_CONTEXT never
CREATE SCHEMA names;
SET search_path = names, public;
CREATE TABLE author (id integer PRIMARY KEY, name text, nick text);
CREATE TABLE article (id integer PRIMARY KEY, author_id integer REFERENCES author, book_id integer);
CREATE FUNCTION search(wanted text) RETURNS SETOF author LANGUAGE sql STABLE AS 'SELECT * FROM author WHERE name = wanted';
CREATE FUNCTION full_name(author) RETURNS text LANGUAGE sql STABLE AS 'SELECT $1.name';
SELECT threefactor.track_table('author', '{"custom_name": "author"}');

-- Of tables, root fields and functions.
SELECT threefactor.track_table('article', '{"custom_name": "author"}');
SELECT threefactor.track_table('article', '{"custom_name": "author_bool_exp"}');
SELECT threefactor.track_table('article', '{"custom_root_fields": {"select": "author_by_pk"}}');
SELECT threefactor.track_table('article', '{"custom_root_fields": {"select": "x", "select_by_pk": "x"}}');
SELECT threefactor.track_table('article', '{"custom_root_fields": {"select": "author_list", "delete": {"name": "author_list"}}}');
SELECT threefactor.set_table_customization('article', '{"custom_root_fields": {"insert": "insert_author_one"}}');
SELECT threefactor.track_function('names', 'search', '{"custom_name": "author_list"}');
SELECT threefactor.track_function('names', 'search', '{"custom_root_fields": {"function_aggregate": "author_aggregate"}}');
SELECT threefactor.track_function('names', 'search');
SELECT threefactor.set_table_customization('article', '{"custom_name": "names_search_args"}');

-- Of what is visible without being tracked, where a gateway says so.
CREATE TABLE plain (id integer PRIMARY KEY);
SELECT threefactor.set_table_customization('article', '{"custom_name": "names_plain"}');
SET threefactor_gateway.schemas = '{names}';
SELECT threefactor.set_table_customization('author', '{"custom_name": "names_plain"}');
RESET threefactor_gateway.schemas;

-- Of columns, relationships and computed fields.
SELECT threefactor.set_table_customization('author', '{"column_config": {"nick": {"custom_name": "name"}}}');
SELECT threefactor.set_table_customization('author', '{"column_config": {"nick": {"custom_name": "name"}, "name": {"custom_name": "nick"}}}');
SELECT threefactor.create_array_relationship('author', 'articles', 'article', '{author_id}');
SELECT threefactor.create_object_relationship('author', 'articles_aggregate', '{id}', 'article', '{id}');
SELECT threefactor.create_array_relationship('article', 'book', 'article', '{book_id}', '{id}');
SELECT threefactor.add_computed_field('author', 'articles_aggregate', 'names', 'full_name');
SELECT threefactor.set_table_customization('author', '{"custom_column_names": {"name": "articles", "nick": "articles_aggregate"}}');
SELECT threefactor.add_computed_field('author', 'full', 'names', 'full_name');
SELECT threefactor.rename_relationship('author', 'articles', 'full');
SELECT threefactor.rename_relationship('article', 'book', 'book_id');
SELECT threefactor.clear_metadata();
DROP SCHEMA names CASCADE;
