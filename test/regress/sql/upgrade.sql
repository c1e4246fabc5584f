-- ALTER EXTENSION UPDATE makes of version 0.1 what CREATE EXTENSION makes. Until then changes are captured.
CREATE DATABASE sql_tests_upgraded;
\c sql_tests_upgraded
CREATE EXTENSION threefactor VERSION '0.1';
CREATE TABLE t (id integer PRIMARY KEY, text text);
\set ECHO none
\i test/support/event_trigger_0_1.sql
\set ECHO all
CALL create_event_trigger_0_1('t', 't', 'https://example.com/', '{id}', 'NEW.id > 0', '{"X-A": "secret"}', '{"attempts": 3}');
INSERT INTO t VALUES (1, 'a');
BEGIN;
INSERT INTO t SELECT id, 'b' FROM generate_series(2, 1000) AS id;
UPDATE t SET text = 'c' WHERE id = 1;
COMMIT;
SELECT threefactor.pause('t');
SELECT event_trigger, paused, worker FROM threefactor.status;
SELECT count(*), count(*) FILTER (WHERE operation = 'UPDATE') AS updates FROM threefactor.outbox;
\! pg_dump -Fc -d sql_tests_upgraded -f results.dump

-- What has changed too much says so.
\set SHOW_CONTEXT never
SELECT threefactor.create_event_trigger('another', 't', 'https://example.com/');
SELECT threefactor.invoke('t', '{}');

ALTER EXTENSION threefactor UPDATE TO '0.2';
SELECT name, relation, columns, condition, payload, headers, retry, paused FROM threefactor.event_triggers;
-- What was captured before is there, what comes is captured: by the old row triggers, and by new ones.
INSERT INTO t VALUES (1001, 'd');
SELECT threefactor.create_event_trigger('t', 't', 'https://example.com/', columns => '{text}', replace => true);
SELECT threefactor.resume('t');
INSERT INTO t VALUES (1002, 'e');
SELECT count(*), max((new_row ->> 'id')::integer) AS newest, max(event_triggers) AS event_triggers FROM threefactor.events;

-- A dump of 0.1 is restored as 0.2.
\! createdb sql_tests_restored && pg_restore --exit-on-error -d sql_tests_restored results.dump; rm -f results.dump
\c sql_tests_restored
SELECT name, relation, condition, body, paused, extversion FROM threefactor.event_trigger JOIN threefactor.definition USING (definition_id), pg_extension
 WHERE extname = 'threefactor';
INSERT INTO t VALUES (1003, 'f');
SELECT event_triggers, new_row FROM threefactor.events;

-- < is missing after the upgrade, > should not be there.
CREATE DATABASE sql_tests_fresh;
\c sql_tests_fresh
CREATE EXTENSION threefactor;
\! for kind in fresh upgraded; do psql -XqAt -v ON_ERROR_STOP=1 -d sql_tests_$kind -f test/support/catalog.sql > results.$kind; done
\! [ -s results.fresh ] && diff results.fresh results.upgraded && echo same; rm -f results.fresh results.upgraded
\c sql_tests
DROP DATABASE sql_tests_upgraded;
DROP DATABASE sql_tests_restored;
DROP DATABASE sql_tests_fresh;
