-- Permissions of the metadata API are roles, GRANTs and policies of the database.
\set VERBOSITY terse
\set SHOW_CONTEXT never
CREATE SCHEMA shop;
SET search_path = shop, public;
CREATE ROLE regress_keeper IN ROLE threefactor_admin CREATEROLE;
GRANT USAGE, CREATE ON SCHEMA shop TO regress_keeper;
ALTER SCHEMA shop OWNER TO regress_keeper;
SET ROLE regress_keeper;
CREATE TABLE author (id integer PRIMARY KEY, name text, team text, is_public boolean DEFAULT false);
CREATE TABLE article (id serial PRIMARY KEY, author_id integer REFERENCES author, title text, published boolean DEFAULT false, tags text[], meta jsonb, made_by text, rating numeric);
CREATE TABLE member (user_id integer, team text, is_admin boolean DEFAULT false);
SELECT threefactor.create_object_relationship('article', 'author', '{author_id}'), threefactor.create_array_relationship('author', 'articles', 'article', '{author_id}');
SELECT threefactor.create_array_relationship('author', 'members', 'member', '{team}', '{team}');
INSERT INTO author VALUES (1, 'Ann', 'red', true), (2, 'Bob', 'blue', false), (3, 'Cid', NULL, false);
INSERT INTO article (author_id, title, published, tags, meta, rating) VALUES (1, 'a1', true, '{x,y}', '{"k": 1}', 1), (1, 'a2', false, '{y}', '{"j": 1}', 2), (2, 'b1', true, NULL, NULL, NULL), (3, 'c1', false, '{}', '{}', 5);
INSERT INTO member VALUES (1, 'red', true), (2, 'blue', false), (7, 'red', false);
RESET ROLE;

-- What a session is told about itself.
SELECT threefactor.claim('user_id');
SELECT threefactor.claim('user_id', true) IS NULL AS absent;
SET request.jwt.claims = '{"x-hasura-user-id": "7", "x-hasura-empty": "", "x-hasura-null": null, "sub": "s-1", "x-hasura-list": ["a", 1]}';
SELECT threefactor.claim('user_id'), threefactor.claim('x-hasura-user-id'), threefactor.claim('X-Hasura-User-Id'), threefactor.claim('USER_ID'), threefactor.claim('empty') = '' AS empty,
       threefactor.claim('sub'), threefactor.claim('list');
SELECT threefactor.claim('null');
SELECT threefactor.require_claims('user_id', 'sub');
SELECT threefactor.require_claims('user_id', 'none', 'null');
SET request.jwt.claims = 'secret {';
SELECT threefactor.claim('user_id');
SET request.jwt.claims = '["secret"]';
SELECT threefactor.claim('user_id', true);
SET request.jwt.claims = '{"a": "secret\u0000"}';
SELECT threefactor.claim('user_id', true);
SET request.jwt.claims = '';
SET "hasura.user" = '{"x-hasura-user-id": "8"}';
SELECT threefactor.claim('user_id');
RESET "hasura.user";
SELECT proname, provolatile, proparallel FROM pg_proc WHERE proname IN ('claim', 'require_claims') AND pronamespace = 'threefactor'::regnamespace ORDER BY 1;

-- One permission of each operation.
SET ROLE regress_keeper;
SELECT threefactor.create_permission('article', 'regress_user', 'select', '{"columns": ["id", "title", "author_id"], "filter": {"_or": [{"published": true}, {"author_id": "X-Hasura-User-Id"}]}, "limit": 10}', 'own or published');
SELECT threefactor.create_permission('article', 'regress_user', 'insert', '{"columns": ["title", "id"], "check": {"title": {"_ne": ""}}, "set": {"author_id": "x-hasura-user-id", "made_by": "insert"}}');
SELECT threefactor.create_permission('article', 'regress_user', 'update', '{"columns": ["title"], "filter": {"author_id": "X-HASURA-USER-ID"}, "check": {"title": {"_neq": "bad"}}, "set": {"made_by": "update"}}');
SELECT threefactor.create_permission('article', 'regress_user', 'delete', '{"filter": {"author_id": {"$eq": "X-Hasura-User-Id"}, "published": {"_eq": false}}}');
SELECT threefactor.create_permission('author', 'regress_user', 'select', '{"columns": "*", "filter": {"$or": [{"id": "X-Hasura-User-Id"}, {"members": {"user_id": {"_eq": "X-Hasura-User-Id"}, "is_admin": true}}]}}');
RESET ROLE;
SELECT polname, polcmd, polroles::regrole[], pg_get_expr(polqual, polrelid) AS using_text, pg_get_expr(polwithcheck, polrelid) AS check_text, obj_description(oid, 'pg_policy') AS comment
  FROM pg_policy WHERE polrelid IN ('article'::regclass, 'author'::regclass) ORDER BY polrelid, polname \gx
