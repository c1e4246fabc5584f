-- Whose rights count: a writer needs none; an administrator must own the table; others see no data.
\set SHOW_CONTEXT never
-- Everything in the schemas, and who may use it: what is new shows here. In threefactor an administrator may call every function but these.
\pset format unaligned
SELECT p.oid::regprocedure AS function FROM pg_proc AS p
 WHERE pronamespace = 'threefactor'::regnamespace AND NOT has_function_privilege('threefactor_admin', p.oid, 'EXECUTE') ORDER BY p.oid::regprocedure::text COLLATE "C";
SELECT p.oid::regprocedure AS function, string_agg(role, ' ' ORDER BY role) AS callers
  FROM pg_proc AS p, unnest('{threefactor_admin,threefactor_gateway,threefactor_monitor,threefactor_handler,public}'::text[]) AS role
 WHERE pronamespace IN ('threefactor'::regnamespace, 'threefactor_private'::regnamespace) AND has_function_privilege(role, p.oid, 'EXECUTE') GROUP BY p.oid ORDER BY p.oid::regprocedure::text COLLATE "C";
SELECT c.oid::regclass AS relation, (SELECT string_agg(privilege, ' ') FROM unnest('{SELECT,INSERT,UPDATE,DELETE,TRUNCATE}'::text[]) AS privilege
                                      WHERE has_table_privilege('threefactor_admin', c.oid, privilege)) AS admin,
       has_table_privilege('threefactor_monitor', c.oid, 'SELECT') AS monitor, has_table_privilege('threefactor_gateway', c.oid, 'SELECT') AS gateway,
       bool_or(has_table_privilege(role, c.oid, CASE role WHEN 'public' THEN 'SELECT,' ELSE '' END || 'INSERT,UPDATE,DELETE,TRUNCATE,REFERENCES,TRIGGER')) AS others
  FROM pg_class AS c, unnest('{threefactor_gateway,threefactor_monitor,public}'::text[]) AS role
 WHERE relnamespace IN ('threefactor'::regnamespace, 'threefactor_private'::regnamespace) AND relkind IN ('r', 'p', 'v', 'm', 'f') GROUP BY c.oid ORDER BY c.oid::regclass::text COLLATE "C";
SELECT c.oid::regclass AS sequence, string_agg(role, ' ' ORDER BY role) AS users FROM pg_class AS c, pg_roles AS r, quote_ident(rolname) AS role
 WHERE relnamespace = 'threefactor'::regnamespace AND relkind = 'S' AND NOT rolsuper AND rolname LIKE 'threefactor%'
   AND has_sequence_privilege(rolname, c.oid, 'USAGE,SELECT,UPDATE') GROUP BY c.oid ORDER BY 1;
-- Functions that run with more than their caller's rights, or whose search_path is the caller's.
SELECT p.oid::regprocedure AS function, prosecdef AS as_owner, l.lanname FROM pg_proc AS p JOIN pg_language AS l ON l.oid = prolang
 WHERE pronamespace IN ('threefactor'::regnamespace, 'threefactor_private'::regnamespace)
   AND (prosecdef OR (lanname NOT IN ('c', 'internal', 'threefactor') AND prosqlbody IS NULL AND NOT coalesce('search_path=pg_catalog, pg_temp' = ANY (proconfig), false)))
 ORDER BY p.oid::regprocedure::text COLLATE "C";
-- Nobody may name what is private.
SELECT rolname, has_schema_privilege(rolname, 'threefactor', 'USAGE') AS threefactor, has_schema_privilege(rolname, 'threefactor_private', 'USAGE') AS private
  FROM pg_roles WHERE rolname LIKE 'threefactor%' ORDER BY 1;
\pset format aligned

CREATE SCHEMA rights;
CREATE ROLE regress_writer;
CREATE ROLE regress_owner IN ROLE threefactor_admin;
CREATE ROLE regress_monitor IN ROLE threefactor_monitor;
CREATE ROLE regress_gateway IN ROLE threefactor_gateway;
TRUNCATE threefactor.outbox;
GRANT USAGE, CREATE ON SCHEMA rights TO regress_owner;
GRANT USAGE ON SCHEMA rights TO regress_writer;
CREATE TABLE rights.foreign_table (id integer);
GRANT ALL ON rights.foreign_table TO regress_owner;

SET ROLE regress_owner;
CREATE TABLE rights.t (id integer PRIMARY KEY, owner text DEFAULT current_user);
GRANT SELECT, INSERT, UPDATE ON rights.t TO regress_writer;
ALTER TABLE rights.t ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON rights.t USING (owner = current_user);
SELECT threefactor.create_event_trigger('rights', 'rights.t', 'https://user:secret@example.com/a@b?token=secret#c', headers => '{"X-Key": "secret"}',
  secrets => '{whsec_c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0,whsec_YW5vdGhlcmFub3RoZXJhbm90aGVyYW5vdGhlcg==}', error_webhook => 'https://example.com?token=secret');
