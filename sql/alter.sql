-- Changes what is named of an event trigger or a schedule, and nothing else. An argument that is null is not named; `reset` lists
-- those that shall have their default again. Of headers, retry and endpoint the members that are named change (a JSON merge patch,
-- RFC 7396: null removes one).

-- Private.
CREATE FUNCTION threefactor_private.patched(target jsonb, patch jsonb) RETURNS jsonb
  LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF patch IS NULL THEN
    RETURN target;
  ELSIF jsonb_typeof(patch) <> 'object' THEN
    RETURN patch;
  END IF;
  RETURN (SELECT coalesce(jsonb_object_agg(key, CASE WHEN p.value IS NULL THEN t.value ELSE threefactor_private.patched(t.value, p.value) END), '{}')
            FROM jsonb_each(CASE jsonb_typeof(target) WHEN 'object' THEN target ELSE '{}' END) AS t FULL JOIN jsonb_each(patch) AS p USING (key)
           WHERE p.value IS DISTINCT FROM 'null');
END $$;

-- Private. Likewise the limits of an endpoint: a burst that its rate implied goes with the rate.
CREATE FUNCTION threefactor_private.patched_endpoint(target jsonb, patch jsonb) RETURNS jsonb
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF patch ? 'rate' AND NOT patch ? 'burst'
     AND target -> 'burst' = threefactor_private.complete_endpoint(jsonb_build_object('rate', target -> 'rate')) -> 'burst' THEN
    target := target - 'burst';
  END IF;
  RETURN threefactor_private.patched(target, patch);
END $$;

-- Private. Likewise a retry rule: who names an interval, pauses or a backoff gives up what belongs to the other kind, as in a new rule.
CREATE FUNCTION threefactor_private.patched_retry(target jsonb, patch jsonb) RETURNS jsonb
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT patch ? 'backoff' AND nullif(patch -> 'pauses', 'null') IS NOT NULL THEN
    target := target - '{backoff,interval}'::text[];
  ELSIF NOT patch ? 'backoff' AND nullif(patch -> 'interval', 'null') IS NOT NULL AND target ->> 'backoff' = 'schedule' THEN
    target := target - '{backoff,pauses}'::text[];
  ELSIF patch ->> 'backoff' = 'schedule' THEN
    target := target - 'interval';
  ELSIF patch ->> 'backoff' IN ('exponential', 'fixed') THEN
    target := target - 'pauses';
  END IF;
  RETURN threefactor_private.patched(target, patch);
END $$;

-- Private. Raises unless everything in the list is an argument that has a default.
CREATE FUNCTION threefactor_private.check_reset(reset text[], known text[]) RETURNS void
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  wrong text;
BEGIN
  SELECT coalesce(r, 'null') INTO wrong FROM unnest(reset) AS r WHERE r IS NULL OR r <> ALL (known) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'reset: there is no argument "%" that has a default', wrong USING ERRCODE = 'invalid_parameter_value',
      HINT = format('Those that have are %s.', array_to_string(known, ', '));
  END IF;
END $$;

-- Private. How events are posted, changed in place: the row triggers stay, no writer waits.
CREATE FUNCTION threefactor_private.update_delivery(name text, wanted threefactor.definition) RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE threefactor.definition AS d
     SET webhook = wanted.webhook, headers = wanted.headers, retry = wanted.retry, endpoint = wanted.endpoint, secrets = wanted.secrets,
         on_dead = wanted.on_dead, apply = wanted.apply, apply_path = wanted.apply_path, apply_role = wanted.apply_role,
         apply_role_id = wanted.apply_role_id,
         error_webhook = wanted.error_webhook, created_at = now()
   WHERE d.definition_id = wanted.definition_id;
  PERFORM threefactor_private.make_error_trigger(wanted.trigger_id, name, wanted), threefactor_private.definitions_changed();
  PERFORM threefactor_private.warn_of_delivery(name, wanted);
END $$;

