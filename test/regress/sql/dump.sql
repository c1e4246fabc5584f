-- A dump carries event triggers and their row triggers, but no events.
CREATE SCHEMA dump;
SET search_path = dump;
TRUNCATE threefactor.outbox;
CREATE TABLE t (id integer PRIMARY KEY, a integer, b integer);
ALTER TABLE t DROP COLUMN a;
SELECT threefactor.create_event_trigger('dumped', 'dump.t', 'https://example.com/', payload => '{b}', condition => 'NEW.b > 1 OR OLD.b > 1');
INSERT INTO t VALUES (1, 2);
\! pg_dump -Fc -d sql_tests -f results.dump && createdb sql_tests_restored && pg_restore -d sql_tests_restored results.dump; rm -f results.dump
\c sql_tests_restored
SELECT name, relation, condition, payload FROM threefactor.event_triggers;
SELECT count(*) FROM threefactor.outbox;
INSERT INTO dump.t VALUES (2, 3), (3, 1);
SELECT operation, event_triggers, new_row FROM threefactor.events;
-- Numbers go on where they were.
SELECT threefactor.create_event_trigger('another', 'dump.t', 'https://example.com/');
SELECT threefactor.drop_event_trigger('dumped');
DROP EXTENSION threefactor;
\d dump.t
\c sql_tests
DROP DATABASE sql_tests_restored;
SELECT threefactor.drop_event_trigger('dumped');
SET client_min_messages = warning;
DROP SCHEMA dump CASCADE;