SELECT p.oid::regprocedure AS function, proowner::regrole, prosecdef, proconfig, pg_get_functiondef(oid) FROM pg_proc AS p WHERE pronamespace = 'threefactor_policy'::regnamespace ORDER BY proname \gx
SELECT has_function_privilege('public', oid, 'EXECUTE') AS by_all FROM pg_proc WHERE pronamespace = 'threefactor_policy'::regnamespace GROUP BY 1;
SELECT has_schema_privilege('regress_user', 'threefactor_policy', 'USAGE') AS named;

-- What the role sees, counts and writes.
SET ROLE regress_user;
SET request.jwt.claims = '{"x-hasura-user-id": "1"}';
SELECT id, title FROM article ORDER BY id;
SELECT count(*) FROM article;
SELECT tags FROM article;
SELECT id, name FROM author ORDER BY id;
SELECT count(*) FROM member;
SET request.jwt.claims = '{"x-hasura-user-id": "2"}';
SELECT id, title FROM article ORDER BY id;
SELECT id FROM author ORDER BY id;
SET request.jwt.claims = '{"x-hasura-role": "regress_user"}';
SELECT id FROM article;
SELECT id FROM article WHERE false;
SET request.jwt.claims = '{"x-hasura-user-id": ""}';
SELECT count(*) FROM article WHERE id < 0;
SELECT count(*) FROM article;
SET request.jwt.claims = '{"x-hasura-user-id": "2"}';
INSERT INTO article (title) VALUES ('b2') RETURNING id, title, author_id;
INSERT INTO article (title) VALUES ('');
INSERT INTO article (title, author_id) VALUES ('b3', 1);
UPDATE article SET title = 'b1!' RETURNING id, title;
UPDATE article SET title = 'bad';
UPDATE article SET made_by = 'me';
DELETE FROM article WHERE id < 3 RETURNING id;
-- upsert: filter, preset and check of the update hold on the conflict path
INSERT INTO article (id, title) VALUES (3, 'b1?') ON CONFLICT (id) DO UPDATE SET title = excluded.title RETURNING id, title;
INSERT INTO article (id, title) VALUES (1, 'mine') ON CONFLICT (id) DO UPDATE SET title = excluded.title;
INSERT INTO article (id, title) VALUES (3, 'bad') ON CONFLICT (id) DO UPDATE SET title = excluded.title;
INSERT INTO article (id, title) VALUES (1, 'mine') ON CONFLICT DO NOTHING RETURNING id;
RESET ROLE;
SELECT id, author_id, title, made_by FROM article ORDER BY id;

-- The function of a policy cannot be called, nor can a preset be had by another role.
SET ROLE regress_user;
SELECT threefactor_policy.author_regress_user_select_1('red', 1);
RESET ROLE;
SET ROLE regress_keeper;
INSERT INTO article (id, title) VALUES (50, 'kept') RETURNING author_id, made_by;
DELETE FROM article WHERE id = 50;
RESET ROLE;

-- An index serves a claim; the plan asks for the claims first.
CREATE INDEX ON article (author_id);
SET enable_seqscan = off;
SET ROLE regress_keeper;
SELECT threefactor.create_permission('article', 'regress_indexed', 'select', '{"columns": "*", "filter": {"author_id": "X-Hasura-User-Id"}}');
SET ROLE regress_indexed;
EXPLAIN (COSTS OFF) SELECT * FROM article;
RESET ROLE;
RESET enable_seqscan;

