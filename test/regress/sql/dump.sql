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
-- And permissions, with what they are in the database.
CREATE TABLE team (user_id integer, t_id integer);
INSERT INTO team VALUES (7, 1);
SELECT threefactor.create_array_relationship('t', 'teams', 'team', '{t_id}', '{id}');
SELECT threefactor.create_permission('t', 'regress_dumped', 'select', '{"columns": ["id", "b"], "filter": {"teams": {"user_id": "X-Hasura-User-Id"}}}');
SELECT threefactor.create_permission('team', 'regress_dumped', 'insert', '{"columns": ["t_id"], "check": {}, "set": {"user_id": "X-Hasura-User-Id"}}');
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
SET ROLE regress_dumped;
SET request.jwt.claims = '{"x-hasura-user-id": "7"}';
SELECT id FROM dump.t;
INSERT INTO dump.team (t_id) VALUES (2);
SELECT id FROM dump.t ORDER BY id;
RESET ROLE;
SELECT relation, operation, kind, name FROM threefactor.permission_part WHERE role_name = 'regress_dumped' ORDER BY relation::text, 2, 3, 4;
SELECT threefactor.drop_permission(relation, role_name, operation) FROM threefactor.permission WHERE role_name = 'regress_dumped';
SELECT (SELECT count(*) FROM pg_policy WHERE polname LIKE '%regress_dumped%') AS policies, (SELECT count(*) FROM pg_proc WHERE proname LIKE '%regress_dumped%') AS functions,
  (SELECT count(*) FROM pg_class WHERE relnamespace = 'dump'::regnamespace AND relrowsecurity) AS closed;
DROP EXTENSION threefactor;
\d dump.t
\c sql_tests
DROP DATABASE sql_tests_restored;
SELECT threefactor.drop_event_trigger(name) FROM threefactor.event_triggers;
SET client_min_messages = warning;
DROP SCHEMA dump CASCADE;
