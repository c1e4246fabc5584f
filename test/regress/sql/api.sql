-- Event triggers are made, changed, paused and dropped; bad input is refused with a reason.
\set SHOW_CONTEXT never
CREATE SCHEMA api;
SET search_path = api;
CREATE TABLE orders (order_id text PRIMARY KEY, approved boolean, note json);
CREATE VIEW orders_view AS SELECT * FROM orders;
CREATE TEMP TABLE passing (id integer);
SELECT threefactor.create_event_trigger('ok', 'orders', 'https://example.com/hook');
SELECT name, relation, webhook, operations, columns, condition, payload, headers, retry, paused
  FROM threefactor.event_triggers WHERE name = 'ok';

-- Each of these fails.
SELECT threefactor.create_event_trigger('ok', 'orders', 'https://example.com/hook');
SELECT threefactor.create_event_trigger(NULL, 'orders', 'https://example.com/');
SELECT threefactor.create_event_trigger('two words', 'orders', 'https://example.com/');
SELECT threefactor.create_event_trigger('bad', NULL, 'https://example.com/');
SELECT threefactor.create_event_trigger('bad', 'no_such_table', 'https://example.com/');
SELECT threefactor.create_event_trigger('bad', 0, 'https://example.com/');
SELECT threefactor.create_event_trigger('bad', 'orders_view', 'https://example.com/');
SELECT threefactor.create_event_trigger('bad', 'passing', 'https://example.com/');
SELECT threefactor.create_event_trigger('bad', 'threefactor.outbox', 'https://example.com/');
SELECT threefactor.create_event_trigger('bad', 'pg_catalog.pg_class', 'https://example.com/');
SELECT threefactor.create_event_trigger('bad', 'orders');
SELECT threefactor.create_event_trigger('bad', 'orders', 'ftp://example.com/');
SELECT threefactor.create_event_trigger('bad', 'orders', 'https://example.com/{{UNCLOSED');
SELECT threefactor.create_event_trigger('bad', 'orders', E'https://example.com/\nX: y');
SELECT w, threefactor_private.check_webhook(w) FROM unnest(ARRAY['http://a', 'http://u:p@a.example:1?q', 'http://[::1]:8080#f', 'http://a:{{PORT}}/x',
  'http://{{USER}}@{{HOST}}:8{{PORT}}', '{{URL}}', 'http://ä.example/']) AS w;
DO $$
DECLARE
  webhook text;
BEGIN
  FOREACH webhook IN ARRAY ARRAY['http://', 'http:///path', 'http://?a', 'http://:80/', 'http://a:65536/', 'http://a:0/', 'http://a:b/', 'http://[::1/', 'http://::1/',
    'http://user:password@/x', 'http://a"b/', 'http://a/' || repeat('x', 8000)] LOOP
    BEGIN
      PERFORM threefactor.create_event_trigger('bad', 'orders', webhook);
      RAISE WARNING '% is accepted', webhook;
    EXCEPTION WHEN invalid_parameter_value THEN
      RAISE NOTICE '%', SQLERRM;
    END;
  END LOOP;
END $$;
SELECT threefactor.create_event_trigger('bad', 'orders', 'https://example.com/', headers => jsonb_build_object('X-A', repeat('x', 65536)));
SELECT threefactor.create_event_trigger('bad', 'orders', 'https://example.com/', operations => '{UPSERT}');
SELECT threefactor.create_event_trigger('bad', 'orders', 'https://example.com/', operations => '{NULL}');
SELECT threefactor.create_event_trigger('bad', 'orders', 'https://example.com/', operations => NULL);
SELECT threefactor.create_event_trigger('bad', 'orders', 'https://example.com/', columns => '{nope}');
SELECT threefactor.create_event_trigger('bad', 'orders', 'https://example.com/', columns => '{}');
SELECT threefactor.create_event_trigger('bad', 'orders', 'https://example.com/', columns => '{NULL}');
SELECT threefactor.create_event_trigger('bad', 'orders', 'https://example.com/', payload => '{order_id,ctid}');
SELECT threefactor.create_event_trigger('bad', 'orders', 'https://example.com/', condition => 'NEW.approved AND');
SELECT threefactor.create_event_trigger('bad', 'orders', 'https://example.com/', condition => 'NEW.nope');
SELECT threefactor.create_event_trigger('bad', 'orders', 'https://example.com/', condition => 'NEW.order_id');
SELECT threefactor.create_event_trigger('bad', 'orders', 'https://example.com/', condition => '');
SELECT threefactor.create_event_trigger('bad', 'orders', 'https://example.com/', condition => 'EXISTS (SELECT 1)');
SELECT threefactor.create_event_trigger('bad', 'orders', 'https://example.com/', condition => 'true; DROP TABLE orders');
SELECT threefactor.create_event_trigger('bad', 'orders', 'https://example.com/', condition => 'true FROM orders');
SELECT threefactor.create_event_trigger('bad', 'orders', 'https://example.com/', condition => 'true) EXECUTE FUNCTION f(');
SELECT threefactor.create_event_trigger('bad', 'orders', 'https://example.com/', headers => '[]');
SELECT threefactor.create_event_trigger('bad', 'orders', 'https://example.com/', headers => '{"a b": "c"}');
SELECT threefactor.create_event_trigger('bad', 'orders', 'https://example.com/', headers => '{"X-A": "b\r\nX-C: d"}');
SELECT threefactor.create_event_trigger('bad', 'orders', 'https://example.com/', headers => '{"X-A": {"env": 1, "x": 2}}');
SELECT threefactor.create_event_trigger('bad', 'orders', 'https://example.com/', headers => '{"Host": "x"}');
SELECT threefactor.create_event_trigger('bad', 'orders', 'https://example.com/', headers => '{"CE-type": "x"}');
SELECT threefactor.create_event_trigger('bad', 'orders', 'https://example.com/', retry => '7');
SELECT threefactor.create_event_trigger('bad', 'orders', 'https://example.com/', retry => '{"tries": 7}');
SELECT threefactor.create_event_trigger('bad', 'orders', 'https://example.com/', retry => '{"attempts": 0}');
SELECT threefactor.create_event_trigger('bad', 'orders', 'https://example.com/', retry => '{"attempts": 1.5}');
SELECT threefactor.create_event_trigger('bad', 'orders', 'https://example.com/', retry => '{"interval": "1 s"}');
SELECT threefactor.create_event_trigger('bad', 'orders', 'https://example.com/', retry => '{"backoff": "linear"}');
SELECT threefactor_private.complete_retry('{"pauses": [1, 2.5]}'), threefactor_private.complete_retry('{"interval": 5}'),
       threefactor_private.complete_retry('{"backoff": "fixed", "interval": 7200}'), threefactor_private.complete_retry('{"attempts": 3}');
