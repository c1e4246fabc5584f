-- An event trigger that captures less than it was made for says so: the command that makes it so warns, threefactor.status shows it.
\set SHOW_CONTEXT never
\set VERBOSITY terse
CREATE SCHEMA lost;
SET search_path = lost;
TRUNCATE threefactor.outbox;
CREATE VIEW states AS SELECT event_trigger, state FROM threefactor.status WHERE state LIKE 'captures%' ORDER BY 1;
CREATE TABLE t (id integer PRIMARY KEY, state text, amount numeric, note text);
SELECT threefactor.create_event_trigger('by_state', 't', 'https://example.com/', condition => 'NEW.state = ''paid'' OR OLD.state = ''paid''');
SELECT threefactor.create_event_trigger('updates', 't', 'https://example.com/', operations => '{UPDATE}', columns => '{amount,note}');
SELECT threefactor.create_event_trigger('all_kinds', 't', 'https://example.com/', operations => '{INSERT,UPDATE,DELETE,TRUNCATE}');
SELECT threefactor.create_event_trigger('manual', 't', 'https://example.com/', operations => '{}');
SELECT threefactor.create_event_trigger('of_topic', topic => 'topic', webhook => 'https://example.com/');
SELECT threefactor.schedule('scheduled', 'https://example.com/', '@daily');
TABLE states;

-- A column that a condition names; in a transaction, and undone.
BEGIN;
ALTER TABLE t DROP COLUMN state CASCADE;
TABLE states;
ROLLBACK;
TABLE states;
ALTER TABLE t DROP COLUMN state;
DO $$ BEGIN ALTER TABLE lost.t DROP COLUMN state CASCADE; END $$;
TABLE states;
-- The columns of which one must change.
ALTER TABLE t DROP COLUMN amount;
TABLE states;
ALTER TABLE t RENAME COLUMN note TO remark;
TABLE states;
ALTER TABLE t RENAME COLUMN remark TO note;
-- Row triggers that are dropped.
DROP TRIGGER "00_threefactor_all_kinds_delete" ON t;
DROP TRIGGER "00_threefactor_all_kinds_truncate" ON t;
TABLE states;
-- Made anew, it captures again.
SELECT threefactor.create_event_trigger('all_kinds', 't', 'https://example.com/', operations => '{INSERT,UPDATE,DELETE,TRUNCATE}', replace => true);
SELECT threefactor.drop_event_trigger('by_state');
TABLE states;
-- Disabled: one, all, those of users; for replicas only.
ALTER TABLE t DISABLE TRIGGER "00_threefactor_all_kinds_insert";
ALTER TABLE t ENABLE REPLICA TRIGGER "00_threefactor_all_kinds_update";
TABLE states;
ALTER TABLE t DISABLE TRIGGER ALL;
TABLE states;
INSERT INTO t VALUES (1);
SELECT count(*) FROM threefactor.events;
ALTER TABLE t ENABLE TRIGGER USER;
TABLE states;
ALTER TABLE t DISABLE TRIGGER USER;
ALTER TABLE t ENABLE ALWAYS TRIGGER "00_threefactor_updates_update";
TABLE states;
ALTER TABLE t ENABLE TRIGGER ALL;
-- Other triggers, other tables: nothing to say.
CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE TRIGGER other AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION nothing();
ALTER TABLE t DISABLE TRIGGER other;
DROP TRIGGER other ON t;
TABLE states;
-- Replicated changes: what a restore with --disable-triggers leaves behind.
SELECT threefactor.create_event_trigger('replicated', 't', 'https://example.com/', operations => '{INSERT,DELETE}', on_replica => true);
ALTER TABLE t DISABLE TRIGGER ALL;
ALTER TABLE t ENABLE TRIGGER ALL;
TABLE states;
SELECT threefactor.create_event_trigger('replicated', 't', 'https://example.com/', on_replica => true, replace => true);
TABLE states;

