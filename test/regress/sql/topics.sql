-- Application events: emit to a topic.
\set SHOW_CONTEXT never
CREATE SCHEMA topics;
SET search_path = topics;
CREATE TABLE things (id integer);
CREATE VIEW newest AS
  SELECT operation, table_schema, table_name, cardinality(definitions) AS definitions, old_row, new_row, session_variables
    FROM threefactor.outbox ORDER BY position DESC LIMIT 1;

-- Each of these fails.
SELECT threefactor.create_event_trigger('bad', topic => '', webhook => 'https://example.com/');
SELECT threefactor.create_event_trigger('bad', topic => 'two words', webhook => 'https://example.com/');
SELECT threefactor.create_event_trigger('bad', topic => 't', relation => 'things', webhook => 'https://example.com/');
SELECT threefactor.create_event_trigger('bad', topic => 't', columns => '{id}', webhook => 'https://example.com/');
SELECT threefactor.emit(E't\n', '{}');
SELECT threefactor.emit(NULL, '{}');

-- Nobody listens: the event is in the log nevertheless.
SELECT threefactor.emit('order/placed', '{"id": 1}') IS NOT NULL AS emitted;
TABLE newest;

SELECT threefactor.create_event_trigger('one', topic => 'order/placed', webhook => 'https://example.com/');
SELECT threefactor.create_event_trigger('two', topic => 'order/placed', webhook => 'https://example.com/');
SELECT threefactor.create_event_trigger('else', topic => 'order', webhook => 'https://example.com/');
BEGIN;
SET LOCAL hasura."user" = '{"x-hasura-user-id": "7"}';
SELECT threefactor.emit('order/placed', '[1, 2]') AS id \gset
COMMIT;
TABLE newest;
SELECT operation, table_name, event_triggers FROM threefactor.events WHERE event_id = :'id';
SELECT event_trigger, state FROM threefactor.deliveries WHERE event_id = :'id' ORDER BY 1;
BEGIN;
SELECT threefactor.emit('order/placed', '"undone"') IS NOT NULL AS emitted;
ROLLBACK;
SELECT threefactor.emit('order/placed') IS NOT NULL AS emitted;
TABLE newest;

-- Invoked by name: the topic is in the event, too.
SELECT threefactor.invoke('else', '{"by": "hand"}') IS NOT NULL AS invoked;
TABLE newest;

-- More event triggers than one row of the outbox lists: the same event, each trigger once.
SELECT count(threefactor.create_event_trigger('many_' || i, topic => 'many', webhook => 'https://example.com/'))
  FROM generate_series(1, 130) AS i;
SELECT threefactor.emit('many', '{}') AS id \gset
SELECT cardinality(definitions) FROM threefactor.outbox WHERE event_id = :'id' ORDER BY position;
SELECT count(DISTINCT event_trigger), count(*) FROM threefactor.deliveries WHERE event_id = :'id';

-- A role that may emit needs no other right.
CREATE ROLE topics_app;
GRANT USAGE ON SCHEMA threefactor TO topics_app;
SET ROLE topics_app;
SELECT threefactor.emit('order/placed', '{}');
RESET ROLE;
GRANT EXECUTE ON FUNCTION threefactor.emit TO topics_app;
SET ROLE topics_app;
SELECT threefactor.emit('order/placed', '{"by": "app"}') IS NOT NULL AS emitted;
SELECT threefactor_private.append_event('{1}', false, NULL, 'x', '{}');
RESET ROLE;
TABLE newest;

-- A transaction that may only read makes no event: not by emit, nor by what stands behind it, by invoke or by a schedule.
\set VERBOSITY terse
SELECT threefactor.create_event_trigger('read_only', topic => 'read/only', webhook => 'https://example.com/');
SELECT threefactor.schedule('read_only_schedule', 'https://example.com/', '@daily');
SET default_transaction_read_only = on;
SELECT threefactor.emit('read/only', '{}');
SELECT threefactor_private.append_event('{}', false, NULL, 'x', '{}');
SELECT threefactor_private.append_scheduled(gen_random_uuid(), 1, '{}', false);
SELECT threefactor.invoke('read_only', '{}');
SELECT threefactor.invoke('read_only_schedule', '{}');
SELECT threefactor.schedule_once('https://example.com/', now());
SELECT threefactor.accept('key');
SELECT threefactor_private.create_capture_trigger('pg_class', 'INSERT', 1, 'x', NULL, NULL, NULL, NULL, false, NULL);
RESET default_transaction_read_only;
BEGIN;
SET TRANSACTION READ ONLY;
SELECT threefactor.emit('read/only', '{}');
ROLLBACK;
-- What was captured before goes with the transaction, also what fires after it was made one that only reads.
CREATE TABLE deferred (id integer);
SELECT threefactor.create_event_trigger('deferred', 'deferred', 'https://example.com/', operations => '{INSERT}');
SELECT definition_id AS deferred FROM threefactor.event_trigger WHERE name = 'deferred' \gset
CREATE CONSTRAINT TRIGGER later AFTER INSERT ON deferred DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION threefactor.capture('deferred', :'deferred');
BEGIN;
INSERT INTO deferred VALUES (1);
SET TRANSACTION READ ONLY;
COMMIT;
SELECT count(*) FROM threefactor.events WHERE table_name = 'deferred';
SELECT threefactor.drop_event_trigger(name) FROM threefactor.event_trigger WHERE name IN ('read_only', 'read_only_schedule', 'deferred');

SET client_min_messages = warning;
DROP OWNED BY topics_app;
DROP ROLE topics_app;
SELECT count(threefactor.drop_event_trigger(name)) FROM threefactor.event_trigger
 WHERE name IN ('one', 'two', 'else') OR name LIKE 'many\_%';
DROP SCHEMA topics CASCADE;