CREATE FUNCTION threefactor.alter_event_trigger(
    name          text,
    webhook       text    DEFAULT NULL,
    operations    text[]  DEFAULT NULL,
    columns       text[]  DEFAULT NULL,
    condition     text    DEFAULT NULL,
    payload       text[]  DEFAULT NULL,
    headers       jsonb   DEFAULT NULL,
    retry         jsonb   DEFAULT NULL,
    endpoint      jsonb   DEFAULT NULL,
    body          text    DEFAULT NULL,
    secrets       text[]  DEFAULT NULL,
    order_by      text[]  DEFAULT NULL,
    on_dead       text    DEFAULT NULL,
    apply         text    DEFAULT NULL,
    error_webhook text    DEFAULT NULL,
    on_replica    boolean DEFAULT NULL,
    reset         text[]  DEFAULT '{}') RETURNS void
  LANGUAGE threefactor AS $$
#variable_conflict use_variable
DECLARE
  altered threefactor.event_trigger := threefactor_private.find_event_trigger(name);  -- locked: of two that change it, the second sees what the first did
  old threefactor.definition;
  wanted threefactor.definition;
BEGIN
  SELECT * INTO old FROM threefactor.definition AS d WHERE d.definition_id = altered.definition_id;
  IF altered.errors_of IS NOT NULL THEN
    RAISE EXCEPTION '"%" is the error webhook of another event trigger', name USING ERRCODE = 'wrong_object_type',
      HINT = 'It changes with the event trigger that it belongs to.';
  ELSIF old.operations = '{SCHEDULED}' THEN
    RAISE EXCEPTION '"%" is a schedule', name USING ERRCODE = 'wrong_object_type', HINT = 'Use threefactor.alter_schedule.';
  END IF;
  PERFORM threefactor_private.check_reset(reset, '{operations,columns,condition,payload,headers,retry,endpoint,body,secrets,order_by,on_dead,apply,error_webhook,on_replica}');
  wanted := old;
  wanted.webhook := coalesce(webhook, old.webhook);
  wanted.operations := coalesce(operations, CASE WHEN 'operations' = ANY (reset) THEN '{INSERT,UPDATE,DELETE}' ELSE old.operations END);
  wanted.columns := coalesce(columns, CASE WHEN 'columns' <> ALL (reset) THEN old.columns END);
  wanted.condition := coalesce(condition, CASE WHEN 'condition' <> ALL (reset) THEN old.condition END);
  wanted.condition_path := CASE WHEN condition IS NULL AND old.condition_path IS NOT NULL THEN old.condition_path ELSE threefactor_private.caller_path() END;
  wanted.payload := coalesce(payload, CASE WHEN 'payload' <> ALL (reset) THEN old.payload END);
  wanted.payloads := CASE WHEN payload IS NULL AND 'payload' <> ALL (reset) THEN old.payloads END;
  wanted.headers := threefactor_private.patched(CASE WHEN 'headers' = ANY (reset) THEN '{}' ELSE old.headers END, headers);
  wanted.retry := threefactor_private.patched_retry(CASE WHEN 'retry' = ANY (reset) THEN '{}' ELSE old.retry END, retry);
  wanted.endpoint := threefactor_private.patched_endpoint(CASE WHEN 'endpoint' = ANY (reset) THEN '{}' ELSE old.endpoint END, endpoint);
  wanted.body := coalesce(body, CASE WHEN 'body' = ANY (reset) THEN 'hasura' ELSE old.body END);
  wanted.secrets := coalesce(secrets, CASE WHEN 'secrets' <> ALL (reset) THEN old.secrets END);
  wanted.order_by := coalesce(order_by, CASE WHEN 'order_by' <> ALL (reset) THEN old.order_by END);
  wanted.on_dead := coalesce(on_dead, CASE WHEN 'on_dead' = ANY (reset) THEN 'block' ELSE old.on_dead END);
  wanted.apply := coalesce(apply, CASE WHEN 'apply' <> ALL (reset) THEN old.apply END);
  wanted.error_webhook := coalesce(error_webhook, CASE WHEN 'error_webhook' <> ALL (reset) THEN old.error_webhook END);
  wanted.on_replica := coalesce(on_replica, CASE WHEN 'on_replica' = ANY (reset) THEN false ELSE old.on_replica END);
  IF apply IS NOT NULL THEN
    wanted.apply_path := threefactor_private.caller_path();
  END IF;
  IF wanted.condition IS NULL THEN
    wanted.condition_path := NULL;
  END IF;

  wanted := threefactor_private.complete_definition(name, wanted);
  IF apply IS NOT NULL OR wanted.apply IS NULL THEN
    wanted := threefactor_private.complete_apply(name, wanted);
  ELSE
    PERFORM threefactor_private.keep_apply(name, wanted);
  END IF;
  IF (wanted.operations, wanted.columns, wanted.condition, wanted.payload, wanted.payloads, wanted.body, wanted.order_by, wanted.on_replica) IS DISTINCT FROM
     (old.operations, old.columns, old.condition, old.payload, old.payloads, old.body, old.order_by, old.on_replica) THEN
    PERFORM threefactor_private.make_event_trigger(name, wanted, true);  -- what is captured changes: new row triggers
    RETURN;
  END IF;
  PERFORM threefactor_private.update_delivery(name, wanted);
