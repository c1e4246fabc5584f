-- A dump carries event triggers and their row triggers, but no events.
CREATE SCHEMA dump;
SET search_path = dump;
TRUNCATE threefactor.outbox;
CREATE TABLE t (id integer PRIMARY KEY, a integer, b integer);
ALTER TABLE t DROP COLUMN a;
SELECT threefactor.create_event_trigger('dumped', 'dump.t', 'https://example.com/', payload => '{b}', condition => 'NEW.b > 1 OR OLD.b > 1');
SELECT threefactor.create_event_trigger('dumped', 'dump.t', 'https://example.com/', payload => '{b}', condition => 'NEW.b > 1 OR OLD.b > 1', replace => true);
SELECT threefactor.create_event_trigger('of_topic', topic => 'orders', webhook => 'https://example.com/', error_webhook => 'https://example.com/errors');
CREATE TABLE gone (id integer);
SELECT threefactor.create_event_trigger('gone', 'dump.gone', 'https://example.com/');
DROP TABLE gone;
INSERT INTO t VALUES (1, 2);
\! pg_dump -Fc -d sql_tests -f results.dump && createdb sql_tests_restored && pg_restore -d sql_tests_restored results.dump; rm -f results.dump
\c sql_tests_restored
SELECT name, relation, topic, condition, payload, error_webhook FROM threefactor.event_triggers ORDER BY name;
SELECT count(*) FROM threefactor.outbox;
SELECT count(*) AS definitions FROM threefactor.definition;
INSERT INTO dump.t VALUES (2, 3), (3, 1);
SELECT operation, event_triggers, new_row FROM threefactor.events;
-- Numbers go on where they were.
SELECT threefactor.create_event_trigger('another', 'dump.t', 'https://example.com/');
SELECT threefactor.drop_event_trigger('dumped');
DROP EXTENSION threefactor;
\d dump.t
\c sql_tests
DROP DATABASE sql_tests_restored;
SELECT threefactor.drop_event_trigger(name) FROM threefactor.event_triggers;
SET client_min_messages = warning;
DROP SCHEMA dump CASCADE;