-- A column that is preset is not the role's to give, though the permission lists it.
SET ROLE regress_keeper;
SELECT threefactor.create_permission('author', 'regress_maker', 'insert', '{"columns": "*", "check": {}, "set": {"team": "blue"}}');
SELECT threefactor.create_permission('author', 'regress_maker', 'select', '{"columns": ["id", "team"], "filter": {}}');
RESET ROLE;
SET ROLE regress_maker;
INSERT INTO author (id, name) VALUES (9, 'Eve') RETURNING id, team;
INSERT INTO author (id, team) VALUES (10, 'red');
RESET ROLE;
SET ROLE regress_keeper;
DELETE FROM author WHERE id = 9;
SELECT threefactor.drop_permission('author', 'regress_maker', o) FROM unnest('{insert,select}'::text[]) AS o;
RESET ROLE;

-- What is refused, with its place.
SET ROLE regress_keeper;
CREATE FUNCTION refused(definition jsonb, operation text DEFAULT 'delete', relation regclass DEFAULT 'article') RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  PERFORM threefactor.create_permission(relation, 'regress_refused', operation, definition);
  RETURN 'made';
EXCEPTION WHEN OTHERS THEN
  RETURN SQLSTATE || ' ' || regexp_replace(SQLERRM, '^Inconsistent object: in table "[^"]*": in permission for role "regress_refused": ', '');
END $$;
SELECT refused(d) FROM unnest(ARRAY['{}', '[]', '{"filter": null}', '{"filter": {}, "check": {}}', '{"filter": {"nothing": 1}}', '{"filter": {"author": {"nothing": {"_eq": 1}}}}', '{"filter": {"author": null}}',
  '{"filter": {"id": {"_eq": null}}}', '{"filter": {"id": {"_like": "x"}}}', '{"filter": {"id": {"_equals": 1}}}', '{"filter": {"id": "one"}}', '{"filter": {"id": [1]}}', '{"filter": {"id": {"_in": 1}}}', '{"filter": {"id": {"_in": [1, null]}}}',
  '{"filter": {"id": {"_in": [[1]]}}}', '{"filter": {"meta": {"_contains": {"owner": "X-Hasura-User-Id"}}}}', '{"filter": {"meta": {"_contains": [{"a": {"b": ["x-hasura-user-id"]}}]}}}',
  '{"filter": {"tags": {"_contains": ["a", "X-Hasura-Tag"]}}}', '{"filter": {"id": {"_ceq": "nothing"}}}', '{"filter": {"id": {"_ceq": ["$", "nothing"]}}}', '{"filter": {"id": {"_ceq": 1}}}',
  '{"filter": {"id": {"_is_null": "X-Hasura-Null"}}}', '{"filter": {"_exists": {"_table": "nothing", "_where": {}}}}', '{"filter": {"_exists": {"_where": {}}}}', '{"filter": {"_exists": {"_table": {"schema": "shop", "name": "member"}, "where": {}}}}',
  '{"filter": {"_and": [{}, {"_not": {"_or": [1]}}]}}', '{"filter": {"_and": [{"_or": [{"x": 1}]}]}}', '{"filter": {"id": {"_cast": {"String": {}}}}}', '{"filter": {}, "limit": 1}']::jsonb[]) AS d;
SELECT refused(d, 'select') FROM unnest(ARRAY['{"filter": {}, "limit": -1}', '{"filter": {}, "limit": 1.5}', '{"filter": {}, "limit": "1"}', '{"filter": {}, "columns": ["nothing"]}', '{"filter": {}, "columns": "id"}', '{"filter": {}, "columns": [1]}',
  '{"filter": {}, "computed_fields": ["nothing"]}', '{"filter": {}, "query_root_fields": ["insert"]}', '{"filter": {}, "query_root_fields": ["select_stream"]}', '{"filter": {}, "allow_aggregations": 1}', '{"filter": {}, "set": {}}']::jsonb[]) AS d;
SELECT refused(d, 'insert') FROM unnest(ARRAY['{"filter": {}}', '{"check": {}, "set": {"nothing": "x"}}', '{"check": {}, "set": {"meta": {"by": "X-Hasura-User-Id"}}}', '{"check": {}, "backend_only": "yes"}', '{"check": {}, "validate_input": {}}']::jsonb[]) AS d;
SELECT threefactor.create_permission('article', r, 'delete', '{"filter": {}}') FROM unnest(ARRAY['pg_monitor']) AS r;
SELECT threefactor.create_permission('article', 'postgres', 'delete', '{"filter": {}}');
SELECT threefactor.create_permission('article', 'regress_keeper', 'delete', '{"filter": {}}');
SELECT threefactor.create_permission('article', '', 'delete', '{"filter": {}}');
SELECT threefactor.create_permission('article', 'public', 'delete', '{"filter": {}}');
SELECT threefactor.create_permission('article', 'regress_user', 'truncate', '{"filter": {}}');
RESET ROLE;
SELECT count(*) FROM pg_roles WHERE rolname = 'regress_refused';
SELECT count(*) FROM threefactor.permission_part WHERE role_name = 'regress_refused';

