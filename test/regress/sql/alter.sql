-- alter_event_trigger and alter_schedule change what is named and nothing else; what cannot work is said when it is made; first guesses work.
\set SHOW_CONTEXT errors
CREATE SCHEMA alter;
SET search_path = alter;
TRUNCATE threefactor.outbox;
CREATE TABLE t (id integer PRIMARY KEY, amount numeric, note text);
CREATE TABLE history AS SELECT 0 AS step, d.* FROM threefactor.definition AS d WITH NO DATA;
-- What has changed since the last look.
CREATE FUNCTION changed() RETURNS TABLE (what text, value text) LANGUAGE plpgsql SET search_path = alter AS $$
#variable_conflict use_column
BEGIN
  INSERT INTO history SELECT (SELECT count(*) FROM history), d.* FROM threefactor.definition AS d JOIN threefactor.event_trigger AS t USING (definition_id)
    WHERE t.name IN ('altered', 'cron') ORDER BY t.name;
  RETURN QUERY SELECT n.key, n.value FROM (SELECT to_jsonb(h) - '{step,definition_id,created_at,trigger_id}'::text[] AS row FROM history AS h ORDER BY step DESC LIMIT 1) AS new,
    LATERAL jsonb_each_text(new.row) AS n
    WHERE n.value IS DISTINCT FROM (SELECT to_jsonb(h) ->> n.key FROM history AS h ORDER BY step DESC OFFSET 1 LIMIT 1) ORDER BY 1;
END $$;
CREATE FUNCTION big(numeric) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1 > 100';
SELECT threefactor.create_event_trigger('altered', 't', 'https://example.com/a', operations => '{INSERT,UPDATE}', columns => '{amount}', condition => 'big(NEW.amount)',
  payload => '{id}', headers => '{"X-A": "a", "X-B": {"env": "PATH"}}', retry => '{"attempts": 7, "interval": 3}', endpoint => '{"rate": 100, "concurrency": 2}', secrets => '{whsec_c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0}',
  order_by => '{id}', on_dead => 'skip', apply => 'SELECT $2', error_webhook => 'https://example.com/errors');
SELECT count(*) FROM changed();
SELECT array_agg(oid ORDER BY oid) AS triggers FROM pg_trigger WHERE tgrelid = 't'::regclass \gset
RESET search_path;
-- How events are posted: the row triggers stay. Members that are not named stay.
SELECT threefactor.alter_event_trigger('altered', secrets => '{whsec_YW5vdGhlcmFub3RoZXJhbm90aGVyYW5vdGhlcg==,whsec_c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0}');
SELECT * FROM alter.changed();
SELECT threefactor.alter_event_trigger('altered', headers => '{"X-A": null, "X-C": "c"}', retry => '{"attempts": 9}', endpoint => '{"rate": 10}');
SELECT * FROM alter.changed();
SELECT threefactor.alter_event_trigger('altered', webhook => 'https://example.com/b', on_dead => 'block', reset => '{secrets,error_webhook,apply,headers}', headers => '{"X-D": "d"}');
SELECT * FROM alter.changed();
SELECT threefactor.alter_event_trigger('altered');
SELECT * FROM alter.changed();
SELECT array_agg(oid ORDER BY oid) = :'triggers' AS same_row_triggers FROM pg_trigger WHERE tgrelid = 'alter.t'::regclass;
SELECT name FROM threefactor.event_trigger WHERE name LIKE 'altered%';
-- What is captured: the condition keeps its meaning, by the search_path that it was made with.
SELECT threefactor.alter_event_trigger('altered', payload => '{id,amount}', operations => '{UPDATE}');
SELECT * FROM alter.changed();
INSERT INTO alter.t VALUES (1, 500, 'x');
UPDATE alter.t SET amount = 200;
UPDATE alter.t SET amount = 50;
UPDATE alter.t SET note = 'y';
SELECT operation, old_row, new_row FROM threefactor.events ORDER BY position;
SELECT threefactor.alter_event_trigger('altered', reset => '{condition,columns,operations,payload,order_by,endpoint,on_dead}');
SELECT * FROM alter.changed();
-- What it refuses changes nothing.
SELECT threefactor.alter_event_trigger('altered', webhook => 'nowhere');
SELECT threefactor.alter_event_trigger('altered', webhook => 'https://example.com/c', columns => '{missing}');
SELECT threefactor.alter_event_trigger('altered', condition => 'NEW.missing');
SELECT threefactor.alter_event_trigger('altered', retry => '{"attempt": 1}');
SELECT threefactor.alter_event_trigger('altered', on_dead => 'maybe');
SELECT threefactor.alter_event_trigger('altered', reset => '{webhook}');
SELECT threefactor.alter_event_trigger('nothing', webhook => 'https://example.com/');
SELECT * FROM alter.changed();

-- Schedules.
SELECT threefactor.schedule('cron', 'https://example.com/cron', '0 12 * * *', 'Europe/Berlin', payload => '{"a":  1}', tolerance => '1 hour', comment => 'noon');
SELECT count(*) FROM alter.changed();
SELECT threefactor.alter_schedule('cron', retry => '{"attempts": 2}', payload => jsonb_build_object('b', 2));
SELECT name, cron, time_zone, payload, tolerance, comment, retry ->> 'attempts' AS attempts, webhook FROM threefactor.schedules;
SELECT threefactor.alter_schedule('cron', cron => '0 13 * * *', reset => '{payload,comment,time_zone}');
SELECT name, cron, time_zone, to_char(next_tick AT TIME ZONE 'UTC', 'HH24:MI') AS at, payload, tolerance, comment FROM threefactor.schedules;
SELECT threefactor.alter_schedule('cron', cron => 'never');
SELECT threefactor.alter_schedule('altered', cron => '* * * * *');
SELECT threefactor.alter_event_trigger('cron', webhook => 'https://example.com/');

