-- What the argument `endpoint` may say, and what the view tells.
\set SHOW_CONTEXT never
CREATE SCHEMA endpoints;
SET search_path = endpoints;
CREATE TABLE t (id integer PRIMARY KEY);
CREATE PROCEDURE make(name text, endpoint jsonb, webhook text DEFAULT 'https://example.com/') LANGUAGE sql AS $$
  SELECT threefactor.create_event_trigger(name, 't', webhook, endpoint => endpoint) $$;
CREATE VIEW kept AS SELECT t.name, d.endpoint FROM threefactor.event_trigger AS t JOIN threefactor.definition AS d USING (definition_id)
  WHERE d.relation = 't'::regclass ORDER BY t.name;
CALL make('nothing', '{}');
CALL make('nulls', '{"concurrency": null, "rate": null, "burst": null, "breaker": null, "name": null}');
CALL make('window', '{"concurrency": 5}', 'https://user:password@example.com/hook?token=secret');
CALL make('slow', '{"rate": 0.5}', 'https://example.com/hook');
CALL make('fast', '{"rate": 200, "concurrency": 7}', 'https://example.com/hook');
CALL make('burst', '{"rate": 20, "burst": 100, "name": "the mail server"}');
CALL make('validated', '{"validate": true}');
CALL make('breaker', '{"breaker": {}}');
CALL make('sensitive', '{"breaker": {"failures": 1, "ratio": 0, "window": 1, "cooldown": 0.5, "max_cooldown": 1}}');
SELECT * FROM kept;
SELECT endpoint, state, in_flight, concurrency, rate, failures, successes, open_until, rate_limited_at, event_triggers
  FROM threefactor.endpoints WHERE event_triggers && ARRAY(SELECT name FROM kept) ORDER BY 1;

CALL make('bad', '[]');
CALL make('bad', NULL);
CALL make('bad', '{"concurency": 5}');
CALL make('bad', '{"concurrency": 0}');
CALL make('bad', '{"concurrency": 1.5}');
CALL make('bad', '{"concurrency": "5"}');
CALL make('bad', '{"rate": 0}');
CALL make('bad', '{"rate": 1, "burst": 0.5}');
CALL make('bad', '{"burst": 5}');
CALL make('bad', '{"name": ""}');
CALL make('bad', '{"name": 5}');
CALL make('bad', '{"validate": 1}');
CALL make('bad', '{"breaker": true}');
CALL make('bad', '{"breaker": {"failure": 5}}');
CALL make('bad', '{"breaker": {"failures": 0}}');
CALL make('bad', '{"breaker": {"ratio": 2}}');
CALL make('bad', '{"breaker": {"cooldown": 0}}');
SELECT threefactor.create_event_trigger('bad', 't', 'https://example.com/', retry => '{"connect_timeout": 0}');
SELECT threefactor.drop_event_trigger(name) FROM kept;
DROP SCHEMA endpoints CASCADE;
