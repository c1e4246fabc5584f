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
RESET client_min_messages;
SELECT count(*) FROM threefactor.permission_part WHERE role_name LIKE 'regress "q%';
SELECT count(*) FROM pg_proc WHERE pronamespace = 'threefactor_policy'::regnamespace;
