-- Schedules: events that no change makes but the clock. A cron schedule is an event trigger without a relation (operations {SCHEDULED})
-- and a row here; so what is said of event triggers holds: pause, resume, redeliver, the views, attempts, dead letters. One-off
-- events are rows until they are due; each belongs to an event trigger "once:n", shared by those that are posted alike.
-- The worker (its first, where there are several) calls fire_schedules when the next of them is due: extension/schedule/README.md.
CREATE TABLE threefactor.schedule (
  trigger_id integer PRIMARY KEY REFERENCES threefactor.event_trigger ON DELETE CASCADE,
  cron       text        NOT NULL,
  time_zone  text        NOT NULL,
  payload    json,
  comment    text,
  tolerance  interval    NOT NULL,
  next_tick  timestamptz NOT NULL,  -- the first that is not an event yet; infinity: there is none any more
  last_tick  timestamptz,
  error      text,                  -- why its ticks that are due are no events; null: they are
  include_in_metadata boolean NOT NULL DEFAULT true  -- whether the metadata that an API exports shall hold it
);

CREATE TABLE threefactor.scheduled_event (
  event_id   uuid        PRIMARY KEY,  -- which its event will have
  trigger_id integer     NOT NULL REFERENCES threefactor.event_trigger ON DELETE CASCADE,
  at         timestamptz NOT NULL,
  payload    json,
  comment    text,
  tolerance  interval    NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX scheduled_event_at ON threefactor.scheduled_event (at);
CREATE INDEX scheduled_event_trigger ON threefactor.scheduled_event (trigger_id);

SELECT pg_catalog.pg_extension_config_dump('threefactor.schedule', '');
SELECT pg_catalog.pg_extension_config_dump('threefactor.scheduled_event', '');

-- The first time after `after` that a cron expression names in a time zone; null: none within fifty years. Raises for what is no
-- cron expression, or no time zone.
CREATE FUNCTION threefactor.next_tick(cron text, time_zone text DEFAULT 'UTC', after timestamptz DEFAULT now()) RETURNS timestamptz
  LANGUAGE c STRICT STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'threefactor_next_tick';

-- Private. Appends an event of operation SCHEDULED, whose new row is the body of its deliveries but for the id; or of operation ERROR, whose
-- new row is what an error webhook is told.
CREATE FUNCTION threefactor_private.append_scheduled(event_id uuid, definition integer, body json, failure boolean) RETURNS void
  LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'threefactor_append_scheduled';

-- Private. At commit, the worker looks again when the next schedule is due.
CREATE FUNCTION threefactor_private.schedules_changed() RETURNS void
  LANGUAGE c AS 'MODULE_PATHNAME', 'threefactor_schedules_changed';

-- Private. A time as the bodies of scheduled events have it.
CREATE FUNCTION threefactor_private.utc_text(at timestamptz) RETURNS text
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS')
         || CASE WHEN at = date_trunc('second', at) THEN 'Z' ELSE to_char(at, '.US"Z"') END;

-- Private. The body of a scheduled event but for its id; what is null is left out, the payload apart.
CREATE FUNCTION threefactor_private.scheduled_body(name text, at timestamptz, payload json, created_at timestamptz, comment text) RETURNS json
  LANGUAGE sql STABLE
  RETURN (SELECT json_object_agg(member.key, member.value ORDER BY member.place)
            FROM (VALUES (1, 'name', to_json(name)), (2, 'scheduled_time', to_json(threefactor_private.utc_text(at))),
                         (3, 'payload', coalesce(payload, 'null')), (4, 'created_at', to_json(threefactor_private.utc_text(created_at))),
                         (5, 'comment', to_json(comment))) AS member (place, key, value)
           WHERE member.value IS NOT NULL);

-- Private. Raises unless payload, comment and tolerance can be.
CREATE FUNCTION threefactor_private.check_schedule(payload json, comment text, tolerance interval) RETURNS void
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM threefactor_private.check_payload(payload);
  IF octet_length(comment) > 65536 THEN
    RAISE EXCEPTION 'a comment must not be larger than 64 kB' USING ERRCODE = 'program_limit_exceeded';
  END IF;
  IF tolerance IS NULL OR extract(epoch FROM tolerance) NOT BETWEEN 0 AND 3155760000 THEN
    RAISE EXCEPTION 'tolerance must be from zero to 100 years' USING ERRCODE = 'invalid_parameter_value',
      HINT = 'It is how late an event may be fired; later, it becomes a dead letter.';
  END IF;
END $$;

-- Private. Whether it is later than the tolerance allows. By seconds: they are there for every time and interval, also where the sum of
-- the two is out of range.
CREATE FUNCTION threefactor_private.is_late(at timestamptz, tolerance interval, present timestamptz) RETURNS boolean
  LANGUAGE sql STABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp
  RETURN extract(epoch FROM present) - extract(epoch FROM at) > extract(epoch FROM tolerance);

-- Private. When a schedule is due for the first time; raises when there is no such time.
CREATE FUNCTION threefactor_private.first_tick(cron text, time_zone text) RETURNS timestamptz
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  tick timestamptz := threefactor.next_tick(cron, time_zone, clock_timestamp());
BEGIN
  IF tick IS NULL THEN
    RAISE EXCEPTION 'cron expression "%" names no time, or an argument of it is null', cron USING ERRCODE = 'invalid_parameter_value';
  END IF;
  RETURN tick;
END $$;

-- Makes a cron schedule, or with replace gives an existing one a new definition.
CREATE FUNCTION threefactor.schedule(
    name          text,
    webhook       text,
    cron          text,
    time_zone     text     DEFAULT 'UTC',
    payload       threefactor.payload DEFAULT NULL,
    headers       jsonb    DEFAULT '{}',
    retry         jsonb    DEFAULT '{}',
    tolerance     interval DEFAULT '6 hours',
    endpoint      jsonb    DEFAULT '{}',
    secrets       text[]   DEFAULT NULL,
    error_webhook text     DEFAULT NULL,
    comment       text     DEFAULT NULL,
    replace       boolean  DEFAULT false,
    include_in_metadata boolean DEFAULT true) RETURNS void
  LANGUAGE threefactor AS $$
#variable_conflict use_variable
DECLARE
  stored threefactor.definition;
  next_tick timestamptz := threefactor_private.first_tick(cron, time_zone);
BEGIN
  IF name LIKE 'once:%' THEN
    RAISE EXCEPTION '"%" is a name of one-off events', name USING ERRCODE = 'invalid_name', HINT = 'Choose one that does not begin with "once:".';
  END IF;
  PERFORM threefactor_private.check_schedule(payload, comment, tolerance);
  stored := threefactor_private.store_definition(
    name, threefactor_private.complete_schedule(name, webhook, headers, retry, endpoint, secrets, error_webhook), replace);
  INSERT INTO threefactor.schedule AS s (trigger_id, cron, time_zone, payload, comment, tolerance, next_tick, include_in_metadata)
    VALUES (stored.trigger_id, cron, time_zone, payload, comment, tolerance, next_tick, coalesce(include_in_metadata, true))
    ON CONFLICT ON CONSTRAINT schedule_pkey DO UPDATE
      SET cron = EXCLUDED.cron, time_zone = EXCLUDED.time_zone, payload = EXCLUDED.payload, comment = EXCLUDED.comment,
          tolerance = EXCLUDED.tolerance, include_in_metadata = EXCLUDED.include_in_metadata, error = NULL,
          next_tick = CASE WHEN (s.cron, s.time_zone) = (EXCLUDED.cron, EXCLUDED.time_zone) THEN s.next_tick ELSE EXCLUDED.next_tick END;
  PERFORM threefactor_private.definitions_changed(), threefactor_private.schedules_changed(), threefactor_private.warn_of_delivery(name, stored);
END $$;

-- Private. The definition of a schedule, checked.
CREATE FUNCTION threefactor_private.complete_schedule(
    name text, webhook text, headers jsonb, retry jsonb, endpoint jsonb, secrets text[], error_webhook text)
  RETURNS threefactor.definition
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  wanted threefactor.definition;
BEGIN
  wanted.webhook := webhook;
  wanted.operations := '{SCHEDULED}';
  wanted.headers := headers;
  wanted.retry := retry;
  wanted.endpoint := endpoint;
  wanted.body := 'hasura';
  wanted.secrets := secrets;
  wanted.on_dead := 'block';
  wanted.error_webhook := error_webhook;
  wanted.on_replica := false;
  RETURN threefactor_private.complete_delivery(name, wanted);
END $$;

-- Makes an event at a time to come (or at once, if it has passed), and gives its id.
CREATE FUNCTION threefactor.schedule_once(
    webhook       text,
    at            timestamptz,
    payload       threefactor.payload DEFAULT NULL,
    headers       jsonb    DEFAULT '{}',
    retry         jsonb    DEFAULT '{}',
    tolerance     interval DEFAULT '6 hours',
    endpoint      jsonb    DEFAULT '{}',
    secrets       text[]   DEFAULT NULL,
    error_webhook text     DEFAULT NULL,
    comment       text     DEFAULT NULL) RETURNS uuid
  LANGUAGE threefactor AS $$
#variable_conflict use_variable
DECLARE
  wanted threefactor.definition;
  shared integer;
  made uuid := gen_random_uuid();
BEGIN
  IF at IS NULL OR at NOT BETWEEN '0001-01-01 00:00Z' AND '9999-12-31 23:59:59Z' THEN
    RAISE EXCEPTION 'a one-off event needs a time' USING ERRCODE = 'invalid_parameter_value', HINT = 'From the year 1 to the year 9999.';
  END IF;
  PERFORM threefactor_private.check_schedule(payload, comment, tolerance);
  wanted := threefactor_private.complete_schedule('once', webhook, headers, retry, endpoint, secrets, error_webhook);
  SELECT t.trigger_id INTO shared
    FROM threefactor.definition AS d JOIN threefactor.event_trigger AS t USING (definition_id)
   WHERE t.name LIKE 'once:%' AND t.owner_id = threefactor_private.role_id(threefactor_private.caller()) AND d.operations = '{SCHEDULED}' AND d.webhook = wanted.webhook
     AND (d.headers, d.retry, d.endpoint, d.secrets, d.error_webhook) IS NOT DISTINCT FROM
         (wanted.headers, wanted.retry, wanted.endpoint, wanted.secrets, wanted.error_webhook)
   LIMIT 1 FOR KEY SHARE OF t;
  IF NOT FOUND THEN
    wanted := threefactor_private.store_definition('once:' || nextval('threefactor.once_seq'), wanted, false);
    shared := wanted.trigger_id;
    PERFORM threefactor_private.definitions_changed();
  END IF;
  INSERT INTO threefactor.scheduled_event (event_id, trigger_id, at, payload, comment, tolerance)
    VALUES (made, shared, at, payload, comment, tolerance);
  PERFORM threefactor_private.schedules_changed(), threefactor_private.warn_of_delivery(NULL, wanted);
  RETURN made;
END $$;

CREATE SEQUENCE threefactor.once_seq;
SELECT pg_catalog.pg_extension_config_dump('threefactor.once_seq', '');

-- Private. Cancels a one-off event that is not yet due.
CREATE FUNCTION threefactor_private.cancel_scheduled(event uuid) RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  DELETE FROM threefactor.scheduled_event AS e WHERE e.event_id = event AND threefactor_private.caller_owns(e.trigger_id);
  IF NOT FOUND THEN
    RAISE EXCEPTION 'event % is not scheduled', event USING ERRCODE = 'undefined_object',
      HINT = 'Once it is due, it is delivered like any other event: see threefactor.deliveries.';
  END IF;
END $$;

-- Ends a cron schedule, or cancels a one-off event that is not yet due.
CREATE FUNCTION threefactor.unschedule(name text DEFAULT NULL, event uuid DEFAULT NULL) RETURNS void
  LANGUAGE threefactor AS $$
#variable_conflict use_variable
DECLARE
  named integer;
BEGIN
  IF (name IS NULL) = (event IS NULL) THEN
    RAISE EXCEPTION 'unschedule needs the name of a schedule or the id of an event' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  IF event IS NULL AND threefactor_private.names_event(name) THEN
    event := name::uuid;
  END IF;
  IF event IS NOT NULL THEN
    PERFORM threefactor_private.cancel_scheduled(event);
    RETURN;
  END IF;
  SELECT trigger_id INTO named FROM threefactor_private.find_event_trigger(name);
  IF NOT EXISTS (SELECT FROM threefactor.schedule AS s WHERE s.trigger_id = named) THEN
    RAISE EXCEPTION '"%" is not a schedule', name USING ERRCODE = 'wrong_object_type', HINT = 'Use threefactor.drop_event_trigger.';
  END IF;
  PERFORM threefactor.drop_event_trigger(name);
END $$;
CREATE FUNCTION threefactor.unschedule(event_id uuid) RETURNS void
  LANGUAGE threefactor AS $$
BEGIN
  PERFORM threefactor_private.cancel_scheduled(event_id);
END $$;

-- Private. Makes the event of a schedule; with a reason why it cannot be delivered it becomes a dead letter at once, of which its error
-- webhook is told as the worker tells it of others (extension/pure/attempt/failure.hpp).
CREATE FUNCTION threefactor_private.fire(event uuid, trigger integer, definition integer, body json, reason text) RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  present CONSTANT timestamptz := clock_timestamp();
  told record;
BEGIN
  IF reason IS NULL THEN
    PERFORM threefactor_private.append_scheduled(event, definition, body, false);
    RETURN;
  END IF;
  INSERT INTO threefactor.parked (event_id, trigger_id, definition_id, idempotency_key, state, attempts, last_error, event_xid,
                                  event_position, created_at, operation, new_row)
    VALUES (event, trigger, definition, threefactor.delivery_key(event, trigger), 'dead', 0, reason, pg_current_xact_id(), 0,
            present, 'SCHEDULED', body);
  SELECT e.definition_id, t.name INTO told
    FROM threefactor.event_trigger AS e JOIN threefactor.event_trigger AS t ON t.trigger_id = e.errors_of WHERE e.errors_of = trigger;
  IF FOUND THEN
    PERFORM threefactor_private.append_scheduled(gen_random_uuid(), told.definition_id, json_build_object(
      'error', reason, 'status', NULL, 'response', NULL, 'attempts', 0, 'failed_at', threefactor_private.utc_text(present),
      'event', json_build_object(
        'id', threefactor.delivery_key(event, trigger), 'created_at', threefactor_private.utc_text(present), 'table', NULL,
        'trigger', json_build_object('name', told.name),
        'event', json_build_object('op', 'SCHEDULED', 'data', json_build_object('old', NULL, 'new', body),
                                   'session_variables', NULL, 'trace_context', NULL))), true);
  END IF;
END $$;

-- Private. What invoke does with a schedule: an event now, with the payload given, or its own.
CREATE FUNCTION threefactor_private.invoke_schedule(invoked threefactor.event_trigger, payload json) RETURNS uuid
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  schedule threefactor.schedule;
  made uuid := gen_random_uuid();
BEGIN
  PERFORM threefactor_private.check_payload(invoke_schedule.payload);
  SELECT * INTO schedule FROM threefactor.schedule AS s WHERE s.trigger_id = invoked.trigger_id;
  PERFORM threefactor_private.append_scheduled(made, invoked.definition_id, threefactor_private.scheduled_body(
    invoked.name, clock_timestamp(), coalesce(invoke_schedule.payload, schedule.payload), NULL, schedule.comment), false);
  RETURN made;
END $$;

-- Private. Why an event of a schedule is not delivered when it should be; null: it is.
CREATE FUNCTION threefactor_private.late_reason(at timestamptz, tolerance interval, present timestamptz) RETURNS text
  LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
  RETURN CASE WHEN threefactor_private.is_late(at, tolerance, present)
              THEN 'nobody delivered when it was due, and it is later now than the schedule tolerates' END;

-- Private, of the worker. Makes the one-off events that are due, and gives their number. One of which no event can be made becomes a dead
-- letter without a body; the others go on.
CREATE FUNCTION threefactor_private.fire_once(present timestamptz, most integer) RETURNS integer
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  due record;
  fired integer := 0;
  why text;
BEGIN
  FOR due IN
    SELECT e.*, t.definition_id FROM threefactor.scheduled_event AS e JOIN threefactor.event_trigger AS t USING (trigger_id)
     WHERE e.at <= present ORDER BY e.at LIMIT most FOR UPDATE OF e SKIP LOCKED LOOP
    fired := fired + 1;
    DELETE FROM threefactor.scheduled_event AS e WHERE e.event_id = due.event_id;
    BEGIN
      PERFORM threefactor_private.fire(due.event_id, due.trigger_id, due.definition_id, threefactor_private.scheduled_body(
        NULL, due.at, due.payload, due.created_at, due.comment), threefactor_private.late_reason(due.at, due.tolerance, present));
      CONTINUE;
    EXCEPTION WHEN disk_full OR transaction_rollback THEN
      RAISE;
    WHEN OTHERS THEN
      why := 'no event can be made of it (SQLSTATE ' || SQLSTATE || ')';  -- a message might show what is in it
    END;
    RAISE WARNING 'threefactor: one-off event %: %', due.event_id, why;
    PERFORM threefactor_private.fire(due.event_id, due.trigger_id, due.definition_id, 'null', why);
  END LOOP;
  RETURN fired;
END $$;

-- Private, of the worker. Makes the events of schedules that are due, and says when to come again; null: when something changed.
-- A tick and the schedule's next_tick commit together: no tick is lost, none made twice. Whoever holds a row is not waited for.
CREATE FUNCTION threefactor_private.fire_schedules() RETURNS timestamptz
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  most_ticks CONSTANT integer := 100;  -- of one schedule at once; also, of those that are too late, how many become dead letters
  most_events CONSTANT integer := 500;
  present CONSTANT timestamptz := clock_timestamp();
  due record;
  full_batch boolean := false;
  next timestamptz;
BEGIN
  FOR due IN
    SELECT s.*, t.name, t.definition_id FROM threefactor.schedule AS s JOIN threefactor.event_trigger AS t USING (trigger_id)
     WHERE s.next_tick <= present AND NOT t.paused ORDER BY s.next_tick FOR UPDATE OF s SKIP LOCKED LOOP
    BEGIN
      FOR tick IN 1..most_ticks LOOP
        EXIT WHEN due.next_tick > present;
        PERFORM threefactor_private.fire(gen_random_uuid(), due.trigger_id, due.definition_id, threefactor_private.scheduled_body(
            due.name, due.next_tick, due.payload, NULL, due.comment), threefactor_private.late_reason(due.next_tick, due.tolerance, present));
        due.last_tick := due.next_tick;
        due.next_tick := coalesce(threefactor.next_tick(due.cron, due.time_zone, due.next_tick), 'infinity');
      END LOOP;
      IF threefactor_private.is_late(due.next_tick, due.tolerance, present) THEN
        RAISE LOG 'threefactor: schedule "%": ticks from % on are skipped, nobody delivered when they were due', due.name, due.next_tick;
        due.next_tick := coalesce(threefactor.next_tick(due.cron, due.time_zone, present - due.tolerance), 'infinity');
      END IF;
      UPDATE threefactor.schedule AS s SET next_tick = due.next_tick, last_tick = due.last_tick, error = NULL
       WHERE s.trigger_id = due.trigger_id;
      full_batch := full_batch OR due.next_tick <= present;
    EXCEPTION WHEN disk_full OR transaction_rollback THEN
      RAISE;
    WHEN OTHERS THEN  -- its time zone may be gone: the others go on
      IF due.error IS DISTINCT FROM SQLERRM THEN
        UPDATE threefactor.schedule AS s SET error = SQLERRM WHERE s.trigger_id = due.trigger_id;
        RAISE WARNING 'threefactor: schedule "%" failed, SQLSTATE %', due.name, SQLSTATE
          USING HINT = 'threefactor.schedules has the error. Its ticks wait until schedule(..., replace => true) mends it. Then they are events, or dead letters if they are late.';
      END IF;
    END;
  END LOOP;
  IF threefactor_private.fire_once(present, most_events) = most_events OR full_batch THEN
    RETURN present;
  END IF;
  SELECT min(each.time) INTO next FROM (
    SELECT min(CASE WHEN s.error IS NULL THEN s.next_tick ELSE greatest(s.next_tick, present + interval '1 minute') END)
      FROM threefactor.schedule AS s JOIN threefactor.event_trigger AS t USING (trigger_id) WHERE NOT t.paused
    UNION ALL (SELECT at FROM threefactor.scheduled_event ORDER BY at LIMIT 1)) AS each (time);
  RETURN CASE WHEN next <= present THEN present + interval '1 second' ELSE next END;
END $$;

-- Private, of the worker. Event triggers of one-off events that nothing needs any more go, with their error triggers.
CREATE FUNCTION threefactor_private.forget_unused_once() RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  unused integer[];
BEGIN
  -- Two statements: the second sees what whoever held the row has done.
  unused := ARRAY(SELECT t.trigger_id FROM threefactor.event_trigger AS t
                   WHERE t.name LIKE 'once:%' AND t.errors_of IS NULL
                     AND NOT EXISTS (SELECT FROM threefactor.scheduled_event AS e WHERE e.trigger_id = t.trigger_id)
                   FOR UPDATE SKIP LOCKED);
  IF unused = '{}' THEN
    RETURN;
  END IF;
  unused := ARRAY(
    SELECT unnest(unused) EXCEPT SELECT e.trigger_id FROM threefactor.scheduled_event AS e
    EXCEPT SELECT coalesce(t.errors_of, t.trigger_id) FROM threefactor.parked AS p JOIN threefactor.event_trigger AS t USING (trigger_id)
    EXCEPT SELECT coalesce(t.errors_of, t.trigger_id)
             FROM threefactor.outbox AS o JOIN threefactor.definition AS d ON d.definition_id = ANY (o.definitions)
             JOIN threefactor.event_trigger AS t USING (trigger_id) WHERE t.name LIKE 'once:%');
  DELETE FROM threefactor.definition AS d USING threefactor.event_trigger AS t
   WHERE t.trigger_id = d.trigger_id AND coalesce(t.errors_of, t.trigger_id) = ANY (unused);
  DELETE FROM threefactor.event_trigger AS t WHERE coalesce(t.errors_of, t.trigger_id) = ANY (unused);
  IF FOUND THEN
    PERFORM threefactor_private.definitions_changed();
  END IF;
END $$;

CREATE VIEW threefactor.schedules AS
  SELECT t.name, s.cron, s.time_zone, nullif(s.next_tick, 'infinity') AS next_tick, s.last_tick, t.paused,
         threefactor_private.shown_url(d.webhook, readable.rows) AS webhook, threefactor_private.masked_headers(d.headers) AS headers, d.retry, s.tolerance, s.comment,
         CASE WHEN readable.rows THEN s.payload END AS payload, t.created_at,
         CASE WHEN readable.rows THEN s.error WHEN s.error IS NOT NULL THEN 'failed' END AS error, s.include_in_metadata
    FROM threefactor.schedule AS s
    JOIN threefactor.event_trigger AS t USING (trigger_id)
    JOIN threefactor.definition AS d USING (definition_id)
    JOIN threefactor_private.names AS n ON n.trigger_id = t.trigger_id
    CROSS JOIN LATERAL (SELECT threefactor_private.reader_owns(n.owner) AS rows) AS readable;

-- One-off events that are not due yet; then they are in events and deliveries.
CREATE VIEW threefactor.scheduled_events AS
  SELECT e.event_id, e.at, threefactor_private.shown_url(d.webhook, readable.rows) AS webhook, threefactor_private.masked_headers(d.headers) AS headers, d.retry,
         e.tolerance, e.comment, CASE WHEN readable.rows THEN e.payload END AS payload, e.created_at
    FROM threefactor.scheduled_event AS e
    JOIN threefactor.event_trigger AS t USING (trigger_id)
    JOIN threefactor.definition AS d USING (definition_id)
    JOIN threefactor_private.names AS n ON n.trigger_id = t.trigger_id
    CROSS JOIN LATERAL (SELECT threefactor_private.reader_owns(n.owner) AS rows) AS readable;
