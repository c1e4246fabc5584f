-- An error webhook is an event trigger of its own, kept in step with the one it belongs to.
\set SHOW_CONTEXT never
CREATE SCHEMA error_webhooks;
SET search_path = error_webhooks;
CREATE TABLE things (id integer);
CREATE VIEW error_triggers AS
  SELECT t.name, d.webhook, d.headers, d.retry ->> 'attempts' AS attempts, d.body, cardinality(d.secrets) AS secrets, d.endpoint,
         d.operations, d.relation, d.topic, d.error_webhook
    FROM threefactor.event_trigger AS t JOIN threefactor.definition AS d USING (definition_id) WHERE t.name LIKE '%/%';

SELECT threefactor.create_event_trigger('pay', 'things', 'https://example.com/pay', error_webhook => 'https://example.com/resolve',
  headers => '{"X-A": "b"}', retry => '{"attempts": 3}', body => 'cloudevents-binary', payload => '{id}', order_by => '{id}',
  secrets => ARRAY['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw']);
TABLE error_triggers;
SELECT name FROM threefactor.event_triggers WHERE name LIKE 'pay%';

-- Replaced: the same one, so that what waits for it is not lost.
SELECT trigger_id FROM threefactor.event_trigger WHERE name = 'pay/error' \gset
SELECT threefactor.create_event_trigger('pay', 'things', 'https://example.com/pay', error_webhook => 'https://example.com/other',
  replace => true);
TABLE error_triggers;
SELECT trigger_id = :trigger_id AS same FROM threefactor.event_trigger WHERE name = 'pay/error';

-- It can be tried out, paused and resumed.
SELECT threefactor.invoke('pay/error', '{"error": "a test"}') IS NOT NULL AS invoked;
SELECT threefactor.pause('pay/error');
SELECT threefactor.resume('pay/error');

-- No longer asked for; then again, and dropped by itself; then with the one it belongs to.
SELECT threefactor.create_event_trigger('pay', 'things', 'https://example.com/pay', replace => true);
TABLE error_triggers;
SELECT threefactor.create_event_trigger('pay', 'things', 'https://example.com/pay', error_webhook => 'https://example.com/resolve',
  replace => true);
SELECT threefactor.drop_event_trigger('pay/error');
SELECT d.error_webhook FROM threefactor.event_trigger JOIN threefactor.definition AS d USING (definition_id) WHERE name = 'pay';
SELECT threefactor.create_event_trigger('pay', 'things', 'https://example.com/pay', error_webhook => 'https://example.com/resolve',
  replace => true);
SELECT threefactor.drop_event_trigger('pay');
TABLE error_triggers;

-- Each of these fails.
SELECT threefactor.create_event_trigger('pay/error', 'things', 'https://example.com/');
SELECT threefactor.create_event_trigger('pay', 'things', 'https://example.com/', error_webhook => 'ftp://example.com/');
DROP SCHEMA error_webhooks CASCADE;
