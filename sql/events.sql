-- The SQL API of event triggers. Functions run with the rights of their caller: an administrator (threefactor_admin) who owns
-- the table. So a condition never gets more rights than its author has. Their search_path is pinned: whoever may make objects
-- in a schema of the caller's path could have them run with the caller's rights.

-- Captures one row change: extension/capture/trigger.cpp. Its arguments are a definition and the columns of the payload.
CREATE FUNCTION threefactor.capture() RETURNS trigger
  LANGUAGE c AS 'MODULE_PATHNAME', 'threefactor_capture';

-- Private. Makes one row trigger; null columns: any column, null condition: every change.
CREATE FUNCTION threefactor.create_capture_trigger(
    relation regclass, name text, operation text, arguments text[], columns text[], condition text) RETURNS void
  LANGUAGE c AS 'MODULE_PATHNAME', 'threefactor_create_capture_trigger';

-- Private. Appends an event of operation MANUAL.
CREATE FUNCTION threefactor.append_event(definition integer, table_schema text, table_name text, payload json) RETURNS uuid
  LANGUAGE c AS 'MODULE_PATHNAME', 'threefactor_append_event';

-- Private. At commit, the worker reads event triggers / parked deliveries again.
CREATE FUNCTION threefactor.definitions_changed() RETURNS void
  LANGUAGE c AS 'MODULE_PATHNAME', 'threefactor_definitions_changed';
CREATE FUNCTION threefactor.parked_changed() RETURNS void
  LANGUAGE c AS 'MODULE_PATHNAME', 'threefactor_parked_changed';

-- The idempotency key that the deliveries of an event to an event trigger carry.
CREATE FUNCTION threefactor.delivery_key(event_id uuid, trigger_id integer) RETURNS uuid
  LANGUAGE c STRICT IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'threefactor_delivery_key';

-- Private. One member of a retry rule: a number between two bounds, or the default.
CREATE FUNCTION threefactor.retry_number(
    retry jsonb, key text, otherwise numeric, lowest numeric, highest numeric, whole boolean) RETURNS numeric
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  given jsonb := retry -> key;
BEGIN
  IF given IS NULL OR given = 'null' THEN
    RETURN otherwise;
  END IF;
  IF jsonb_typeof(given) <> 'number' OR given::numeric NOT BETWEEN lowest AND highest
     OR (whole AND given::numeric <> trunc(given::numeric)) THEN
    RAISE EXCEPTION 'retry: "%" must be a %number from % to %', key, CASE WHEN whole THEN 'whole ' ELSE '' END, lowest, highest
      USING ERRCODE = 'invalid_parameter_value', DETAIL = format('It is %s.', given);
  END IF;
  RETURN given::numeric;
END $$;

-- Private. The retry rule with every member, or an error.
CREATE FUNCTION threefactor.complete_retry(retry jsonb) RETURNS jsonb
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  unknown text;
  backoff text := coalesce(retry ->> 'backoff', 'exponential');
  statuses jsonb := nullif(retry -> 'statuses', 'null');
BEGIN
  IF jsonb_typeof(retry) IS DISTINCT FROM 'object' THEN
    RAISE EXCEPTION 'retry must be a JSON object' USING ERRCODE = 'invalid_parameter_value',
      HINT = 'For example {"attempts": 5, "backoff": "fixed", "interval": 10}.';
  END IF;
  SELECT key INTO unknown FROM jsonb_object_keys(retry) AS key
   WHERE key NOT IN ('attempts', 'backoff', 'interval', 'max_interval', 'timeout', 'statuses') ORDER BY key LIMIT 1;
  IF unknown IS NOT NULL THEN
    RAISE EXCEPTION 'retry has no member "%"', unknown USING ERRCODE = 'invalid_parameter_value',
      HINT = 'Members are attempts, backoff, interval, max_interval, timeout and statuses.';
  END IF;
  IF backoff NOT IN ('exponential', 'fixed') THEN
    RAISE EXCEPTION 'retry: "backoff" must be "exponential" or "fixed"' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  IF statuses IS NOT NULL AND (jsonb_typeof(statuses) <> 'array' OR EXISTS (
       SELECT FROM jsonb_array_elements(statuses) AS status
        WHERE jsonb_typeof(status) <> 'number' OR status::text !~ '^[1-5][0-9][0-9]$')) THEN
    RAISE EXCEPTION 'retry: "statuses" must be a list of HTTP statuses' USING ERRCODE = 'invalid_parameter_value',
      HINT = 'For example [408, 429, 500, 502, 503, 504].';
  END IF;
  RETURN jsonb_strip_nulls(jsonb_build_object(
    'attempts', threefactor.retry_number(retry, 'attempts', 10, 1, 1000, true),
    'backoff', backoff,
    'interval', threefactor.retry_number(retry, 'interval', 1, 0, 86400, false),
    'max_interval', threefactor.retry_number(retry, 'max_interval', 3600, 0, 604800, false),
    'timeout', threefactor.retry_number(retry, 'timeout', 60, 0.001, 1800, false),
    'statuses', statuses));
