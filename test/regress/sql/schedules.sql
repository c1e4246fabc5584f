-- Cron schedules and one-off events. Nothing is delivered here, so the clock is ours: fire_schedules is called by hand.
\set SHOW_CONTEXT never
SET timezone = 'UTC';
TRUNCATE threefactor.outbox, threefactor.parked;
SELECT cron, threefactor.next_tick(cron, zone, '2026-03-28 12:00+00') FROM (VALUES
  ('30 2 * * *', 'Europe/Berlin'), ('@hourly', 'UTC'), ('0 9 * * MON-FRI', 'America/New_York'), ('15 10 31 2 *', 'UTC'),
  ('0 0 29 2 *', 'Asia/Kolkata')) AS wanted (cron, zone);
SELECT threefactor.next_tick('0 0 1 1 *', 'UTC', '294276-12-31 23:59+00') AS after_the_end, threefactor.next_tick('* * * * *', 'UTC', 'infinity') AS infinity,
       threefactor.next_tick('* * * * *', 'UTC', '4714-11-24 00:00+00 BC') IS NOT NULL AS the_beginning;

-- What is refused.
SELECT threefactor.next_tick('61 * * * *');
SELECT threefactor.next_tick('* * * * *', 'Europe/Nowhere');
SELECT threefactor.schedule('never', 'https://example.com/', '0 0 30 2 *');
SELECT threefactor.schedule('bad', 'https://example.com/', '* * *');
SELECT threefactor.schedule('bad', 'ftp://example.com/', '* * * * *');
SELECT threefactor.schedule('no name', 'https://example.com/', '* * * * *');
SELECT threefactor.schedule('bad', 'https://example.com/', '* * * * *', tolerance => '-1 s');
SELECT threefactor.schedule('bad', 'https://example.com/', '* * * * *', retry => '{"tries": 1}');
SELECT threefactor.schedule_once('https://example.com/', NULL);
SELECT threefactor.schedule_once('https://example.com/', 'infinity');
SELECT threefactor.unschedule();
SELECT threefactor.unschedule('nothing');
SELECT threefactor.unschedule(event => '00000000-0000-4000-8000-000000000000');

-- A schedule is an event trigger, with a name that no other has.
SELECT threefactor.schedule('nightly', 'https://example.com/nightly', '0 2 * * *', 'Europe/Berlin', '{"clean": true}', comment => 'cleans',
  headers => '{"X-Key": "secret"}');
SELECT name, cron, time_zone, next_tick > now() AS next, last_tick, webhook, headers, tolerance, comment, payload FROM threefactor.schedules;
SELECT name, relation, operations FROM threefactor.event_triggers WHERE name = 'nightly';
SELECT threefactor.schedule('nightly', 'https://example.com/nightly', '0 3 * * *');
CREATE TABLE schedules_t (id integer);
SELECT threefactor.create_event_trigger('nightly', 'schedules_t', 'https://example.com/', replace => true);
SELECT threefactor.create_event_trigger('a-trigger', 'schedules_t', 'https://example.com/');
SELECT threefactor.schedule('a-trigger', 'https://example.com/', '@daily', replace => true);
SELECT threefactor.unschedule('a-trigger');

-- Each tick is one event: those missed within the tolerance too.
CREATE FUNCTION pg_temp.missed(schedule text, since interval) RETURNS void LANGUAGE sql AS $$
  UPDATE threefactor.schedule AS s SET next_tick = date_trunc('hour', now() - since)
   WHERE trigger_id = (SELECT trigger_id FROM threefactor.event_trigger WHERE name = schedule) $$;
CREATE FUNCTION pg_temp.made() RETURNS TABLE (name text, state text, events bigint, once_each boolean) LANGUAGE sql AS $$
  SELECT d.event_trigger, d.state, count(*), count(*) = count(DISTINCT e.new_row ->> 'scheduled_time')
    FROM threefactor.deliveries AS d JOIN (SELECT event_id, new_row FROM threefactor.events UNION ALL
         SELECT event_id, new_row FROM threefactor.dead_letters) AS e USING (event_id) GROUP BY 1, 2 ORDER BY 1, 2 $$;
SELECT threefactor.schedule('nightly', 'https://example.com/nightly', '0 * * * *', 'UTC', '{"clean": true}', comment => 'cleans', replace => true);
SELECT pg_temp.missed('nightly', '3 hours');
SELECT threefactor_private.fire_schedules() > now() AS next_is_to_come;
SELECT threefactor_private.fire_schedules() > now() AS nothing_more;
SELECT name, state, events IN (4, 5) AS all_of_them, once_each FROM pg_temp.made();
SELECT operation, (new_row ->> 'scheduled_time') ~ '^20\d\d-\d\d-\d\dT\d\d:00:00Z$' AS time, new_row -> 'payload' AS payload,
       new_row ->> 'comment' AS comment FROM threefactor.events LIMIT 1;

-- Later than that: dead letters that can be seen and delivered again; at most a hundred, the rest is skipped.
TRUNCATE threefactor.outbox;
SELECT pg_temp.missed('nightly', '12 hours');
SELECT threefactor_private.fire_schedules() > now();
SELECT name, state, events IN (6, 7) AS half_of_them, once_each FROM pg_temp.made();
SELECT last_error, attempts FROM threefactor.dead_letters LIMIT 1;
SELECT threefactor.redeliver(trigger => 'nightly') IN (6, 7) AS half_of_them;
TRUNCATE threefactor.outbox, threefactor.parked;
SELECT pg_temp.missed('nightly', '1 year');
SELECT threefactor_private.fire_schedules() > now() AS at_once, threefactor_private.fire_schedules() > now() AS nothing_more;
SELECT name, state, CASE state WHEN 'dead' THEN events END AS dead, events IN (6, 7) AS tolerated, once_each FROM pg_temp.made();
TRUNCATE threefactor.outbox, threefactor.parked;