-- Without CREATEROLE the error says what to do.
ALTER ROLE regress_keeper NOCREATEROLE;
SET ROLE regress_keeper;
\set VERBOSITY default
SELECT threefactor.create_permission('article', 'regress "new"', 'delete', '{"filter": {}}');
\set VERBOSITY terse
RESET ROLE;
ALTER ROLE regress_keeper CREATEROLE;

-- Row-level security is not enabled where somebody would lose rows by it.
CREATE ROLE regress_analyst;
CREATE ROLE regress_column_reader;
CREATE ROLE regress_bypass BYPASSRLS;
GRANT SELECT, INSERT ON member TO regress_analyst;
GRANT SELECT (team) ON member TO regress_column_reader;
GRANT SELECT ON member TO regress_bypass;
GRANT USAGE ON SCHEMA shop TO regress_analyst;
SET ROLE regress_keeper;
SELECT * FROM threefactor.roles_losing_rows('member');
\set VERBOSITY default
SELECT threefactor.create_permission('member', 'regress_user', 'select', '{"columns": ["team"], "filter": {}}');
\set VERBOSITY terse
CREATE POLICY "all rows" ON member TO regress_analyst, regress_column_reader USING (true);
ALTER TABLE member ENABLE ROW LEVEL SECURITY;
SELECT threefactor.create_permission('member', 'regress_user', 'select', '{"columns": ["team"], "filter": {"is_admin": true}}');
RESET ROLE;
SET ROLE regress_analyst;
SELECT count(*) FROM member;
SET ROLE regress_user;
SELECT team FROM member;
RESET ROLE;
-- What is dropped is exactly what was made: the policy by hand, row-level security, and a GRANT by hand stay.
GRANT SELECT (user_id) ON member TO regress_user;
SET ROLE regress_keeper;
SELECT threefactor.drop_permission('member', 'regress_user', 'select');
RESET ROLE;
SELECT polname FROM pg_policy WHERE polrelid = 'member'::regclass;
SELECT relrowsecurity FROM pg_class WHERE oid = 'member'::regclass;
SELECT attname, attacl FROM pg_attribute WHERE attrelid = 'member'::regclass AND attnum > 0 ORDER BY attnum;
SET ROLE regress_keeper;
SELECT threefactor.create_permission('member', 'regress_user', 'select', '{"columns": ["team", "user_id"], "filter": {}}');
SELECT threefactor.drop_permission('member', 'regress_user', 'select');
RESET ROLE;
SELECT attname, attacl FROM pg_attribute WHERE attrelid = 'member'::regclass AND attnum > 0 ORDER BY attnum;

-- Names follow. A column that is dropped takes along the permissions that stand on it, so that the role has less.
SET ROLE regress_keeper;
ALTER TABLE author RENAME TO writer;
ALTER TABLE writer RENAME COLUMN team TO crew;
ALTER TABLE member RENAME COLUMN is_admin TO leads;
ALTER TABLE article RENAME COLUMN made_by TO maker;
ALTER TABLE article RENAME COLUMN title TO headline;
RESET ROLE;
SET ROLE regress_user;
SET request.jwt.claims = '{"x-hasura-user-id": "1"}';
SELECT id, name FROM writer ORDER BY id;
INSERT INTO article (headline) VALUES ('a3') RETURNING author_id;
RESET ROLE;
SELECT maker FROM article WHERE headline = 'a3';
SELECT role_name, operation, definition FROM threefactor.permission WHERE relation = 'article'::regclass AND role_name = 'regress_user' ORDER BY 1, 2;
SET ROLE regress_keeper;
ALTER TABLE member DROP COLUMN leads;
RESET ROLE;
SET ROLE regress_user;
SELECT id, name FROM writer ORDER BY id;
RESET ROLE;
SELECT count(*) FROM threefactor.permission WHERE relation = 'writer'::regclass;
SELECT kind, name FROM threefactor.permission_part WHERE relation = 'writer'::regclass ORDER BY 1, 2;