SELECT threefactor.create_event_trigger('not_mine', 'rights.foreign_table', 'https://example.com/');
RESET ROLE;

SET ROLE regress_writer;
SET search_path = pg_catalog;
INSERT INTO rights.t VALUES (1);
UPDATE rights.t SET id = 2;
SELECT count(*) FROM threefactor.outbox;
SELECT count(*) FROM threefactor.events;
SELECT threefactor.create_event_trigger('mine', 'rights.t', 'https://example.com/');
SELECT * FROM threefactor.watch();
INSERT INTO threefactor.outbox_0 DEFAULT VALUES;
CREATE TEMP TABLE mine (id integer);
CREATE TRIGGER "00_threefactor_1_insert" AFTER INSERT ON mine FOR EACH ROW EXECUTE FUNCTION threefactor.capture('1');
DROP TABLE mine;
RESET ROLE;
RESET search_path;

SET ROLE regress_owner;
SELECT operation, old_row, new_row FROM threefactor.events ORDER BY position;
SELECT threefactor_private.start_worker();
SELECT threefactor.invoke('rights', '{}') IS NOT NULL AS invoked;
SELECT threefactor.pause('rights');
SELECT threefactor.resume('rights');
RESET ROLE;

SET ROLE regress_monitor;
SELECT operation, table_name, event_triggers, old_row, new_row FROM threefactor.events ORDER BY position LIMIT 1;
SELECT headers, webhook, secrets, error_webhook FROM threefactor.event_triggers;
SELECT event_trigger, state, attempts FROM threefactor.deliveries ORDER BY created_at LIMIT 1;
SELECT event_trigger, retrying, dead FROM threefactor.status ORDER BY 1;
SELECT count(*) FROM threefactor.dead_letters;
SELECT count(*) FROM threefactor.attempts;
SELECT count(*) FROM threefactor.definition;
SELECT threefactor.pause('rights');
RESET ROLE;

SET ROLE regress_gateway;
SELECT epoch <> '' AS epoch FROM threefactor.watch();
SELECT count(*) FROM threefactor.events;
RESET ROLE;

-- Objects that somebody put into a schema of the caller's path are not run by the functions, only by the caller's own condition.
CREATE SCHEMA trap;
CREATE FUNCTION trap.sprung(text[], text[]) RETURNS text[] LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'trapped'; END $$;
CREATE OPERATOR trap.|| (FUNCTION = trap.sprung, LEFTARG = text[], RIGHTARG = text[]);
CREATE FUNCTION trap.sprung(jsonb, text) RETURNS jsonb LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'trapped'; END $$;
CREATE OPERATOR trap.-> (FUNCTION = trap.sprung, LEFTARG = jsonb, RIGHTARG = text);
CREATE FUNCTION trap.is_even(integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1 % 2 = 0';
CREATE EXTENSION hstore SCHEMA trap;
ALTER TABLE rights.t ADD COLUMN size trap.hstore;
GRANT USAGE ON SCHEMA trap TO regress_owner;
SET ROLE regress_owner;
SET search_path = trap, pg_catalog;
SELECT threefactor.create_event_trigger('trapped', 'rights.t', 'https://example.com/', columns => '{id,size}', payload => '{id}',
  retry => '{"attempts": 3}', condition => 'is_even(NEW.id)');
SHOW search_path;
SET search_path = pg_catalog;  -- where the equality of hstore is not
SELECT threefactor.create_event_trigger('trapped', 'rights.t', 'https://example.com/', columns => '{size}', replace => true);
RESET search_path;
RESET ROLE;
SELECT name, condition FROM threefactor.event_triggers WHERE name = 'trapped';

SET ROLE regress_owner;
SELECT threefactor.drop_event_trigger('trapped');
SELECT threefactor.drop_event_trigger('rights');
RESET ROLE;
TRUNCATE threefactor.outbox;
SET client_min_messages = warning;
DROP SCHEMA rights, trap CASCADE;
DROP ROLE regress_writer, regress_owner, regress_monitor, regress_gateway;

-- CREATE EXTENSION takes no schema that somebody else prepared.
CREATE ROLE regress_squatter;
CREATE DATABASE sql_tests_squatted;
\c sql_tests_squatted
\set SHOW_CONTEXT never
CREATE SCHEMA threefactor AUTHORIZATION regress_squatter;
CREATE EXTENSION threefactor;
ALTER SCHEMA threefactor OWNER TO CURRENT_USER;
GRANT CREATE ON SCHEMA threefactor TO regress_squatter;
CREATE EXTENSION threefactor;
REVOKE CREATE ON SCHEMA threefactor FROM regress_squatter;
CREATE FUNCTION threefactor.current_user() RETURNS text LANGUAGE sql AS $$ SELECT 'me' $$;
CREATE EXTENSION threefactor;
DROP FUNCTION threefactor.current_user();
CREATE EXTENSION threefactor;
DROP EXTENSION threefactor;
CREATE EXTENSION threefactor;
\c sql_tests
DROP DATABASE sql_tests_squatted;
DROP ROLE regress_squatter;