END $$;

-- Private. Raises unless the webhook may be a URL: {{NAME}} stands for an environment variable of the server.
CREATE FUNCTION threefactor.check_webhook(webhook text) RETURNS void
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF webhook IS NULL OR webhook = '' THEN
    RAISE EXCEPTION 'an event trigger needs a webhook' USING ERRCODE = 'invalid_parameter_value',
      HINT = 'Give the URL that events are posted to.';
  END IF;
  IF webhook !~ '^(https?://|\{\{[A-Za-z_][A-Za-z0-9_]*\}\})' OR webhook ~ '[[:space:][:cntrl:]]'
     OR regexp_replace(webhook, '\{\{[A-Za-z_][A-Za-z0-9_]*\}\}', '', 'g') ~ '[{}]' THEN
    RAISE EXCEPTION 'webhook "%" is not an http or https URL', webhook USING ERRCODE = 'invalid_parameter_value',
      HINT = 'Write http://..., https://..., or {{NAME}}... with the name of an environment variable.';
  END IF;
END $$;

-- Private. Raises unless every header has a name, and a value or the name of an environment variable.
CREATE FUNCTION threefactor.check_headers(headers jsonb) RETURNS void
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  header record;
BEGIN
  IF jsonb_typeof(headers) IS DISTINCT FROM 'object' THEN
    RAISE EXCEPTION 'headers must be a JSON object' USING ERRCODE = 'invalid_parameter_value',
      HINT = 'For example {"X-Key": "value", "X-Token": {"env": "WEBHOOK_TOKEN"}}.';
  END IF;
  FOR header IN SELECT key, value FROM jsonb_each(headers) LOOP
    IF header.key !~ '^[A-Za-z0-9!#$%&''*+.^_`|~-]+$' THEN
      RAISE EXCEPTION '"%" is not a name of a header', header.key USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF jsonb_typeof(header.value) = 'string' AND (header.value #>> '{}') !~ '[[:cntrl:]]' THEN
      CONTINUE;
    END IF;
    IF jsonb_typeof(header.value) = 'object' AND header.value - 'env' = '{}'
       AND header.value ->> 'env' ~ '^[A-Za-z_][A-Za-z0-9_]*$' THEN
      CONTINUE;
    END IF;
    RAISE EXCEPTION 'header "%" must be a text without control characters, or {"env": "NAME"}', header.key
      USING ERRCODE = 'invalid_parameter_value';
  END LOOP;
END $$;

-- Private. Raises unless the caller may make event triggers on the relation and it has the columns.
CREATE FUNCTION threefactor.check_relation(relation regclass, columns text[]) RETURNS void
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  class pg_catalog.pg_class;
  missing text;
BEGIN
  SELECT * INTO class FROM pg_catalog.pg_class WHERE oid = relation;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no relation with OID %', relation::oid USING ERRCODE = 'undefined_table';
  END IF;
  IF class.relkind NOT IN ('r', 'p') OR class.relpersistence = 't' OR class.relnamespace = 'threefactor'::regnamespace THEN
    RAISE EXCEPTION '"%" is not a table that can have event triggers', class.relname USING ERRCODE = 'wrong_object_type',
      HINT = 'Use a permanent table, partitioned or not; for a view, its base table.';
  END IF;
  IF NOT pg_catalog.pg_has_role(class.relowner, 'USAGE') THEN
    RAISE EXCEPTION 'must be owner of table %', relation USING ERRCODE = 'insufficient_privilege';
  END IF;
  SELECT name INTO missing FROM unnest(columns) AS name
   WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_attribute
                      WHERE attrelid = relation AND attname = name AND attnum > 0 AND NOT attisdropped)
   ORDER BY name NULLS FIRST LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'table "%" has no column "%"', class.relname, missing USING ERRCODE = 'undefined_column';
  END IF;