-- Around a new type of a column the policies are made again; where they cannot be, the type stays.
SET ROLE regress_keeper;
SELECT threefactor.create_permission('article', 'regress_typed', 'select', '{"columns": ["id"], "filter": {"rating": 5, "author": {"id": "X-Hasura-User-Id"}}}');
ALTER TABLE article ALTER COLUMN rating TYPE bigint, ALTER COLUMN author_id TYPE bigint;
ALTER TABLE writer ALTER COLUMN id TYPE bigint;
ALTER TABLE article ALTER COLUMN rating TYPE date USING NULL;
BEGIN;
ALTER TABLE article DROP COLUMN rating, DROP COLUMN nothing;
ROLLBACK;
RESET ROLE;
SELECT pg_get_expr(polqual, polrelid) FROM pg_policy WHERE polname = 'threefactor regress_typed select';
SELECT p.oid::regprocedure FROM pg_proc AS p WHERE pronamespace = 'threefactor_policy'::regnamespace AND proname LIKE '%typed%';
SET ROLE regress_typed;
SET request.jwt.claims = '{"x-hasura-user-id": "3"}';
SELECT id FROM article;
RESET ROLE;
-- Nobody else's statement touches them.
SET ROLE regress_analyst;
ALTER TABLE shop.article DROP COLUMN rating;
RESET ROLE;
SELECT count(*) FROM pg_policy WHERE polname = 'threefactor regress_typed select';
SET ROLE regress_keeper;
ALTER TABLE article DROP COLUMN rating;
RESET ROLE;
SELECT count(*) FROM pg_policy WHERE polname = 'threefactor regress_typed select';
SELECT count(*) FROM pg_proc AS p WHERE pronamespace = 'threefactor_policy'::regnamespace AND proname LIKE '%typed%';

-- A table that a condition looks at is dropped: the permission goes as a whole, and its author is told.
SET ROLE regress_keeper;
CREATE TABLE looked_at (id integer);
CREATE TABLE looking (id integer);
SELECT threefactor.create_permission('looking', 'regress_user', 'select', '{"columns": "*", "filter": {"_exists": {"_table": {"schema": "shop", "name": "looked_at"}, "_where": {}}}}');
SELECT threefactor.create_permission('looking', 'regress_user', 'delete', '{"filter": {}}');
DROP TABLE looked_at;
RESET ROLE;
SELECT operation FROM threefactor.permission WHERE relation = 'looking'::regclass;
SELECT has_table_privilege('regress_user', 'looking', 'SELECT') AS reads, has_table_privilege('regress_user', 'looking', 'DELETE') AS deletes;
DROP TABLE looking;

-- All goes with the last permission.
SET ROLE regress_keeper;
SELECT threefactor.drop_permission('article', 'regress_user', o) FROM unnest('{insert,select}'::text[]) AS o;
RESET ROLE;
SELECT kind, name, operation FROM threefactor.permission_part WHERE relation = 'article'::regclass AND role_name = 'regress_user' ORDER BY 1, 2, 3;
SELECT threefactor.drop_permission('article', role_name, operation) FROM threefactor.permission WHERE relation = 'article'::regclass;
SELECT * FROM threefactor.permission_part WHERE relation = 'article'::regclass;
SELECT relrowsecurity, relacl FROM pg_class WHERE oid = 'article'::regclass;
SELECT attname, attacl FROM pg_attribute WHERE attrelid = 'article'::regclass AND attacl <> '{}';
SELECT count(*) FROM pg_policy WHERE polrelid = 'article'::regclass;
SELECT tgname FROM pg_trigger WHERE tgrelid = 'article'::regclass AND NOT tgisinternal;
SELECT proname FROM pg_proc WHERE pronamespace = 'threefactor_policy'::regnamespace;
SELECT has_sequence_privilege('regress_user', 'article_id_seq', 'USAGE') AS sequence, has_schema_privilege('regress_user', 'shop', 'USAGE') AS schema;
RESET search_path;
DROP SCHEMA shop CASCADE;
