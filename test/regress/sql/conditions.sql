-- Conditions over OLD and NEW: the absent row is NULL; what they must not do; how they fail.
CREATE SCHEMA conditions;
SET search_path = conditions;
TRUNCATE threefactor.outbox;
CREATE TABLE t (id integer PRIMARY KEY, state text, amount numeric, doc jsonb);
CREATE VIEW seen AS SELECT operation, event_triggers, coalesce(new_row, old_row) ->> 'id' AS id FROM threefactor.events ORDER BY position;
-- One condition for all operations.
SELECT threefactor.create_event_trigger('paid', 't', 'https://example.com/',
  condition => 'NEW.state IS DISTINCT FROM OLD.state AND ''paid'' IN (NEW.state, OLD.state)');
SELECT threefactor.create_event_trigger('gone', 't', 'https://example.com/', condition => 'NEW IS NULL AND OLD.amount > 1');
INSERT INTO t VALUES (1, 'placed', 1), (2, 'paid', 2), (3, NULL, 3);
UPDATE t SET state = 'paid', amount = amount + 1;
UPDATE t SET amount = amount + 1 WHERE id = 1;
UPDATE t SET state = NULL WHERE id = 2;
DELETE FROM t;
SELECT * FROM seen; TRUNCATE threefactor.outbox;
-- An error in a condition fails the write and names the event trigger; one that cannot fail is left as it is written.
SELECT threefactor.create_event_trigger('fraction', 't', 'https://example.com/', operations => '{INSERT,UPDATE}',
  condition => '10 / NEW.amount > 1');
SELECT substring(pg_get_triggerdef(oid) FROM 'WHEN (.*) EXECUTE') AS condition FROM pg_trigger
 WHERE tgrelid = 't'::regclass AND tgname LIKE '%_insert' ORDER BY oid;
INSERT INTO t VALUES (1, 'new', 0);
INSERT INTO t VALUES (1, 'new', 5), (2, 'new', 0);
INSERT INTO t VALUES (1, 'new', 5), (2, 'new', 50), (3, 'new', NULL);
UPDATE t SET amount = 0 WHERE id = 1;
-- Another error of the same statement does not name it.
INSERT INTO t VALUES (4, 'new', 1), (4, 'again', 1);
DO $$ BEGIN UPDATE t SET amount = 0; EXCEPTION WHEN division_by_zero THEN RAISE NOTICE 'caught'; END $$;
SELECT 1 / 0;
SELECT * FROM seen; TRUNCATE threefactor.outbox;
-- Conditions inside of conditions: a function of one writes to a table that has another.
CREATE TABLE inner_t (id integer);
CREATE FUNCTION writes(integer) RETURNS boolean LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN writes_really($1); END $$;
CREATE FUNCTION writes_really(integer) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN INSERT INTO inner_t VALUES ($1); RETURN true; END $$;
SELECT threefactor.create_event_trigger('inner', 'inner_t', 'https://example.com/', condition => '1 / NEW.id > 0');
SELECT threefactor.create_event_trigger('outer', 't', 'https://example.com/', operations => '{INSERT}', condition => 'writes(NEW.id)');
INSERT INTO t VALUES (0, 'new', 1);
INSERT INTO t VALUES (9, 'new', 1);
SELECT * FROM seen; TRUNCATE threefactor.outbox;
-- Whoever writes needs no right on any of it.
CREATE ROLE regress_writer;
GRANT USAGE ON SCHEMA conditions TO regress_writer;
GRANT SELECT, INSERT, UPDATE ON t TO regress_writer;
SET ROLE regress_writer;
SELECT threefactor.drop_event_trigger('outer');
UPDATE t SET amount = 0 WHERE id = 3;
UPDATE t SET amount = 1 WHERE id = 3;
RESET ROLE;
SELECT * FROM seen; TRUNCATE threefactor.outbox;
SELECT count(threefactor.drop_event_trigger(name)) FROM threefactor.event_triggers;
REVOKE ALL ON t FROM regress_writer;
REVOKE ALL ON SCHEMA conditions FROM regress_writer;
DROP ROLE regress_writer;

\set SHOW_CONTEXT never
-- What is refused when the event trigger is made.
CREATE FUNCTION bad(condition text) RETURNS void LANGUAGE sql AS $$
  SELECT threefactor.create_event_trigger('bad', 'conditions.t', 'https://example.com/', condition => $1, replace => true) $$;
SELECT bad('NEW.state =');
SELECT bad('NEW.missing = 1');
SELECT bad('other.state = 1');
SELECT bad('NEW.state');
SELECT bad('state = ''paid''');
SELECT bad('NEW.amount > random()');
SELECT bad('conditions.writes_really(NEW.id)');
SELECT bad('NEW.id = nextval(''threefactor.event_trigger_trigger_id_seq'')');
SELECT bad('EXISTS (SELECT FROM conditions.t)');
SELECT bad('count(*) > 1');
SELECT bad('true; DROP TABLE conditions.t');
SELECT bad('NEW.id = $1');
SELECT count(*) FROM threefactor.event_triggers;
SET client_min_messages = warning;
DROP SCHEMA conditions CASCADE;