END $$;

-- Private. Drops the row triggers of a definition, where their table is still there.
CREATE FUNCTION threefactor.drop_capture_triggers(definition integer) RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  trigger record;
BEGIN
  FOR trigger IN
    SELECT tgname, tgrelid::regclass AS relation FROM pg_catalog.pg_trigger
     WHERE tgfoid = 'threefactor.capture()'::regprocedure AND tgparentid = 0
       AND tgname LIKE '00\_threefactor\_' || definition || '\_%' LOOP
    EXECUTE format('DROP TRIGGER %I ON %s', trigger.tgname, trigger.relation);
  END LOOP;
END $$;

-- Private. What create_event_trigger does; condition_path is the search_path by which the condition is read.
CREATE FUNCTION threefactor.make_event_trigger(
    name       text,
    relation   regclass,
    webhook    text,
    operations text[],
    columns    text[],
    condition  text,
    payload    text[],
    headers    jsonb,
    retry      jsonb,
    replace    boolean,
    condition_path text) RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
  complete_retry jsonb;
  wrong text;
  operation text;
  existing threefactor.event_trigger;
  trigger_id integer;
  definition_id integer;
  row_trigger text;
  arguments text[];
BEGIN
  IF name IS NULL OR name !~ '^[A-Za-z_][A-Za-z0-9_.:-]{0,126}$' THEN
    RAISE EXCEPTION '"%" is not a name for an event trigger', name USING ERRCODE = 'invalid_name',
      HINT = 'A letter or underscore, then letters, digits and . : _ -, up to 127 characters.';
  END IF;
  IF relation IS NULL THEN
    RAISE EXCEPTION 'event trigger "%" needs a relation', name USING ERRCODE = 'invalid_parameter_value';
  END IF;
  IF operations IS NULL THEN
    RAISE EXCEPTION 'operations must not be null' USING ERRCODE = 'invalid_parameter_value',
      HINT = 'Use an empty array for an event trigger that is only invoked.';
  END IF;
  SELECT o INTO wrong FROM unnest(operations) AS o WHERE o IS NULL OR o NOT IN ('INSERT', 'UPDATE', 'DELETE') LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'unknown operation "%"', wrong USING ERRCODE = 'invalid_parameter_value',
      HINT = 'Operations are INSERT, UPDATE and DELETE.';
  END IF;
  IF columns = '{}' OR payload = '{}' THEN
    RAISE EXCEPTION '% must name a column, or be null for all', CASE WHEN columns = '{}' THEN 'columns' ELSE 'payload' END
      USING ERRCODE = 'invalid_parameter_value';
  END IF;
  PERFORM threefactor.check_webhook(webhook);
  PERFORM threefactor.check_headers(headers);
  complete_retry := threefactor.complete_retry(retry);
  PERFORM threefactor.check_relation(relation, columns || payload);

  SELECT * INTO existing FROM threefactor.event_trigger AS t WHERE t.name = name FOR UPDATE;
  IF FOUND AND NOT replace THEN
    RAISE EXCEPTION 'event trigger "%" already exists', name USING ERRCODE = 'duplicate_object',
      HINT = 'Pass replace => true to change it.';
  END IF;
  definition_id := nextval('threefactor.definition_definition_id_seq');
  IF existing.trigger_id IS NULL THEN
    INSERT INTO threefactor.event_trigger AS t (name, definition_id) VALUES (name, definition_id)
      RETURNING t.trigger_id INTO trigger_id;
  ELSE
    trigger_id := existing.trigger_id;
    PERFORM threefactor.drop_capture_triggers(existing.definition_id);
    UPDATE threefactor.event_trigger AS t SET definition_id = definition_id WHERE t.trigger_id = existing.trigger_id;
  END IF;
  INSERT INTO threefactor.definition
      (definition_id, trigger_id, relation, webhook, operations, columns, condition, payload, headers, retry)
    VALUES (definition_id, trigger_id, relation, webhook, operations, columns, condition, payload, headers, complete_retry);

  FOR operation IN SELECT DISTINCT o FROM unnest(operations) AS o ORDER BY o LOOP
    row_trigger := format('00_threefactor_%s_%s', definition_id, lower(operation));
    arguments := ARRAY[definition_id::text] || payload;
    PERFORM set_config('search_path', condition_path, true);
    PERFORM threefactor.create_capture_trigger(relation, row_trigger, operation, arguments, columns, condition);
    PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
    EXECUTE format('ALTER TRIGGER %I ON %s DEPENDS ON EXTENSION threefactor', row_trigger, relation);
  END LOOP;
  PERFORM threefactor.definitions_changed();