-- A function that a condition calls, a type, an owner's objects.
CREATE FUNCTION is_even(integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1 % 2 = 0';
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TABLE others (id integer, mood mood);
SELECT threefactor.create_event_trigger('even', 'others', 'https://example.com/', operations => '{INSERT,UPDATE}', condition => 'lost.is_even(NEW.id)');
SELECT threefactor.create_event_trigger('moody', 'others', 'https://example.com/', operations => '{INSERT}', condition => 'NEW.mood = ''sad''');
DROP FUNCTION is_even CASCADE;
DROP TYPE mood CASCADE;
TABLE states;
CREATE ROLE regress_lost IN ROLE threefactor_admin;
GRANT ALL ON SCHEMA lost TO regress_lost;
SET ROLE regress_lost;
CREATE TABLE owned (id integer);
SELECT threefactor.create_event_trigger('owned', 'owned', 'https://example.com/');
-- Whoever runs the command needs no right to read the event triggers, and has nothing run with more than his own.
RESET ROLE;
REVOKE threefactor_admin FROM regress_lost;
SET ROLE regress_lost;
CREATE FUNCTION lost.trap(integer, integer) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'sprung, as %', current_user; END $$;
CREATE OPERATOR lost.= (FUNCTION = lost.trap, LEFTARG = integer, RIGHTARG = integer);
CREATE FUNCTION lost.unnest(text[]) RETURNS SETOF text LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'sprung, as %', current_user; END $$;
SET search_path = lost, pg_catalog;
ALTER TABLE owned DISABLE TRIGGER ALL;
RESET search_path;
RESET ROLE;
DROP OWNED BY regress_lost;
SET search_path = lost;
DROP ROLE regress_lost;
-- The table.
DROP TABLE others;
TABLE states;
SELECT count(threefactor.drop_event_trigger(name)) FROM threefactor.event_triggers WHERE name IN ('even', 'moody', 'owned');

-- Partitions: all, and single ones; moves between them.
CREATE TABLE parted (id integer, at integer) PARTITION BY LIST (at);
CREATE TABLE parted_1 PARTITION OF parted FOR VALUES IN (1);
CREATE TABLE parted_2 PARTITION OF parted FOR VALUES IN (2, 3) PARTITION BY LIST (at);
CREATE TABLE parted_3 PARTITION OF parted_2 FOR VALUES IN (3);
SELECT threefactor.create_event_trigger('parted', 'parted', 'https://example.com/', operations => '{UPDATE,DELETE}');
TABLE states;
ALTER TABLE parted_3 DISABLE TRIGGER USER;
ALTER TABLE parted_1 DISABLE TRIGGER "00_threefactor_parted_update";
TABLE states;
ALTER TABLE parted_3 ENABLE TRIGGER ALL;
ALTER TABLE parted_1 ENABLE TRIGGER ALL;
TABLE states;
ALTER TABLE parted DETACH PARTITION parted_1;
DROP TABLE parted_2;
TABLE states;
DROP TRIGGER "00_threefactor_parted_move_in" ON parted;
TABLE states;
DROP TRIGGER "00_threefactor_parted_update" ON parted;
TABLE states;
ALTER TABLE parted DISABLE TRIGGER USER;
TABLE states;
-- Those of version 0.1, which made none for moves.
CREATE TABLE parted_4 PARTITION OF parted FOR VALUES IN (4);
SELECT threefactor.drop_event_trigger('parted');
\set ECHO none
\i test/support/event_trigger_0_1.sql
\set ECHO all
CALL create_event_trigger_0_1('old', 'parted', 'https://example.com/', '{id}', 'NEW.id > 0', '{}', '{}');
TABLE states;
ALTER TABLE parted DISABLE TRIGGER USER;
TABLE states;
SET ROLE threefactor_monitor;
SELECT event_trigger, state FROM threefactor.status WHERE event_trigger = 'old';
RESET ROLE;
SELECT count(threefactor.drop_event_trigger(name)) FROM threefactor.event_trigger;
SET client_min_messages = warning;
DROP SCHEMA lost CASCADE;
