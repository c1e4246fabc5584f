-- Whose code runs when permissions are made, and what stays when the extension goes.
\set VERBOSITY terse
\set SHOW_CONTEXT never
CREATE SCHEMA bait;
CREATE ROLE regress_fox IN ROLE threefactor_admin CREATEROLE;
ALTER SCHEMA bait OWNER TO regress_fox;
SET ROLE regress_fox;
SET search_path = bait, public;
CREATE TABLE ran (by text, of text);
-- What a domain, an operator, a cast or a function of the caller's does when a permission is made, or a policy evaluated, is run as its owner, never as the extension.
CREATE FUNCTION note(of text) RETURNS boolean LANGUAGE plpgsql SECURITY INVOKER AS $$ BEGIN INSERT INTO bait.ran VALUES (current_user, of); RETURN true; EXCEPTION WHEN OTHERS THEN RETURN true; END $$;
CREATE DOMAIN trap AS text CHECK (bait.note('domain'));
CREATE TYPE pair AS (a trap, b integer);
CREATE FUNCTION eq(text, text) RETURNS boolean LANGUAGE sql AS $$ SELECT bait.note('operator') $$;
CREATE OPERATOR bait.= (FUNCTION = eq, LEFTARG = text, RIGHTARG = text);
CREATE FUNCTION claim(name text) RETURNS text LANGUAGE sql AS $$ SELECT bait.note('claim')::text $$;
CREATE TABLE "of ""bait""" (id integer PRIMARY KEY, word text, held trap, both_of pair, "co""l" text);
INSERT INTO "of ""bait""" (id, word, "co""l") VALUES (1, 'w', 'x''; DROP TABLE bait.ran; --'), (2, 'v', 'y');
TRUNCATE ran;
SELECT threefactor.create_permission('"of ""bait"""', 'regress "q"', 'select', '{"columns": ["id", "co\"l"], "filter": {"word": "w", "co\"l": {"_eq": "x''; DROP TABLE bait.ran; --"}}}');
SELECT threefactor.create_permission('"of ""bait"""', 'regress "q"', 'insert', '{"columns": ["id"], "check": {"both_of": "(x,1)"}, "set": {"held": "X-Hasura-''Held", "word": "''; DROP TABLE bait.ran; --"}}');
RESET ROLE;  -- a superuser does it for her
SELECT threefactor.create_permission('"of ""bait"""', 'regress "q"', 'update', '{"columns": ["id"], "filter": {"both_of": "(x,1)"}, "check": {"held": "y"}}');
SET ROLE regress_fox;
SELECT threefactor.create_permission('"of ""bait"""', 'regress "q"', 'delete', '{"filter": {"held": "X-Hasura-''; DROP TABLE bait.ran; --"}}');
RESET ROLE;
SELECT by, of FROM bait.ran GROUP BY 1, 2;
SET ROLE "regress ""q""";
SET search_path = bait, pg_catalog;
SELECT id FROM "of ""bait""";
DELETE FROM "of ""bait""" WHERE id = 1;
RESET ROLE;
RESET search_path;
SELECT by, of FROM bait.ran GROUP BY 1, 2;
SELECT polname, pg_get_expr(polqual, polrelid) AS using_text FROM pg_policy WHERE polrelid = 'bait."of ""bait"""'::regclass ORDER BY 1;
-- A role does not choose what it may not: what belongs to others is not its to give, and the extension's own tables have no permissions.
SET ROLE regress_fox;
SELECT threefactor.create_permission('threefactor.permission', 'regress_q', 'select', '{"columns": "*", "filter": {}}');
SELECT threefactor.create_permission('pg_catalog.pg_authid', 'regress_q', 'select', '{"columns": "*", "filter": {}}');
SELECT threefactor.create_permission('bait."of ""bait"""', 'regress_q', 'delete', '{"filter": {"_exists": {"_table": {"schema": "pg_catalog", "name": "pg_authid"}, "_where": {"rolpassword": {"_like": "S%"}}}}}');
SELECT threefactor_private.run_as(10, 'SELECT 1');
RESET ROLE;
RESET search_path;

