\echo Use "CREATE EXTENSION threefactor" to load this file. \quit

-- Fails with its hint when the library is not preloaded; asks the launcher for a worker at commit.
CREATE FUNCTION threefactor.start_worker() RETURNS void
  LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'threefactor_start_worker';
REVOKE ALL ON FUNCTION threefactor.start_worker() FROM PUBLIC;
SELECT threefactor.start_worker();
-- Which database this is. A copy (restored dump, clone, template) has the origin of another one and delivers nothing until
-- adopt(). A restored dump has two rows: its own, and the one that was dumped. A promoted standby is the same database.
CREATE FUNCTION threefactor.this_database() RETURNS text
  LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'threefactor_this_database';

CREATE TABLE threefactor.origin (
  database text NOT NULL  -- identifier of the cluster and OID of the database
);
INSERT INTO threefactor.origin VALUES (threefactor.this_database());
SELECT pg_catalog.pg_extension_config_dump('threefactor.origin', '');
-- The outbox: the append-only event log, a ring of partitions. Writers append to the partition that shared memory names
-- (DatabaseSlot::rotation); the worker moves on when it is large and empties the oldest, by TRUNCATE, when everything in it is
-- settled and older than the retention. A writer may append to any partition at any time: the worker looks into all.
--
-- xid       the top-level transaction: with it, and a snapshot taken as plain data, the worker knows what is new
--           (extension/outbox/README.md). Never the order of ids: they become visible out of order.
-- position  grows with every change of one row, over restarts too: a counter in shared memory that starts each time at
--           (next transaction id) << 24.
CREATE TABLE threefactor.outbox (
  partition         smallint    NOT NULL,
  xid               xid8        NOT NULL,
  position          bigint      NOT NULL,
  event_id          uuid        NOT NULL,  -- random
  created_at        timestamptz NOT NULL,
  definitions       integer[]   NOT NULL,  -- of the event triggers that matched
  operation         text        NOT NULL,  -- INSERT UPDATE DELETE TRUNCATE MANUAL
  table_schema      text,
  table_name        text,
  old_row           json,
  new_row           json,
  session_variables json,                  -- the setting hasura.user of the writer
  trace_context     json                   -- the setting hasura.tracecontext
) PARTITION BY LIST (partition);

CREATE TABLE threefactor.outbox_0 PARTITION OF threefactor.outbox FOR VALUES IN (0);
CREATE TABLE threefactor.outbox_1 PARTITION OF threefactor.outbox FOR VALUES IN (1);
CREATE TABLE threefactor.outbox_2 PARTITION OF threefactor.outbox FOR VALUES IN (2);
CREATE TABLE threefactor.outbox_3 PARTITION OF threefactor.outbox FOR VALUES IN (3);
CREATE INDEX outbox_xid_position ON threefactor.outbox (xid, position);
-- The journal of the delivery worker, its only writer (one per database). Appended; nothing is updated on the ordinary path.
-- Protocol and recovery: extension/delivery/README.md.

-- One row per attempt. outcome: delivered, retrying (there is a row in parked), dead (likewise), archived (the event trigger
-- is gone). A ring of partitions like the outbox.
CREATE TABLE threefactor.attempt (
  partition       smallint    NOT NULL,
  sequence        bigint      NOT NULL,  -- of the worker's counter, never reused
  event_xid       xid8        NOT NULL,
  event_position  bigint      NOT NULL,
  event_id        uuid        NOT NULL,
  trigger_id      integer     NOT NULL,
  idempotency_key uuid        NOT NULL,
  attempt         integer     NOT NULL,  -- 1 is the first
  outcome         text        NOT NULL,
  started_at      timestamptz NOT NULL,
  duration        real        NOT NULL,  -- milliseconds
  status          integer,               -- HTTP status; null: no answer
  response        text,                  -- up to threefactor.max_response_size
  error           text                   -- why there was no answer
) PARTITION BY LIST (partition);

CREATE TABLE threefactor.attempt_0 PARTITION OF threefactor.attempt FOR VALUES IN (0);
CREATE TABLE threefactor.attempt_1 PARTITION OF threefactor.attempt FOR VALUES IN (1);
CREATE TABLE threefactor.attempt_2 PARTITION OF threefactor.attempt FOR VALUES IN (2);
CREATE TABLE threefactor.attempt_3 PARTITION OF threefactor.attempt FOR VALUES IN (3);
CREATE INDEX attempt_sequence ON threefactor.attempt (sequence);

-- A delivery off the ordinary path: waiting for its next attempt, or dead. With its event, so that the outbox can rotate.
CREATE TABLE threefactor.parked (
  event_id          uuid        NOT NULL,
  trigger_id        integer     NOT NULL,
  definition_id     integer     NOT NULL,
  idempotency_key   uuid        NOT NULL,
  state             text        NOT NULL CHECK (state IN ('retrying', 'dead')),
  attempts          integer     NOT NULL,  -- made so far
  next_attempt_at   timestamptz,           -- retrying only
  last_status       integer,
  last_error        text,
  event_xid         xid8        NOT NULL,
  event_position    bigint      NOT NULL,
  created_at        timestamptz NOT NULL,  -- and the rest: the event, as in the outbox
  operation         text        NOT NULL,
  table_schema      text,
  table_name        text,
  old_row           json,
  new_row           json,
  session_variables json,
  trace_context     json,
  PRIMARY KEY (event_id, trigger_id)
);
CREATE INDEX parked_due ON threefactor.parked (trigger_id, next_attempt_at) WHERE state = 'retrying';