EXCEPTION WHEN unique_violation THEN
  RAISE EXCEPTION 'event trigger "%" already exists', name USING ERRCODE = 'duplicate_object',
    HINT = 'Pass replace => true to change it.';
END $$;

-- Makes an event trigger, or with replace gives an existing one a new definition; events captured before keep the old one's
-- payload. Row triggers are enabled for ordinary sessions only (session_replication_role = origin or local), so changes that
-- arrive by logical replication make no events.
CREATE FUNCTION threefactor.create_event_trigger(
    name       text,
    relation   regclass DEFAULT NULL,
    webhook    text     DEFAULT NULL,
    operations text[]   DEFAULT '{INSERT,UPDATE,DELETE}',
    columns    text[]   DEFAULT NULL,
    condition  text     DEFAULT NULL,
    payload    text[]   DEFAULT NULL,
    headers    jsonb    DEFAULT '{}',
    retry      jsonb    DEFAULT '{}',
    replace    boolean  DEFAULT false) RETURNS void
  LANGUAGE sql BEGIN ATOMIC
  SELECT threefactor.make_event_trigger(
    name, relation, webhook, operations, columns, condition, payload, headers, retry, replace,
    pg_catalog.current_setting('search_path'));
END;

-- Private. The event trigger of that name, locked; raises when there is none.
CREATE FUNCTION threefactor.find_event_trigger(name text) RETURNS threefactor.event_trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
  found_trigger threefactor.event_trigger;
BEGIN
  SELECT * INTO found_trigger FROM threefactor.event_trigger AS t WHERE t.name = name FOR UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'event trigger "%" does not exist', name USING ERRCODE = 'undefined_object';
  END IF;
  RETURN found_trigger;
END $$;

-- Events that were captured for it and not yet delivered are archived.
CREATE FUNCTION threefactor.drop_event_trigger(name text) RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  dropped threefactor.event_trigger := threefactor.find_event_trigger(name);
BEGIN
  PERFORM threefactor.drop_capture_triggers(dropped.definition_id);
  DELETE FROM threefactor.event_trigger WHERE trigger_id = dropped.trigger_id;
  PERFORM threefactor.definitions_changed();
END $$;

-- A paused event trigger goes on capturing; its events wait.
CREATE FUNCTION threefactor.pause(name text) RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE threefactor.event_trigger SET paused = true
   WHERE trigger_id = (threefactor.find_event_trigger(pause.name)).trigger_id;
  PERFORM threefactor.definitions_changed();
END $$;

CREATE FUNCTION threefactor.resume(name text) RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE threefactor.event_trigger SET paused = false
   WHERE trigger_id = (threefactor.find_event_trigger(resume.name)).trigger_id;
  PERFORM threefactor.definitions_changed();
END $$;

