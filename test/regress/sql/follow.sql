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