DO $$
DECLARE
  rule text;
BEGIN
  FOREACH rule IN ARRAY '{"{\"pauses\": []}","{\"pauses\": 5}","{\"pauses\": [-1]}","{\"pauses\": [null]}","{\"pauses\": [1e308]}","{\"pauses\": [1], \"backoff\": \"fixed\"}",
    "{\"interval\": 1, \"backoff\": \"schedule\"}","{\"interval\": 1e1000}","{\"timeout\": 0}","{\"attempts\": 1e9}","{\"max_interval\": -1}"}'::text[] LOOP
    BEGIN
      PERFORM threefactor_private.complete_retry(rule::jsonb);
      RAISE NOTICE '%: accepted', rule;
    EXCEPTION WHEN invalid_parameter_value THEN
      RAISE NOTICE '%: %', rule, SQLERRM;
    END;
  END LOOP;
END $$;
SELECT threefactor.create_event_trigger('bad', 'orders', 'https://example.com/', retry => '{"statuses": [99]}');
SELECT threefactor.drop_event_trigger('nope');
SELECT threefactor.pause('nope');
SELECT threefactor.invoke('nope', '{}');
SELECT threefactor.redeliver();
SELECT threefactor.redeliver('00000000-0000-0000-0000-000000000000');
-- A trigger that somebody made by hand is refused when it fires, and the function cannot be called.
SELECT threefactor.capture();
CREATE TABLE other (id integer);
CREATE TRIGGER mine AFTER INSERT ON other FOR EACH ROW EXECUTE FUNCTION threefactor.capture('1');
INSERT INTO other VALUES (1);
DROP TRIGGER mine ON other;
CREATE TRIGGER "00_threefactor_1_insert" BEFORE INSERT ON other FOR EACH ROW EXECUTE FUNCTION threefactor.capture('1');
INSERT INTO other VALUES (1);
DROP TABLE other;
-- None of them left anything behind.
SELECT name FROM threefactor.event_triggers;
SELECT count(*) FROM threefactor.definition;

-- Replace: new row triggers, same event trigger; values of headers are not shown.
SELECT threefactor.create_event_trigger('ok', 'orders', '{{WEBHOOK_BASE}}/hook', operations => '{UPDATE}', columns => '{approved,note}',
  condition => 'NEW.approved', payload => '{order_id}', headers => '{"X-A": "secret", "X-B": {"env": "WEBHOOK_KEY"}}',
  retry => '{"attempts": 3, "backoff": "fixed", "interval": 0.5, "statuses": [500, 503]}', replace => true);
SELECT name, relation, webhook, operations, columns, condition, payload, headers, retry, paused
  FROM threefactor.event_triggers WHERE name = 'ok';
SELECT regexp_replace(tgname, '\d+', 'N', 'g') AS name,
       regexp_replace(pg_get_triggerdef(oid), '_\d+_|''\d+''', 'N', 'g') AS definition
  FROM pg_trigger WHERE tgrelid = 'orders'::regclass;
SELECT count(*) AS definitions FROM threefactor.definition;

SELECT threefactor.pause('ok');
SELECT paused FROM threefactor.event_triggers;
SELECT threefactor.resume('ok');
SELECT paused FROM threefactor.event_triggers;
-- In a transaction, like everything else.
BEGIN;
SELECT threefactor.drop_event_trigger('ok');
ROLLBACK;
SELECT name, (SELECT count(*) FROM pg_trigger WHERE tgrelid = 'orders'::regclass) AS row_triggers FROM threefactor.event_triggers;
SELECT threefactor.drop_event_trigger('ok');
SELECT count(*) AS row_triggers FROM pg_trigger WHERE tgrelid = 'orders'::regclass;

-- Manual only.
SELECT threefactor.create_event_trigger('manual', 'orders', 'https://example.com/', operations => '{}');
SELECT count(*) AS row_triggers FROM pg_trigger WHERE tgrelid = 'orders'::regclass;
SELECT threefactor.invoke('manual', '{"x": 1}') IS NOT NULL AS invoked;
SELECT operation, table_schema, table_name, event_triggers, old_row, new_row FROM threefactor.events;
SELECT threefactor.drop_event_trigger('manual');
-- Columns stay protected by the condition that mentions them.
SELECT threefactor.create_event_trigger('dependent', 'orders', 'https://example.com/', condition => 'NEW.approved');
DROP VIEW orders_view;
\set VERBOSITY terse
ALTER TABLE orders DROP COLUMN approved;
SELECT threefactor.drop_event_trigger('dependent');
SELECT threefactor.delivery_key('00112233-4455-6677-8899-aabbccddeeff', 1);
SET client_min_messages = warning;
DROP SCHEMA api CASCADE;
