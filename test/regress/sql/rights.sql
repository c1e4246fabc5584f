-- Whose rights count: a writer needs none; an administrator must own the table; others see no data.
\set SHOW_CONTEXT never
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
SELECT threefactor.create_event_trigger('rights', 'rights.t', 'https://example.com/', headers => '{"X-Key": "secret"}');
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
SELECT threefactor.start_worker();
SELECT threefactor.invoke('rights', '{}') IS NOT NULL AS invoked;
SELECT threefactor.pause('rights');
SELECT threefactor.resume('rights');
RESET ROLE;

SET ROLE regress_monitor;
SELECT operation, table_name, event_triggers, old_row, new_row FROM threefactor.events ORDER BY position LIMIT 1;
SELECT headers FROM threefactor.event_triggers;
SELECT event_trigger, state, attempts FROM threefactor.deliveries ORDER BY created_at LIMIT 1;
SELECT event_trigger, delivered, retrying, dead FROM threefactor.status;
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