END $$;

CREATE FUNCTION threefactor.alter_schedule(
    name          text,
    webhook       text     DEFAULT NULL,
    cron          text     DEFAULT NULL,
    time_zone     text     DEFAULT NULL,
    payload       threefactor.payload DEFAULT NULL,
    headers       jsonb    DEFAULT NULL,
    retry         jsonb    DEFAULT NULL,
    tolerance     interval DEFAULT NULL,
    endpoint      jsonb    DEFAULT NULL,
    secrets       text[]   DEFAULT NULL,
    error_webhook text     DEFAULT NULL,
    comment       text     DEFAULT NULL,
    reset         text[]   DEFAULT '{}') RETURNS void
  LANGUAGE threefactor AS $$
#variable_conflict use_variable
DECLARE
  altered threefactor.event_trigger := threefactor_private.find_event_trigger(name);
  old threefactor.schedule;
  timed threefactor.schedule;
  wanted threefactor.definition;
BEGIN
  SELECT * INTO old FROM threefactor.schedule AS s WHERE s.trigger_id = altered.trigger_id FOR UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION '"%" is not a schedule', name USING ERRCODE = 'wrong_object_type', HINT = 'Use threefactor.alter_event_trigger.';
  END IF;
  PERFORM threefactor_private.check_reset(reset, '{time_zone,payload,headers,retry,tolerance,endpoint,secrets,error_webhook,comment}');
  timed := old;
  timed.cron := coalesce(cron, old.cron);
  timed.time_zone := coalesce(time_zone, CASE WHEN 'time_zone' = ANY (reset) THEN 'UTC' ELSE old.time_zone END);
  timed.payload := coalesce(payload::json, CASE WHEN 'payload' <> ALL (reset) THEN old.payload END);
  timed.tolerance := coalesce(tolerance, CASE WHEN 'tolerance' = ANY (reset) THEN '6 hours' ELSE old.tolerance END);
  timed.comment := coalesce(comment, CASE WHEN 'comment' <> ALL (reset) THEN old.comment END);
  PERFORM threefactor_private.check_schedule(timed.payload, timed.comment, timed.tolerance);
  IF (timed.cron, timed.time_zone) <> (old.cron, old.time_zone) THEN
    timed.next_tick := threefactor_private.first_tick(timed.cron, timed.time_zone);
  END IF;
  SELECT * INTO wanted FROM threefactor.definition AS d WHERE d.definition_id = altered.definition_id;
  wanted.webhook := coalesce(webhook, wanted.webhook);
  wanted.headers := threefactor_private.patched(CASE WHEN 'headers' = ANY (reset) THEN '{}' ELSE wanted.headers END, headers);
  wanted.retry := threefactor_private.patched_retry(CASE WHEN 'retry' = ANY (reset) THEN '{}' ELSE wanted.retry END, retry);
  wanted.endpoint := threefactor_private.patched_endpoint(CASE WHEN 'endpoint' = ANY (reset) THEN '{}' ELSE wanted.endpoint END, endpoint);
  wanted.secrets := coalesce(secrets, CASE WHEN 'secrets' <> ALL (reset) THEN wanted.secrets END);
  wanted.error_webhook := coalesce(error_webhook, CASE WHEN 'error_webhook' <> ALL (reset) THEN wanted.error_webhook END);
  UPDATE threefactor.schedule AS s
     SET cron = timed.cron, time_zone = timed.time_zone, payload = timed.payload, comment = timed.comment, tolerance = timed.tolerance,
         next_tick = timed.next_tick
   WHERE s.trigger_id = altered.trigger_id;
  PERFORM threefactor_private.update_delivery(name, threefactor_private.complete_delivery(name, wanted)), threefactor_private.schedules_changed();
END $$;