-- Who owns a table that a condition of somebody else's looks at runs nothing with the rights of a superuser, nor by a new type of a column with those of anybody.
CREATE ROLE regress_hare IN ROLE threefactor_admin;
CREATE ROLE regress_sheep;
GRANT CREATE, USAGE ON SCHEMA bait TO regress_hare;
GRANT USAGE ON SCHEMA bait TO regress_sheep;
CREATE TABLE bait.of_superuser (id integer);
SET ROLE regress_fox;
CREATE TABLE bait.looked_at (id integer PRIMARY KEY, word text);
GRANT SELECT, REFERENCES ON bait.looked_at TO regress_hare;
GRANT INSERT ON bait.ran TO regress_hare;
RESET ROLE;
SELECT threefactor.create_permission('bait.of_superuser', 'regress_sheep', 'select', '{"columns": ["id"], "filter": {"_exists": {"_table": {"schema": "bait", "name": "looked_at"}, "_where": {"word": "(x,1)"}}}}');
SET ROLE regress_hare;
CREATE TABLE bait.of_hare (id integer, other integer REFERENCES bait.looked_at);
SELECT threefactor.create_permission('bait.of_hare', 'regress_sheep', 'select', '{"columns": ["id"], "filter": {"_exists": {"_table": {"schema": "bait", "name": "looked_at"}, "_where": {"word": "(x,1)"}}}}');
SET ROLE regress_fox;
TRUNCATE bait.ran;
ALTER TABLE bait.looked_at ALTER word TYPE bait.pair USING NULL;
ALTER TABLE bait.looked_at ALTER word TYPE bait.trap[] USING NULL;
ALTER TABLE bait.looked_at ALTER word TYPE bait.trap USING NULL;  -- the condition is of text still
SELECT by, of FROM bait.ran WHERE by <> 'regress_fox';

-- Nor does a trigger in the place of that of a preset, with a function of the name of somebody else's, change that function.
SET ROLE regress_hare;
SELECT threefactor.create_permission('bait.of_hare', 'regress_sheep', 'insert', '{"columns": [], "check": {}, "set": {"id": 7}}');
SET ROLE regress_fox;
CREATE TABLE bait.forger (id integer, word text);
SELECT threefactor.create_permission('bait.forger', 'regress_sheep', 'insert', '{"columns": ["word"], "check": {}, "set": {"id": 666}}');
DROP TRIGGER "00_threefactor_set_regress_sheep_insert" ON bait.forger;
CREATE FUNCTION bait.of_hare_regress_sheep_insert_1() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER "00_threefactor_set_regress_sheep_insert" BEFORE INSERT ON bait.forger FOR EACH ROW EXECUTE FUNCTION bait.of_hare_regress_sheep_insert_1();
ALTER TABLE bait.forger RENAME word TO other_word;
SELECT p.proname, p.prosrc ~ '666' AS forged FROM pg_trigger AS t JOIN pg_proc AS p ON p.oid = t.tgfoid WHERE t.tgrelid = 'bait.of_hare'::regclass AND NOT t.tgisinternal;

-- Nor does untracking it take along a relationship of somebody else's, with which the permissions that ask by it would go.
SET ROLE regress_hare;
SELECT threefactor.create_object_relationship('bait.of_hare', 'other_row', '{other}');
SET ROLE regress_fox;
SELECT threefactor.untrack_table('bait.looked_at', true);
SET ROLE regress_hare;
SELECT threefactor.drop_relationship('bait.of_hare', 'other_row');

-- A permission on a function takes back its own GRANT, not that of an overload of somebody else's.
SET ROLE regress_fox;
CREATE FUNCTION bait.shared_name(a integer) RETURNS SETOF bait.looked_at LANGUAGE sql STABLE AS 'SELECT * FROM bait.looked_at';
SELECT threefactor.track_function('bait', 'shared_name');
SELECT threefactor.create_function_permission('bait', 'shared_name', 'regress_sheep');
SET ROLE regress_hare;
CREATE FUNCTION bait.shared_name(a text) RETURNS text LANGUAGE sql AS 'SELECT a';
REVOKE ALL ON FUNCTION bait.shared_name(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION bait.shared_name(text) TO regress_sheep;
SET ROLE regress_fox;
DROP FUNCTION bait.shared_name(integer);
RESET ROLE;
SELECT has_function_privilege('regress_sheep', 'bait.shared_name(text)', 'EXECUTE');

-- Without the extension the tables stay closed. (Undone.)
BEGIN;
SET LOCAL client_min_messages = error;
DROP EXTENSION threefactor CASCADE;
SELECT relrowsecurity FROM pg_class WHERE oid = 'bait."of ""bait"""'::regclass;
SET LOCAL ROLE "regress ""q""";
DELETE FROM bait."of ""bait""" WHERE id > 0;
ROLLBACK;
SELECT count(*) FROM bait."of ""bait""";
SET client_min_messages = error;
DROP SCHEMA bait CASCADE;
DROP ROLE regress_hare, regress_sheep;
RESET client_min_messages;
SELECT count(*) FROM threefactor.permission_part WHERE role_name LIKE 'regress "q%';
SELECT count(*) FROM pg_proc WHERE pronamespace = 'threefactor_policy'::regnamespace;
