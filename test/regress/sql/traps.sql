-- The extension among thousands of operators, functions, aggregates and types that bare names would mean (test/qualified).
-- Everything is rolled back: the traps would catch the tests that come after.
\getenv abs_srcdir PG_ABS_SRCDIR
\set traps :abs_srcdir '/../qualified/traps.sql'
BEGIN;
CREATE SCHEMA traps;
CREATE TYPE traps.mood AS ENUM ('sad', 'ok');
CREATE DOMAIN traps.short AS varchar(5);
CREATE TABLE traps.orders (
  id integer PRIMARY KEY, name varchar(20), note text, mood traps.mood, short traps.short, doc jsonb, plain json, ids integer[], at timestamptz,
  day date, price numeric, flag boolean, small smallint, big bigint, code "char", kind name, relation regclass, ident uuid, cash money,
  padded char(4), f4 real, f8 double precision, span interval, bytes bytea, address inet);
CREATE TABLE traps.colors (value text PRIMARY KEY, comment text);
CREATE FUNCTION traps.total(traps.orders) RETURNS integer LANGUAGE sql STABLE RETURN 1;
INSERT INTO traps.colors VALUES ('red', 'like fire');
\set ECHO none
\i :traps
\set ECHO all
SET LOCAL search_path = pg_catalog;
SELECT hostile.set_traps('hostile', ARRAY(SELECT format_type(atttypid, NULL) FROM pg_attribute WHERE attrelid = 'traps.orders'::regclass AND attnum > 0
                                          UNION SELECT unnest('{oid,xid8,smallint[],text[],oid[],"\"char\"[]",regtype}'::text[])),
         '{character varying,text,integer,json,jsonb,name,traps.mood,traps.short,traps.orders}') > 5000 AS set;
SELECT hostile.set_temporary_traps();
SET LOCAL search_path = hostile, pg_catalog;

SELECT threefactor.create_event_trigger('trapped', 'traps.orders', 'https://example.com/', columns => '{name,mood}', payload => '{id,name,mood,doc,relation}',
  headers => '{"X-A": "b"}', retry => '{"attempts": 3, "interval": 5}', endpoint => '{"concurrency": 2}', order_by => '{id}',
  condition => 'NEW.flag');
SELECT threefactor.create_event_trigger('topical', topic => 'news', webhook => 'https://example.com/');
INSERT INTO traps.orders (id, name, mood, doc, relation, flag) VALUES (1, 'a', 'ok', '{"a": 1}', 'traps.orders', true), (2, 'b', 'sad', NULL, NULL, true);
UPDATE traps.orders SET name = 'c', short = 's';
DELETE FROM traps.orders WHERE flag;
TRUNCATE traps.orders;
SELECT threefactor.emit('news', '{"a": 1}') IS NOT NULL AS emitted;
SELECT threefactor.invoke('trapped', '{"b": 2}') IS NOT NULL AS invoked;
SELECT threefactor.pause('trapped');
SELECT threefactor.resume('trapped');
SELECT threefactor.accept('a key');
SELECT threefactor.accept('a key');
SELECT threefactor.schedule('tick', 'https://example.com/', '* * * * *', time_zone => 'Europe/Paris', payload => '{}');
SELECT threefactor.schedule_once('https://example.com/', '2100-01-01 00:00:00+00', '{}') IS NOT NULL AS scheduled;
SELECT threefactor.unschedule('tick');
SELECT threefactor.track_table('traps.orders', '{"custom_name": "Orders"}');
SELECT threefactor.add_computed_field('traps.orders', 'total', 'traps', 'total');
SELECT threefactor.track_table('traps.colors', is_enum => true);
SELECT threefactor.set_table_customization('traps.orders', '{"column_config": {"name": {"custom_name": "title"}}}');
SELECT threefactor.metadata() IS NOT NULL AS metadata;
SELECT epoch IS NOT NULL AS watched FROM threefactor.watch();
SELECT FROM threefactor.event_triggers, threefactor.events, threefactor.attempts, threefactor.deliveries, threefactor.dead_letters, threefactor.status,
  threefactor.endpoints, threefactor.schedules, threefactor.scheduled_events, threefactor_private.dependents, threefactor_private.names LIMIT 0;
TABLE threefactor.status LIMIT 0;
SELECT operation FROM threefactor.events ORDER BY position;
SELECT event_trigger, state FROM threefactor.deliveries ORDER BY created_at, event_trigger;
SELECT threefactor_json.object('{"id":%v}', id) FROM traps.orders;
SELECT threefactor.redeliver(trigger => 'trapped', dead_only => false) IS NOT NULL AS redelivered;
SELECT threefactor.create_event_trigger('trapped', 'traps.orders', 'https://example.com/', replace => true);
SELECT threefactor.drop_event_trigger('trapped');
SET LOCAL client_min_messages = warning;
DROP TABLE traps.orders CASCADE;
ROLLBACK;