-- What cannot work as things are. No value is told.
SELECT threefactor.alter_event_trigger('altered', webhook => '{{WEBHOOK_NOWHERE}}/x', headers => '{"X-A": {"env": "PGDATA"}, "X-B": {"env": "WEBHOOK_MISSING"}}');
SELECT threefactor.alter_event_trigger('altered', webhook => 'https://example.com/{{PATH}}', reset => '{headers}', error_webhook => 'http://169.254.169.254/latest');
SELECT threefactor.alter_event_trigger('altered', webhook => 'http://0xa9.0xfe.43518/', reset => '{error_webhook}');
SELECT threefactor.alter_event_trigger('altered', webhook => 'http://[::ffff:169.254.1.1]:80/');
SELECT threefactor.schedule('cron', 'http://[fe80::1]/', '* * * * *', replace => true);
SELECT threefactor.schedule_once('http://0.0.0.0/', now() + interval '1 day') IS NOT NULL AS made;
SELECT threefactor.create_event_trigger('altered', 'alter.t', 'http://localhost:8081/', replace => true);
SELECT threefactor.alter_event_trigger('altered', webhook => 'http://no-such-host.invalid/');
ALTER SYSTEM SET threefactor.denied_networks = '127.0.0.0/8';
SELECT pg_reload_conf();
\! until [ "$(psql -XAtd sql_tests -c 'SHOW threefactor.denied_networks')" = 127.0.0.0/8 ]; do sleep 0.05; done
\c
SELECT threefactor.alter_event_trigger('altered', webhook => 'http://LocalHost.:8081/');
ALTER SYSTEM RESET threefactor.denied_networks;
SELECT pg_reload_conf();
\c

-- First guesses: a name, an event; json, jsonb, text and literals.
SELECT threefactor.alter_event_trigger('altered', webhook => 'https://example.com/');
SELECT threefactor.redeliver('altered'), threefactor.discard('altered');
SELECT threefactor.redeliver('00000000-0000-0000-0000-000000000000');
SELECT threefactor.redeliver('00000000-0000-0000-0000-000000000000'::uuid);
SELECT threefactor.discard('00000000-0000-0000-0000-000000000000');
SELECT threefactor.unschedule('00000000-0000-0000-0000-000000000000');
TRUNCATE threefactor.outbox;
SELECT count(threefactor.emit('guess', jsonb_build_object('a', 1))), count(threefactor.emit('guess', json_build_object('a', 1))), count(threefactor.emit('guess', '{"a":  1, "a": 2}')),
  count(threefactor.emit('guess', '{"a":1}'::text)), count(threefactor.emit('guess', '{"a":1}'::varchar)), count(threefactor.emit('guess')), count(threefactor.emit('guess', NULL)), count(threefactor.emit('guess', 'null'));
SELECT count(threefactor.invoke('altered', jsonb_build_object('a', 1))), count(threefactor.invoke('altered', json_build_object('a', 1))), count(threefactor.invoke('altered', '[]'));
SELECT operation, new_row FROM threefactor.events ORDER BY position;
SELECT threefactor.emit('guess', '{');
SELECT threefactor.emit('guess', 'plain'::text);
PREPARE emit AS SELECT threefactor.emit($1, $2) IS NOT NULL AS emitted;
EXECUTE emit('guess', '{"prepared": true}');
SELECT count(threefactor.schedule_once('https://example.com/', now() + interval '1 day', jsonb_build_object('a', 1)));
-- Errors of the functions have no context of theirs, only that of whoever called.
SELECT threefactor.invoke('nothing', '{}');
DO $$ BEGIN PERFORM threefactor.pause('nothing'); END $$;
SELECT threefactor.create_event_trigger('bad', 'alter.t', 'https://example.com/', condition => 'NEW.id +');
SELECT threefactor.create_event_trigger('bad', 'alter.t', 'https://example.com/', apply => 'SELECT missing');

-- Kinds of retry rules: an interval, pauses or a backoff that is named takes what belongs to the other kind away.
SELECT threefactor.create_event_trigger('kinds', topic => 'kinds', webhook => 'https://example.com/', retry => '{"attempts": 3, "timeout": 5}');
CREATE FUNCTION kind(retry jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
BEGIN
  PERFORM threefactor.alter_event_trigger('kinds', retry => kind.retry);
  RETURN (SELECT e.retry FROM threefactor.event_triggers AS e WHERE name = 'kinds');
END $$;
SELECT kind('{"interval": 7}');
SELECT kind('{"pauses": [1, 2]}');
SELECT kind('{"backoff": "fixed"}');
SELECT kind('{"interval": 8}');
SELECT kind('{"backoff": "schedule"}');
SELECT kind('{"interval": 8, "pauses": [1]}');
SELECT kind('{"backoff": "fixed", "pauses": [1]}');
SELECT kind('{"interval": null, "pauses": null}');
DROP FUNCTION kind(jsonb);

SELECT count(threefactor.drop_event_trigger(name)) FROM threefactor.event_triggers;
-- Where there is none at all, either.
SELECT threefactor.pause('nothing');
SELECT threefactor.resume('nothing');
SELECT threefactor.allow_manual('nothing', true);
TRUNCATE threefactor.outbox, threefactor.dropped_event_trigger;
SET client_min_messages = warning;
DROP SCHEMA alter CASCADE;