-- Where recovery begins: written with settlements, about once a second while there are any; the newest counts.
CREATE TABLE threefactor.checkpoint (
  sequence bigint PRIMARY KEY,             -- of the attempt counter: later attempts are not in the state
  written_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  state text NOT NULL                      -- cursors and unsettled deliveries, format in extension/delivery/README.md
);
-- Event triggers: the named rules. A change of one makes a new definition; events keep the definition they were captured
-- under. Dumped with the database; the outbox and the journal are not.
CREATE TABLE threefactor.event_trigger (
  trigger_id integer GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
  name       text    NOT NULL UNIQUE,
  definition_id integer NOT NULL,          -- the current one
  paused     boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE threefactor.definition (
  definition_id integer GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
  trigger_id integer NOT NULL,             -- kept after the event trigger is dropped, for what was captured
  relation   regclass,
  webhook    text    NOT NULL,
  operations text[]  NOT NULL,
  columns    text[],
  condition  text,
  payload    text[],                       -- null: all columns
  headers    jsonb   NOT NULL,             -- {"X-A": "value", "X-B": {"env": "VARIABLE"}}
  retry      jsonb   NOT NULL,             -- complete: {"attempts","backoff","interval","max_interval","timeout","statuses"}
  created_at timestamptz NOT NULL DEFAULT now()
);

SELECT pg_catalog.pg_extension_config_dump('threefactor.event_trigger', '');
SELECT pg_catalog.pg_extension_config_dump('threefactor.definition', '');
SELECT pg_catalog.pg_extension_config_dump('threefactor.event_trigger_trigger_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('threefactor.definition_definition_id_seq', '');
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
-- Change signals: who changed what, for gateways that keep the results of queries current. The doorbell is
-- NOTIFY threefactor, '<epoch> <sequence>'; LISTEN has no access control, so what has changed is told by functions only.

-- Counts this connection as a watcher (until it ends) and gives the present place in the sequence of changes. What commits
-- after it is in the sequence: watch, then take the snapshot of the query.
CREATE FUNCTION threefactor.watch(OUT epoch text, OUT sequence bigint) RETURNS record
  LANGUAGE c VOLATILE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'threefactor_watch';

-- The changes after `after`, in order: kind relation (of that relation, and in rows of the same sequence number of its
-- partitions or children and of its parents), schema (DDL: reload what is known of the catalog) or everything (re-run all).
-- When the epoch is another one (the server was restarted), or so much happened that changes were overwritten, or this
-- connection did not watch before: one row, everything, with the newest number.
CREATE FUNCTION threefactor.changes(epoch text, after bigint)
  RETURNS TABLE (sequence bigint, relation oid, kind text)
  LANGUAGE c STRICT VOLATILE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'threefactor_changes';
-- What the GraphQL API is told about the database beyond its catalog: Hasura's metadata, in tables. Relations are kept by
-- identity and columns by number, so that both may be renamed; functions by name, since pg_upgrade keeps no other way.
-- What no longer exists is passed over, and removed when the same thing is made again.

CREATE TABLE threefactor.tracked_table (
  relation      regclass PRIMARY KEY,
  is_tracked    boolean  NOT NULL DEFAULT true,   -- false: hidden, although the role may read it
  configuration jsonb    NOT NULL DEFAULT '{}',   -- custom_name, custom_root_fields, column_config, custom_column_names, comment
  is_enum       boolean  NOT NULL DEFAULT false
);

CREATE TABLE threefactor.relationship (
  relation       regclass   NOT NULL,
  name           text       NOT NULL,
  is_array       boolean    NOT NULL,
  target         regclass   NOT NULL,
  columns        smallint[] NOT NULL,  -- attribute numbers of relation, each equal to that of target in the same place
  target_columns smallint[] NOT NULL,
  source         text       NOT NULL CHECK (source IN ('own', 'reverse', 'manual')),  -- whose foreign key it follows
  after_parent   boolean    NOT NULL DEFAULT false,  -- nested inserts: the target's row comes second
  comment        text,
  PRIMARY KEY (relation, name)
);

CREATE TABLE threefactor.tracked_function (
  function_schema text  NOT NULL,
  function_name   text  NOT NULL,
  configuration   jsonb NOT NULL DEFAULT '{}',  -- session_argument, exposed_as, custom_name, custom_root_fields
  comment         text,
  PRIMARY KEY (function_schema, function_name)
);

CREATE TABLE threefactor.computed_field (
  relation         regclass NOT NULL,
  name             text     NOT NULL,
  function_schema  text     NOT NULL,
  function_name    text     NOT NULL,
  table_argument   text,  -- null: the first one
  session_argument text,
  comment          text,
  PRIMARY KEY (relation, name)
);

-- Stored, not yet applied: the gateway refuses every role but admin.
CREATE TABLE threefactor.permission (
  relation   regclass NOT NULL,
  role_name  text     NOT NULL,
  operation  text     NOT NULL CHECK (operation IN ('select', 'insert', 'update', 'delete')),
  definition jsonb    NOT NULL,
  comment    text,
  PRIMARY KEY (relation, role_name, operation)
);
CREATE TABLE threefactor.function_permission (
  function_schema text NOT NULL,
  function_name   text NOT NULL,
  role_name       text NOT NULL,
  PRIMARY KEY (function_schema, function_name, role_name)
);
CREATE TABLE threefactor.inherited_role (
  role_name text   PRIMARY KEY,
  role_set  text[] NOT NULL
);

SELECT pg_catalog.pg_extension_config_dump('threefactor.tracked_table', '');
SELECT pg_catalog.pg_extension_config_dump('threefactor.relationship', '');
SELECT pg_catalog.pg_extension_config_dump('threefactor.tracked_function', '');
SELECT pg_catalog.pg_extension_config_dump('threefactor.computed_field', '');
SELECT pg_catalog.pg_extension_config_dump('threefactor.permission', '');
SELECT pg_catalog.pg_extension_config_dump('threefactor.function_permission', '');
SELECT pg_catalog.pg_extension_config_dump('threefactor.inherited_role', '');

-- Private. A relation in messages: its name, with the schema unless that is public.
CREATE FUNCTION threefactor.display_name(relation regclass) RETURNS text
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN n.nspname = 'public' THEN '' ELSE n.nspname || '.' END || c.relname
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = relation
$$;

-- Private. The relation of that name; the conditions TF... are what the gateway turns into Hasura's codes.
CREATE FUNCTION threefactor.find_relation(schema_name text, name text) RETURNS regclass
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  found regclass := to_regclass(quote_ident(schema_name) || '.' || quote_ident(name));
BEGIN
  IF found IS NULL THEN
    RAISE EXCEPTION 'table "%" does not exist in source: default',
      CASE WHEN schema_name = 'public' THEN '' ELSE schema_name || '.' END || name USING ERRCODE = 'TFTAB';
  END IF;
  RETURN found;
END $$;

-- Private. Attribute numbers of the columns.
CREATE FUNCTION threefactor.column_numbers(relation regclass, columns text[]) RETURNS smallint[]
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  numbers smallint[] := '{}';
  name text;
  number smallint;
BEGIN
  FOREACH name IN ARRAY columns LOOP
    SELECT attnum INTO number FROM pg_attribute
     WHERE attrelid = relation AND attname = name AND attnum > 0 AND NOT attisdropped;
    IF number IS NULL THEN
      RAISE EXCEPTION 'column "%" does not exist in table "%"', name, threefactor.display_name(relation) USING ERRCODE = 'TFCFG';
    END IF;
    numbers := numbers || number;
  END LOOP;
  RETURN numbers;
END $$;

-- Private. The rows of an enum table: its key and, where there is a second column, a description; null: it is not fit.
CREATE FUNCTION threefactor.enum_values(relation regclass) RETURNS json
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  key_name name;
  other_name name;
  columns bigint;
  found json;
BEGIN
  SELECT a.attname INTO key_name FROM pg_constraint k JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
   WHERE k.conrelid = relation AND k.contype = 'p' AND cardinality(k.conkey) = 1 AND a.atttypid IN ('text'::regtype, 'varchar'::regtype);
  SELECT count(*), max(attname::text) FILTER (WHERE attname <> key_name) INTO columns, other_name
    FROM pg_attribute WHERE attrelid = relation AND attnum > 0 AND NOT attisdropped;
  IF key_name IS NULL OR columns > 2 THEN
    RETURN NULL;
  END IF;
  EXECUTE format('SELECT json_agg(json_build_array(v, coalesce(d, '''')) ORDER BY v) FROM (SELECT %I::text AS v, %s AS d FROM %s) AS r',
                 key_name, CASE WHEN other_name IS NULL THEN 'NULL::text' ELSE quote_ident(other_name) || '::text' END, relation)
    INTO found;
  RETURN found;
END $$;

-- Private. A function as the gateway needs it, null unless there is exactly one of the name. Types of arguments are base
-- types; `row`: the relation whose row type an argument or the result is.
CREATE FUNCTION threefactor.describe_function(schema_name text, name text) RETURNS json
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH found AS (
    SELECT p.* FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
     WHERE n.nspname = schema_name AND p.proname = name AND p.prokind = 'f'
  )
  SELECT json_build_object(
           'oid', p.oid::bigint, 'schema', schema_name, 'name', name, 'volatile', p.provolatile = 'v', 'set', p.proretset,
           'row', CASE WHEN t.typtype = 'c' THEN t.typrelid::bigint ELSE 0 END,
           'result', json_build_array(tn.nspname, t.typname, t.typtype, format_type(t.oid, -1), t.typcategory = 'A' AND t.typelem <> 0,
                                      en.nspname, et.typname),
           'defaults', p.pronargdefaults, 'comment', coalesce(obj_description(p.oid, 'pg_proc'), ''),
           'arguments', (SELECT coalesce(json_agg(json_build_array(
                 coalesce(p.proargnames[a.place], ''), an.nspname, at.typname, at.typtype,
                 CASE WHEN ln.nspname = 'pg_catalog' THEN format_type(at.oid, -1)
                      ELSE quote_ident(ln.nspname) || '.' || quote_ident(lt.typname) ||
                           CASE WHEN lt.oid <> at.oid THEN '[]' ELSE '' END END,
                 CASE WHEN at.typtype = 'c' THEN at.typrelid::bigint ELSE 0 END, lt.oid <> at.oid, ln.nspname, lt.typname, lt.typtype)
               ORDER BY a.place), '[]')
             FROM unnest(p.proargtypes::oid[]) WITH ORDINALITY AS a(type, place)
             JOIN pg_type given ON given.oid = a.type
             JOIN pg_type at ON at.oid = CASE WHEN given.typtype = 'd' THEN given.typbasetype ELSE given.oid END
             JOIN pg_namespace an ON an.oid = at.typnamespace
             JOIN pg_type lt ON lt.oid = CASE WHEN at.typcategory = 'A' AND at.typelem <> 0 THEN at.typelem ELSE at.oid END
             JOIN pg_namespace ln ON ln.oid = lt.typnamespace))
    FROM found p JOIN pg_type t ON t.oid = p.prorettype JOIN pg_namespace tn ON tn.oid = t.typnamespace
    JOIN pg_type et ON et.oid = CASE WHEN t.typcategory = 'A' AND t.typelem <> 0 THEN t.typelem ELSE t.oid END
    JOIN pg_namespace en ON en.oid = et.typnamespace
   WHERE (SELECT count(*) FROM found) = 1 AND p.provariadic = 0
     AND (p.proargmodes IS NULL OR p.proargmodes <@ '{i}'::"char"[])
     AND has_function_privilege(p.oid, 'EXECUTE') AND has_schema_privilege(p.pronamespace, 'USAGE')
$$;

-- Everything the gateway reads, as one document; the catalog query calls it where the extension is installed.
CREATE FUNCTION threefactor.metadata() RETURNS json
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT json_build_object(
    'tables', (SELECT coalesce(json_agg(json_build_object(
          'oid', t.relation::oid::bigint, 'tracked', t.is_tracked, 'configuration', t.configuration,
          'values', CASE WHEN t.is_enum THEN threefactor.enum_values(t.relation) END) ORDER BY t.relation), '[]')
        FROM threefactor.tracked_table t JOIN pg_class c ON c.oid = t.relation),
    'relationships', (SELECT coalesce(json_agg(json_build_object(
          'oid', r.relation::oid::bigint, 'name', r.name, 'array', r.is_array, 'target', r.target::oid::bigint,
          'columns', r.columns, 'target_columns', r.target_columns, 'source', r.source, 'after_parent', r.after_parent,
          'comment', coalesce(r.comment, '')) ORDER BY r.relation, r.name), '[]')
        FROM threefactor.relationship r JOIN pg_class c ON c.oid = r.relation JOIN pg_class t ON t.oid = r.target),
    'functions', (SELECT coalesce(json_agg(json_build_object(
          'function', d.description, 'configuration', f.configuration, 'comment', coalesce(f.comment, ''))
          ORDER BY f.function_schema, f.function_name), '[]')
        FROM threefactor.tracked_function f,
             LATERAL (SELECT threefactor.describe_function(f.function_schema, f.function_name) AS description) AS d
       WHERE d.description IS NOT NULL),
    'computed_fields', (SELECT coalesce(json_agg(json_build_object(
          'oid', f.relation::oid::bigint, 'name', f.name, 'function', d.description, 'table_argument', coalesce(f.table_argument, ''),
          'session_argument', coalesce(f.session_argument, ''), 'comment', coalesce(f.comment, '')) ORDER BY f.relation, f.name), '[]')
        FROM threefactor.computed_field f JOIN pg_class c ON c.oid = f.relation,
             LATERAL (SELECT threefactor.describe_function(f.function_schema, f.function_name) AS description) AS d
       WHERE d.description IS NOT NULL))
$$;
-- Relationships beyond those that foreign keys imply by their default names, and names of one's own for these.

-- Private. No column, relationship or computed field of the table may have the name yet.
CREATE FUNCTION threefactor.check_field_name(relation regclass, name text, kind text) RETURNS void
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM threefactor.relationship r WHERE r.relation = check_field_name.relation AND r.name = check_field_name.name)
     OR EXISTS (SELECT FROM threefactor.computed_field f WHERE f.relation = check_field_name.relation AND f.name = check_field_name.name) THEN
    RAISE EXCEPTION 'field with name "%" already exists in table "%"', name, threefactor.display_name(relation) USING ERRCODE = 'TFEXI';
  END IF;
  IF EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = relation AND a.attname = name AND a.attnum > 0 AND NOT a.attisdropped) THEN
    RAISE EXCEPTION 'Inconsistent object: field definition conflicts with postgres column' USING ERRCODE = 'TFCFG';
  END IF;
END $$;

-- Private. The foreign key of `child` over the columns, to `parent` if that is given.
CREATE FUNCTION threefactor.find_foreign_key(child regclass, columns smallint[], parent regclass, message text) RETURNS pg_constraint
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  found pg_constraint;
BEGIN
  SELECT k.* INTO found FROM pg_constraint k
   WHERE k.contype = 'f' AND k.conrelid = child AND k.conkey @> columns AND k.conkey <@ columns
     AND (parent IS NULL OR k.confrelid = parent) ORDER BY k.conname LIMIT 1;
  IF found.oid IS NULL THEN
    RAISE EXCEPTION '%', message USING ERRCODE = 'TFCFG';
  END IF;
  RETURN found;
END $$;

-- Private. columns alone: over the table's own foreign key; target and target_columns: over that of the target; all: as given.
CREATE FUNCTION threefactor.add_relationship(
    relation regclass, name text, is_array boolean, columns text[], target regclass, target_columns text[],
    after_parent boolean, comment text) RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  start text := format('Inconsistent object: in table "%s": in relationship "%s": ', threefactor.display_name(relation), name);
  missing text := start || 'no foreign constraint exists on the given column' ||
                  CASE WHEN cardinality(coalesce(target_columns, columns)) > 1 THEN 's' ELSE '' END;
  key pg_constraint;
BEGIN
  PERFORM threefactor.check_field_name(relation, name, 'relationship');
  IF target IS NULL THEN
    key := threefactor.find_foreign_key(relation, threefactor.column_numbers(relation, columns), NULL, missing);
    INSERT INTO threefactor.relationship VALUES (relation, name, is_array, key.confrelid, key.conkey, key.confkey, 'own', after_parent, comment);
  ELSIF columns IS NULL THEN
    key := threefactor.find_foreign_key(target, threefactor.column_numbers(target, target_columns), relation, missing);
    INSERT INTO threefactor.relationship VALUES (relation, name, is_array, target, key.confkey, key.conkey, 'reverse', true, comment);
  ELSIF cardinality(columns) = cardinality(target_columns) AND cardinality(columns) > 0 THEN
    INSERT INTO threefactor.relationship
    VALUES (relation, name, is_array, target, threefactor.column_numbers(relation, columns),
            threefactor.column_numbers(target, target_columns), 'manual', after_parent, comment);
  ELSE
    RAISE EXCEPTION '%', start || 'each column needs one of the target' USING ERRCODE = 'TFCFG';
  END IF;
END $$;

CREATE FUNCTION threefactor.create_object_relationship(
    relation regclass, name text, columns text[] DEFAULT NULL, target regclass DEFAULT NULL, target_columns text[] DEFAULT NULL,
    after_parent boolean DEFAULT false, comment text DEFAULT NULL) RETURNS void
  LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  SELECT threefactor.add_relationship($1, $2, false, $3, $4, $5, $6, $7)
$$;

CREATE FUNCTION threefactor.create_array_relationship(
    relation regclass, name text, target regclass, target_columns text[], columns text[] DEFAULT NULL, comment text DEFAULT NULL)
    RETURNS void
  LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  SELECT threefactor.add_relationship($1, $2, true, $5, $3, $4, true, $6)
$$;

CREATE FUNCTION threefactor.drop_relationship(relation regclass, name text) RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  DELETE FROM threefactor.relationship r WHERE r.relation = drop_relationship.relation AND r.name = drop_relationship.name;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'relationship "%" does not exist', name USING ERRCODE = 'TFNEX';
  END IF;
END $$;

CREATE FUNCTION threefactor.rename_relationship(relation regclass, name text, new_name text) RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM threefactor.check_field_name(relation, new_name, 'relationship');
  UPDATE threefactor.relationship r SET name = new_name
   WHERE r.relation = rename_relationship.relation AND r.name = rename_relationship.name;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'relationship "%" does not exist', name USING ERRCODE = 'TFNEX';
  END IF;
END $$;
-- Tables and functions of the API: tracked, hidden, named. All of these are ordinary transactions; a gateway that listens reads
-- the catalog again.

-- The first track of a table succeeds although the table may be visible already; untracked tables are hidden.
CREATE FUNCTION threefactor.track_table(relation regclass, configuration jsonb DEFAULT '{}', is_enum boolean DEFAULT false) RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  name text := threefactor.display_name(track_table.relation);
BEGIN
  IF EXISTS (SELECT FROM threefactor.tracked_table t WHERE t.relation = track_table.relation AND t.is_tracked) THEN
    RAISE EXCEPTION 'view/table already tracked: "%"', name USING ERRCODE = 'TFTRK';
  END IF;
  IF EXISTS (SELECT FROM threefactor.tracked_function f JOIN pg_class c ON c.oid = track_table.relation AND c.relname = f.function_name
             JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = f.function_schema) THEN
    RAISE EXCEPTION 'function with name "%" already exists', name USING ERRCODE = 'TFNSP';
  END IF;
  PERFORM threefactor.check_enum(track_table.relation, track_table.is_enum);
  INSERT INTO threefactor.tracked_table AS t VALUES (track_table.relation, true, coalesce(track_table.configuration, '{}'), track_table.is_enum)
  ON CONFLICT ON CONSTRAINT tracked_table_pkey DO UPDATE
    SET is_tracked = true, configuration = excluded.configuration, is_enum = excluded.is_enum;
END $$;

-- Private.
CREATE FUNCTION threefactor.check_enum(relation regclass, is_enum boolean) RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF is_enum AND threefactor.enum_values(relation) IS NULL THEN
    RAISE EXCEPTION 'the table "%" cannot be used as an enum: it needs one text column as its primary key, at most one more text column, and a row',
      threefactor.display_name(relation) USING ERRCODE = 'TFCFG';
  END IF;
END $$;

CREATE FUNCTION threefactor.untrack_table(relation regclass, "cascade" boolean DEFAULT false) RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  dependents text;
BEGIN
  IF EXISTS (SELECT FROM threefactor.tracked_table t WHERE t.relation = untrack_table.relation AND NOT t.is_tracked) THEN
    RAISE EXCEPTION 'view/table already untracked: "%"', threefactor.display_name(untrack_table.relation) USING ERRCODE = 'TFUNT';
  END IF;
  SELECT string_agg(format('relationship %s.%s in source "default"', threefactor.display_name(r.relation), r.name), ', ' ORDER BY r.name)
    INTO dependents FROM threefactor.relationship r
   WHERE r.target = untrack_table.relation AND r.relation <> r.target
     AND EXISTS (SELECT FROM pg_class c WHERE c.oid = r.relation);
  IF dependents IS NOT NULL AND NOT untrack_table."cascade" THEN
    RAISE EXCEPTION 'cannot drop due to the following dependent objects : %', dependents USING ERRCODE = 'TFDEP';
  END IF;
  DELETE FROM threefactor.relationship r WHERE untrack_table.relation IN (r.relation, r.target);
  DELETE FROM threefactor.computed_field f WHERE f.relation = untrack_table.relation;
  DELETE FROM threefactor.permission p WHERE p.relation = untrack_table.relation;
  INSERT INTO threefactor.tracked_table VALUES (untrack_table.relation, false)
  ON CONFLICT ON CONSTRAINT tracked_table_pkey DO UPDATE SET is_tracked = false, configuration = '{}', is_enum = false;
END $$;

CREATE FUNCTION threefactor.set_table_customization(relation regclass, configuration jsonb DEFAULT '{}') RETURNS void
  LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO threefactor.tracked_table VALUES (set_table_customization.relation, true, coalesce(set_table_customization.configuration, '{}'))
  ON CONFLICT (relation) DO UPDATE SET is_tracked = true, configuration = excluded.configuration
$$;

CREATE FUNCTION threefactor.set_table_is_enum(relation regclass, is_enum boolean) RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM threefactor.check_enum(set_table_is_enum.relation, set_table_is_enum.is_enum);
  INSERT INTO threefactor.tracked_table VALUES (set_table_is_enum.relation, true, '{}', set_table_is_enum.is_enum)
  ON CONFLICT ON CONSTRAINT tracked_table_pkey DO UPDATE SET is_tracked = true, is_enum = excluded.is_enum;
END $$;

-- Private. The description of a function that may be tracked.
CREATE FUNCTION threefactor.find_function(schema_name text, name text) RETURNS json
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  number bigint;
  label text := CASE WHEN schema_name = 'public' THEN '' ELSE schema_name || '.' END || name;
  found json;
BEGIN
  SELECT count(*) INTO number FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
   WHERE n.nspname = schema_name AND p.proname = name;
  IF number = 0 THEN
    RAISE EXCEPTION 'no such function exists: "%"', label USING ERRCODE = 'TFNEX';
  ELSIF number > 1 THEN
    RAISE EXCEPTION 'function "%" is overloaded. Overloaded functions are not supported', label USING ERRCODE = 'TFNSP';
  END IF;
  found := threefactor.describe_function(schema_name, name);
  IF found IS NULL THEN
    RAISE EXCEPTION 'the function "%" cannot be tracked: only plain functions whose arguments are all IN are supported', label
      USING ERRCODE = 'TFNSP';
  END IF;
  RETURN found;
END $$;

CREATE FUNCTION threefactor.track_function(
    schema_name text, name text, configuration jsonb DEFAULT '{}', comment text DEFAULT NULL) RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  label text := CASE WHEN schema_name = 'public' THEN '' ELSE schema_name || '.' END || name;
  found json;
  session text := track_function.configuration ->> 'session_argument';
BEGIN
  IF EXISTS (SELECT FROM threefactor.tracked_function f WHERE f.function_schema = schema_name AND f.function_name = track_function.name) THEN
    RAISE EXCEPTION 'function already tracked: "%"', label USING ERRCODE = 'TFTRK';
  END IF;
  IF EXISTS (SELECT FROM threefactor.tracked_table t
             WHERE t.is_tracked AND t.relation = to_regclass(quote_ident(schema_name) || '.' || quote_ident(track_function.name))) THEN
    RAISE EXCEPTION 'table with name "%" already exists', label USING ERRCODE = 'TFNSP';
  END IF;
  found := threefactor.find_function(schema_name, track_function.name);
  IF (found ->> 'row')::bigint = 0 THEN
    RAISE EXCEPTION 'in function "%": the function "%" cannot be tracked because the function does not return a "COMPOSITE" type',
      label, label USING ERRCODE = 'TFCFG';
  END IF;
  IF session IS NOT NULL AND NOT EXISTS (
      SELECT FROM json_array_elements(found -> 'arguments') AS a WHERE a ->> 0 = session AND a ->> 2 = 'json') THEN
    RAISE EXCEPTION 'in function "%": the function "%" cannot be tracked because given session argument "%" not the input argument of the function, or not of type JSON',
      label, label, session USING ERRCODE = 'TFCFG';
  END IF;
  INSERT INTO threefactor.tracked_function
  VALUES (schema_name, track_function.name, coalesce(track_function.configuration, '{}'), track_function.comment);
END $$;

CREATE FUNCTION threefactor.untrack_function(schema_name text, name text) RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  DELETE FROM threefactor.tracked_function f WHERE f.function_schema = schema_name AND f.function_name = untrack_function.name;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'function "%" not found in source "default"', name USING ERRCODE = 'TFNEX';
  END IF;
  DELETE FROM threefactor.function_permission f WHERE f.function_schema = schema_name AND f.function_name = untrack_function.name;
END $$;

CREATE FUNCTION threefactor.add_computed_field(
    relation regclass, name text, function_schema text, function_name text, table_argument text DEFAULT NULL,
    session_argument text DEFAULT NULL, comment text DEFAULT NULL) RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  start text := format('Inconsistent object: in table "%s": in computed field "%s": ',
                       threefactor.display_name(add_computed_field.relation), add_computed_field.name);
  label text := CASE WHEN function_schema = 'public' THEN '' ELSE function_schema || '.' END || function_name;
  found json;
  argument json;
  reasons text[] := '{}';
BEGIN
  PERFORM threefactor.check_field_name(add_computed_field.relation, add_computed_field.name, 'computed field');
  IF NOT EXISTS (SELECT FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
                 WHERE n.nspname = function_schema AND p.proname = function_name) THEN
    RAISE EXCEPTION '%no such function exists: "%"', start, label USING ERRCODE = 'TFCFG';
  END IF;
  found := threefactor.find_function(function_schema, function_name);
  IF (found ->> 'volatile')::boolean THEN
    reasons := reasons || format('the function "%s" is of type VOLATILE; cannot be added as a computed field', label);
  END IF;
  IF json_array_length(found -> 'arguments') = 0 THEN
    reasons := reasons || format('the function "%s" has no input arguments', label);
  ELSE
    SELECT a INTO argument FROM json_array_elements(found -> 'arguments') WITH ORDINALITY AS e(a, place)
     WHERE CASE WHEN table_argument IS NULL THEN place = 1 ELSE a ->> 0 = table_argument END;
    IF argument IS NULL THEN
      reasons := reasons || format('"%s" is not an input argument of the function "%s"', table_argument, label);
    ELSIF (argument ->> 5)::bigint <> add_computed_field.relation::oid::bigint THEN
      label := CASE WHEN table_argument IS NULL THEN 'first argument' ELSE format('argument "%s"', table_argument) END ||
               format(' of the function "%s"', label);
      IF argument ->> 3 <> 'c' THEN
        reasons := reasons || (label || ' is not COMPOSITE type');
      END IF;
      reasons := reasons || format('%s of type "%s.%s" is not the table to which the computed field is being added', label,
                                   argument ->> 1, argument ->> 2);
    END IF;
  END IF;
  IF cardinality(reasons) > 0 THEN
    RAISE EXCEPTION '%', start || format('the computed field "%s" cannot be added to table "%s" ', add_computed_field.name,
                                         threefactor.display_name(add_computed_field.relation)) ||
      CASE WHEN cardinality(reasons) = 1 THEN 'because ' || reasons[1]
           ELSE E'for the following reasons:\n' || (SELECT string_agg('  • ' || r || E'\n', '') FROM unnest(reasons) AS r) END
      USING ERRCODE = 'TFCFG';
  END IF;
  INSERT INTO threefactor.computed_field
  VALUES (add_computed_field.relation, add_computed_field.name, function_schema, function_name, table_argument, session_argument,
          add_computed_field.comment);
END $$;

CREATE FUNCTION threefactor.drop_computed_field(relation regclass, name text, "cascade" boolean DEFAULT false) RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  dependents text;
BEGIN
  SELECT string_agg(format('permission %s.%s.%s in source "default"', threefactor.display_name(p.relation), p.role_name, p.operation), ', '
                    ORDER BY p.role_name) INTO dependents
    FROM threefactor.permission p
   WHERE p.relation = drop_computed_field.relation AND p.definition -> 'computed_fields' ? drop_computed_field.name;
  IF dependents IS NOT NULL AND NOT drop_computed_field."cascade" THEN
    RAISE EXCEPTION 'cannot drop due to the following dependent objects : %', dependents USING ERRCODE = 'TFDEP';
  END IF;
  DELETE FROM threefactor.computed_field f WHERE f.relation = drop_computed_field.relation AND f.name = drop_computed_field.name;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'computed field "%" does not exist', name USING ERRCODE = 'TFNEX';
  END IF;
  DELETE FROM threefactor.permission p
   WHERE p.relation = drop_computed_field.relation AND p.definition -> 'computed_fields' ? drop_computed_field.name;
END $$;

-- Back to what the catalog alone says; event triggers go too.
CREATE FUNCTION threefactor.clear_metadata() RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  event_trigger text;
BEGIN
  FOR event_trigger IN SELECT t.name FROM threefactor.event_trigger t LOOP
    PERFORM threefactor.drop_event_trigger(name => event_trigger);
  END LOOP;
  DELETE FROM threefactor.tracked_table;
  DELETE FROM threefactor.relationship;
  DELETE FROM threefactor.tracked_function;
  DELETE FROM threefactor.computed_field;
  DELETE FROM threefactor.permission;
  DELETE FROM threefactor.function_permission;
  DELETE FROM threefactor.inherited_role;
END $$;
-- Permission metadata: checked for what it names and stored. Nothing enforces it yet, so no role but admin is served.

CREATE FUNCTION threefactor.create_permission(
    relation regclass, role_name text, operation text, definition jsonb, comment text DEFAULT NULL) RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  start text := format('Inconsistent object: in table "%s": in permission for role "%s": ',
                       threefactor.display_name(create_permission.relation), create_permission.role_name);
  wanted text;
BEGIN
  IF create_permission.role_name = 'admin'  -- which has them all
     OR EXISTS (SELECT FROM threefactor.permission p WHERE p.relation = create_permission.relation
                AND p.role_name = create_permission.role_name AND p.operation = create_permission.operation) THEN
    RAISE EXCEPTION '% permission already defined on table "%" with role "%"', create_permission.operation,
      threefactor.display_name(create_permission.relation), create_permission.role_name USING ERRCODE = 'TFEXI';
  END IF;
  IF jsonb_typeof(definition -> 'columns') = 'array' THEN
    FOR wanted IN SELECT jsonb_array_elements_text(definition -> 'columns') LOOP
      IF NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = create_permission.relation AND a.attname = wanted
                     AND a.attnum > 0 AND NOT a.attisdropped) THEN
        RAISE EXCEPTION '%column "%" does not exist', start, wanted USING ERRCODE = 'TFCFG';
      END IF;
    END LOOP;
  END IF;
  IF jsonb_typeof(definition -> 'computed_fields') = 'array' THEN
    FOR wanted IN SELECT jsonb_array_elements_text(definition -> 'computed_fields') LOOP
      IF NOT EXISTS (SELECT FROM threefactor.computed_field f
                     WHERE f.relation = create_permission.relation AND f.name = wanted) THEN
        RAISE EXCEPTION '%computed field "%" does not exist', start, wanted USING ERRCODE = 'TFCFG';
      END IF;
    END LOOP;
  END IF;
  INSERT INTO threefactor.permission
  VALUES (create_permission.relation, create_permission.role_name, create_permission.operation, create_permission.definition,
          create_permission.comment);
END $$;

CREATE FUNCTION threefactor.drop_permission(relation regclass, role_name text, operation text) RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  DELETE FROM threefactor.permission p WHERE p.relation = drop_permission.relation AND p.role_name = drop_permission.role_name
     AND p.operation = drop_permission.operation;
  IF NOT FOUND THEN
    RAISE EXCEPTION '% permission on table "%" for role "%" does not exist', operation, threefactor.display_name(relation), role_name
      USING ERRCODE = 'TFDEN';
  END IF;
END $$;

CREATE FUNCTION threefactor.create_function_permission(schema_name text, name text, role_name text) RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM threefactor.tracked_function f
                 WHERE f.function_schema = schema_name AND f.function_name = create_function_permission.name) THEN
    RAISE EXCEPTION 'function "%" not found in source "default"', name USING ERRCODE = 'TFNEX';
  END IF;
  INSERT INTO threefactor.function_permission VALUES (schema_name, name, create_function_permission.role_name)
  ON CONFLICT DO NOTHING;
END $$;

CREATE FUNCTION threefactor.add_inherited_role(role_name text, role_set text[]) RETURNS void
  LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO threefactor.inherited_role VALUES ($1, $2) ON CONFLICT (role_name) DO UPDATE SET role_set = excluded.role_set
$$;

CREATE FUNCTION threefactor.drop_inherited_role(role_name text) RETURNS void
  LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  DELETE FROM threefactor.inherited_role r WHERE r.role_name = $1
$$;
-- What a person reads. Rows of tables, responses and values of headers may be secret: they show to threefactor_admin only,
-- to others as null.
CREATE FUNCTION threefactor.worker_status(OUT state text, OUT pid integer, OUT watchers integer) RETURNS record
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'threefactor_worker_status';

-- Private. The names of the headers; values only where they are names of environment variables.
CREATE FUNCTION threefactor.masked_headers(headers jsonb) RETURNS jsonb
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN (SELECT coalesce(jsonb_object_agg(key, CASE jsonb_typeof(value) WHEN 'object' THEN value ELSE '"***"' END), '{}')
            FROM jsonb_each(headers));

-- Private. The names of the event triggers that definitions belong to. With the owner's rights, for readers of the views.
CREATE FUNCTION threefactor.event_trigger_names(definitions integer[]) RETURNS text[]
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  RETURN ARRAY(SELECT t.name FROM threefactor.definition AS d JOIN threefactor.event_trigger AS t USING (trigger_id)
                WHERE d.definition_id = ANY (definitions) ORDER BY t.name);

CREATE VIEW threefactor.event_triggers AS
  SELECT t.name, c.oid::regclass AS relation, d.webhook, d.operations, d.columns, d.condition, d.payload,
         threefactor.masked_headers(d.headers) AS headers, d.retry, t.paused, t.created_at, d.created_at AS defined_at
    FROM threefactor.event_trigger AS t
    JOIN threefactor.definition AS d USING (definition_id)
    LEFT JOIN pg_catalog.pg_class AS c ON c.oid = d.relation;  -- null: the table was dropped

CREATE VIEW threefactor.events AS
  SELECT o.event_id, o.created_at, o.operation, o.table_schema, o.table_name,
         threefactor.event_trigger_names(o.definitions) AS event_triggers,
         CASE WHEN readable.rows THEN o.old_row END AS old_row,
         CASE WHEN readable.rows THEN o.new_row END AS new_row,
         CASE WHEN readable.rows THEN o.session_variables END AS session_variables,
         o.trace_context, o.position
    FROM threefactor.outbox AS o, (SELECT pg_catalog.pg_has_role('threefactor_admin', 'USAGE') AS rows) AS readable;

CREATE VIEW threefactor.attempts AS
  SELECT a.event_id, t.name AS event_trigger, a.idempotency_key, a.attempt, a.outcome, a.started_at, a.duration, a.status,
         CASE WHEN pg_catalog.pg_has_role('threefactor_admin', 'USAGE') THEN a.response END AS response, a.error
    FROM threefactor.attempt AS a
    LEFT JOIN threefactor.event_trigger AS t USING (trigger_id);

-- One row per event and event trigger, of what is retained: retrying or dead (it has a row of its own), delivered or
-- archived (by its last attempt), else pending. An event older than the retention, of which no attempt is kept any more, may
-- have been delivered or may be waiting still: unknown.
CREATE VIEW threefactor.deliveries AS
  SELECT o.event_id, t.name AS event_trigger, threefactor.delivery_key(o.event_id, d.trigger_id) AS idempotency_key,
         CASE WHEN p.event_id IS NOT NULL THEN p.state
              WHEN a.outcome IN ('delivered', 'archived') THEN a.outcome
              WHEN o.created_at > now() - pg_catalog.current_setting('threefactor.retention')::interval THEN 'pending'
              ELSE 'unknown' END AS state,
         coalesce(p.attempts, a.attempt, 0) AS attempts, p.next_attempt_at,
         coalesce(p.last_status, a.status) AS last_status, coalesce(p.last_error, a.error) AS last_error,
         o.created_at, a.started_at AS last_attempt_at
    FROM threefactor.outbox AS o
    JOIN threefactor.definition AS d ON d.definition_id = ANY (o.definitions)
    LEFT JOIN threefactor.event_trigger AS t USING (trigger_id)
    LEFT JOIN threefactor.parked AS p ON p.event_id = o.event_id AND p.trigger_id = d.trigger_id
    LEFT JOIN (SELECT DISTINCT ON (event_id, trigger_id) * FROM threefactor.attempt
                ORDER BY event_id, trigger_id, sequence DESC) AS a ON a.event_id = o.event_id AND a.trigger_id = d.trigger_id
  UNION ALL  -- their events may have left the outbox
  SELECT p.event_id, t.name, p.idempotency_key, p.state, p.attempts, p.next_attempt_at, p.last_status, p.last_error,
         p.created_at, NULL
    FROM threefactor.parked AS p
    LEFT JOIN threefactor.event_trigger AS t USING (trigger_id)
   WHERE NOT EXISTS (SELECT FROM threefactor.outbox AS o WHERE o.event_id = p.event_id);

CREATE VIEW threefactor.dead_letters AS
  SELECT p.event_id, t.name AS event_trigger, p.idempotency_key, p.attempts, p.last_status, p.last_error, p.created_at,
         p.operation, p.table_schema, p.table_name,
         CASE WHEN readable.rows THEN p.old_row END AS old_row,
         CASE WHEN readable.rows THEN p.new_row END AS new_row
    FROM threefactor.parked AS p
    LEFT JOIN threefactor.event_trigger AS t USING (trigger_id),
         (SELECT pg_catalog.pg_has_role('threefactor_admin', 'USAGE') AS rows) AS readable
   WHERE p.state = 'dead';

-- One row per event trigger. worker tells also when this database is a copy (origin.sql). delivered counts what the retention has kept.
CREATE VIEW threefactor.status AS
  SELECT t.name AS event_trigger, t.paused, coalesce(a.delivered, 0) AS delivered, coalesce(p.retrying, 0) AS retrying,
         coalesce(p.dead, 0) AS dead, last.started_at AS last_attempt_at, last.status AS last_status, last.error AS last_error,
         CASE WHEN EXISTS (SELECT FROM threefactor.origin AS o WHERE o.database <> threefactor.this_database())
              THEN 'waits for adopt()' ELSE w.state END AS worker, w.pid AS worker_pid
    FROM threefactor.event_trigger AS t
    CROSS JOIN threefactor.worker_status() AS w
    LEFT JOIN (SELECT trigger_id, count(*) FILTER (WHERE outcome = 'delivered') AS delivered, max(sequence) AS sequence
                 FROM threefactor.attempt GROUP BY trigger_id) AS a USING (trigger_id)
    LEFT JOIN threefactor.attempt AS last ON last.sequence = a.sequence
    LEFT JOIN (SELECT trigger_id, count(*) FILTER (WHERE state = 'retrying') AS retrying,
                      count(*) FILTER (WHERE state = 'dead') AS dead
                 FROM threefactor.parked GROUP BY trigger_id) AS p ON p.trigger_id = t.trigger_id;
-- Who may do what. Roles belong to the cluster: they are made if missing and stay when the extension goes.
--   threefactor_admin    makes event triggers on tables that it owns, reads and redelivers everything
--   threefactor_monitor  reads the views, without rows, responses and values of headers
--   threefactor_gateway  watches changes
-- Nobody needs any right for changes to be captured.
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['threefactor_admin', 'threefactor_monitor', 'threefactor_gateway'] LOOP
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = name) THEN
      BEGIN
        EXECUTE format('CREATE ROLE %I NOLOGIN', name);
      EXCEPTION WHEN duplicate_object OR unique_violation THEN
        NULL;  -- made in another database meanwhile
      END;
    END IF;
  END LOOP;
END $$;

REVOKE ALL ON ALL TABLES IN SCHEMA threefactor FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA threefactor FROM PUBLIC;

GRANT USAGE ON SCHEMA threefactor TO threefactor_admin, threefactor_monitor, threefactor_gateway;
GRANT SELECT ON threefactor.event_triggers, threefactor.events, threefactor.deliveries, threefactor.attempts,
  threefactor.dead_letters, threefactor.status TO threefactor_admin, threefactor_monitor;
-- Functions that the views call are checked for the reader of the view.
GRANT EXECUTE ON FUNCTION threefactor.worker_status(), threefactor.masked_headers(jsonb), threefactor.delivery_key(uuid, integer),
  threefactor.event_trigger_names(integer[]), threefactor.this_database() TO threefactor_admin, threefactor_monitor;

GRANT SELECT, INSERT, UPDATE, DELETE ON threefactor.event_trigger, threefactor.definition TO threefactor_admin;
GRANT USAGE ON SEQUENCE threefactor.event_trigger_trigger_id_seq, threefactor.definition_definition_id_seq TO threefactor_admin;
GRANT SELECT, INSERT, UPDATE, DELETE ON threefactor.tracked_table, threefactor.relationship, threefactor.tracked_function,
  threefactor.computed_field, threefactor.permission, threefactor.function_permission, threefactor.inherited_role TO threefactor_admin;
GRANT SELECT ON threefactor.tracked_table, threefactor.relationship, threefactor.tracked_function, threefactor.computed_field,
  threefactor.permission, threefactor.function_permission, threefactor.inherited_role TO threefactor_gateway;
GRANT SELECT ON threefactor.outbox, threefactor.attempt, threefactor.parked TO threefactor_admin;
GRANT SELECT, INSERT, DELETE ON threefactor.origin TO threefactor_admin;
GRANT INSERT, UPDATE, DELETE ON threefactor.parked TO threefactor_admin;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA threefactor TO threefactor_admin;
REVOKE EXECUTE ON FUNCTION threefactor.start_worker() FROM threefactor_admin;

GRANT EXECUTE ON FUNCTION threefactor.watch(), threefactor.changes(text, bigint) TO threefactor_gateway;
GRANT EXECUTE ON FUNCTION threefactor.metadata(), threefactor.describe_function(text, text), threefactor.enum_values(regclass)
  TO threefactor_gateway;