-- Says that this database, a copy of another one, shall deliver: what is pending in it, and all that comes. Until then a restored
-- dump, a clone or a copy of a template calls no webhook; so does a cluster after pg_upgrade.
CREATE FUNCTION threefactor.adopt() RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  DELETE FROM threefactor.origin;
  INSERT INTO threefactor.origin VALUES (threefactor.this_database());
  PERFORM threefactor.definitions_changed();
END $$;

-- Makes an event of operation MANUAL whose new row is the payload, and gives its id.
CREATE FUNCTION threefactor.invoke(name text, payload json) RETURNS uuid
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  invoked threefactor.event_trigger := threefactor.find_event_trigger(name);
  class record;
BEGIN
  SELECT n.nspname, c.relname INTO class
    FROM threefactor.definition AS d JOIN pg_catalog.pg_class AS c ON c.oid = d.relation
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
   WHERE d.definition_id = invoked.definition_id;
  RETURN threefactor.append_event(invoked.definition_id, class.nspname, class.relname, payload);
END $$;

-- Delivers again, with the same idempotency key: dead letters (of one event, of one event trigger, or of both), and with
-- dead_only => false also deliveries of the event that succeeded, as long as the outbox retains it. Gives their number.
CREATE FUNCTION threefactor.redeliver(event uuid DEFAULT NULL, trigger text DEFAULT NULL, dead_only boolean DEFAULT true)
  RETURNS bigint LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
  only_trigger integer;
  revived bigint;
  repeated bigint := 0;
BEGIN
  IF event IS NULL AND (trigger IS NULL OR NOT dead_only) THEN
    RAISE EXCEPTION 'redeliver needs an event%', CASE WHEN dead_only THEN ' or an event trigger' ELSE '' END
      USING ERRCODE = 'invalid_parameter_value';
  END IF;
  IF trigger IS NOT NULL THEN
    only_trigger := (threefactor.find_event_trigger(trigger)).trigger_id;
  END IF;
  IF event IS NOT NULL AND NOT EXISTS (SELECT FROM threefactor.parked AS p WHERE p.event_id = event)
     AND NOT EXISTS (SELECT FROM threefactor.outbox AS o WHERE o.event_id = event) THEN
    RAISE EXCEPTION 'event % is not known', event USING ERRCODE = 'no_data_found',
      HINT = 'Delivered events are kept for threefactor.retention.';
  END IF;

  UPDATE threefactor.parked AS p SET state = 'retrying', attempts = 0, next_attempt_at = now()
   WHERE p.state = 'dead' AND (event IS NULL OR p.event_id = event)
     AND (only_trigger IS NULL OR p.trigger_id = only_trigger)
     AND EXISTS (SELECT FROM threefactor.event_trigger AS t WHERE t.trigger_id = p.trigger_id);
  GET DIAGNOSTICS revived = ROW_COUNT;
  IF NOT dead_only THEN
    INSERT INTO threefactor.parked
        (event_id, trigger_id, definition_id, idempotency_key, state, attempts, next_attempt_at, event_xid, event_position,
         created_at, operation, table_schema, table_name, old_row, new_row, session_variables, trace_context)
      SELECT o.event_id, d.trigger_id, d.definition_id, threefactor.delivery_key(o.event_id, d.trigger_id), 'retrying', 0, now(),
             o.xid, o.position, o.created_at, o.operation, o.table_schema, o.table_name, o.old_row, o.new_row,
             o.session_variables, o.trace_context
        FROM threefactor.outbox AS o
        JOIN threefactor.definition AS d ON d.definition_id = ANY (o.definitions)
        JOIN threefactor.event_trigger AS t ON t.trigger_id = d.trigger_id
       WHERE o.event_id = event AND (only_trigger IS NULL OR d.trigger_id = only_trigger)
         AND EXISTS (SELECT FROM threefactor.attempt AS a  -- else it is still being delivered for the first time
                      WHERE a.event_id = event AND a.trigger_id = d.trigger_id AND a.outcome IN ('delivered', 'archived'))
      ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS repeated = ROW_COUNT;
  END IF;
  IF revived + repeated > 0 THEN
    PERFORM threefactor.parked_changed();
  END IF;
  RETURN revived + repeated;
END $$;