-- A clock that went back fires nothing twice; a paused schedule fires nothing; one that fails leaves the others alone.
UPDATE threefactor.schedule SET next_tick = now() + interval '1 hour';
SELECT threefactor_private.fire_schedules() = next_tick AS same FROM threefactor.schedule;
SELECT threefactor.schedule('paused', 'https://example.com/', '* * * * *'), threefactor.pause('paused');
SELECT threefactor.schedule('broken', 'https://example.com/', '* * * * *');
SELECT pg_temp.missed(name, '0') FROM (VALUES ('nightly'), ('paused'), ('broken')) AS all_three (name);
UPDATE threefactor.schedule SET time_zone = 'Gone' WHERE time_zone = 'UTC' AND next_tick <= now() AND cron = '* * * * *';
SELECT threefactor_private.fire_schedules() > now() AS again_in_a_second;
SELECT name, events FROM pg_temp.made();
SELECT threefactor.unschedule('broken'), threefactor.unschedule('paused');

-- Invoked: an event now.
TRUNCATE threefactor.outbox;
SELECT threefactor.invoke('nightly', '{"now": 1}') IS NOT NULL, threefactor.invoke('nightly', NULL) IS NOT NULL;
SELECT operation, new_row ->> 'name' AS name, new_row -> 'payload' AS payload FROM threefactor.events ORDER BY position;

-- The same ticks after a change that leaves the times alone, others after one that does not.
UPDATE threefactor.schedule SET next_tick = '2020-01-01 00:00+00';
SELECT threefactor.schedule('nightly', 'https://example.com/other', '0 * * * *', 'UTC', replace => true);
SELECT next_tick, webhook FROM threefactor.schedules;
SELECT threefactor.schedule('nightly', 'https://example.com/other', '@daily', 'UTC', replace => true);
SELECT next_tick > now() FROM threefactor.schedules;
SELECT threefactor.unschedule('nightly');
SELECT count(*) FROM threefactor.schedule;
TRUNCATE threefactor.outbox, threefactor.parked;

-- One-off events.
SELECT threefactor.schedule_once('https://example.com/once', now() + interval '1 day', '{"n": 1}', comment => 'later',
  headers => '{"X-Key": "secret"}') AS later \gset
SELECT threefactor.schedule_once('https://example.com/once', now() - interval '1 hour', '{"n": 2}', headers => '{"X-Key": "secret"}') AS due \gset
SELECT threefactor.schedule_once('https://example.com/once', now() - interval '1 hour', '{"n": 3}', tolerance => '1 min') AS late \gset
SELECT at > now() AS pending, headers, payload, comment FROM threefactor.scheduled_events ORDER BY at DESC, headers;
SELECT count(*) AS shared FROM threefactor.event_trigger WHERE name LIKE 'once:%';
SELECT threefactor_private.fire_schedules() AS next \gset
SELECT at = :'next' AS next_is_the_last FROM threefactor.scheduled_events;
SELECT event_id = :'due' AS due, event_id = :'late' AS late, state FROM threefactor.deliveries ORDER BY state;
SELECT (new_row::jsonb - 'scheduled_time' - 'created_at'), (new_row ->> 'created_at') ~ 'Z$' AS created_at FROM threefactor.events;
\set VERBOSITY sqlstate
SELECT threefactor.unschedule(event => :'due');
\set VERBOSITY default
SELECT threefactor.unschedule(event => :'later');
SELECT count(*) FROM threefactor.scheduled_events;
-- Their event triggers go when nothing needs them.
SELECT threefactor_private.forget_unused_once();
SELECT count(*) AS still_needed FROM threefactor.event_trigger WHERE name LIKE 'once:%';
TRUNCATE threefactor.outbox, threefactor.parked;
SELECT threefactor_private.forget_unused_once();
SELECT count(*) FROM threefactor.event_trigger WHERE name LIKE 'once:%';

-- Rights.
CREATE ROLE regress_scheduler IN ROLE threefactor_admin;
CREATE ROLE regress_reader IN ROLE threefactor_monitor;
SET ROLE regress_scheduler;
SELECT threefactor.schedule('mine', 'https://user:password@example.com/?token=secret', '@daily', payload => '{"secret": 1}', headers => '{"X-Key": "secret"}');
SELECT threefactor.schedule_once('https://user:password@example.com/?token=secret', now() + interval '1 day', '{"secret": 2}') AS event \gset
SET ROLE regress_reader;
SELECT name, webhook, headers, payload FROM threefactor.schedules;
SELECT webhook, payload FROM threefactor.scheduled_events;
SELECT threefactor.unschedule('mine');
SELECT threefactor_private.fire_schedules();
SET ROLE regress_scheduler;
SELECT threefactor.unschedule('mine'), threefactor.unschedule(event => :'event');
RESET ROLE;
DROP ROLE regress_scheduler, regress_reader;
SELECT threefactor.drop_event_trigger('a-trigger');
SELECT threefactor_private.forget_unused_once();
DROP TABLE schedules_t;
