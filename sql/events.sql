-- The SQL API of event triggers, for administrators (threefactor_admin). Each function asks whether its caller owns the event trigger
-- (calls.sql): its table, or, where it has none, whether he has the rights of the role that made it. Conditions and apply statements
-- are read with the caller's rights and search_path, everything else with the owner's rights and a pinned one.

-- Captures one row change: extension/capture/trigger.cpp. Its arguments: extension/capture/arguments.hpp.
CREATE FUNCTION threefactor.capture() RETURNS trigger
  LANGUAGE c AS 'MODULE_PATHNAME', 'threefactor_capture';

-- Private. Makes the trigger for one operation, with the caller's rights; a null condition, payload, order_by, columns: as in
-- create_event_trigger. condition_path: the search_path by which the condition is read.
CREATE FUNCTION threefactor_private.create_capture_trigger(
    relation regclass, operation text, definition integer, event_trigger text, condition text, payload text[], order_by text[],
    columns text[], on_replica boolean, condition_path text) RETURNS void
  LANGUAGE c AS 'MODULE_PATHNAME', 'threefactor_create_capture_trigger';

-- Around a condition, so that an error in it names the event trigger: extension/capture/condition_context.cpp.
CREATE FUNCTION threefactor.begin_condition(event_trigger text) RETURNS boolean
  LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'threefactor_begin_condition';
CREATE FUNCTION threefactor.end_condition(condition boolean) RETURNS boolean
  LANGUAGE c AS 'MODULE_PATHNAME', 'threefactor_end_condition';

-- Private. Raises when it is larger than threefactor.max_payload_size, as it is or as UTF-8.
CREATE FUNCTION threefactor_private.check_payload(payload json) RETURNS void
  LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'threefactor_check_payload';

-- Private. Appends an event of operation MANUAL or EMIT. Without a schema, the name is that of a topic.
CREATE FUNCTION threefactor_private.append_event(
    definitions integer[], manual boolean, table_schema text, table_name text, payload json) RETURNS uuid
  LANGUAGE c AS 'MODULE_PATHNAME', 'threefactor_append_event';

-- Private. At commit, the worker reads event triggers / parked deliveries again.
CREATE FUNCTION threefactor_private.definitions_changed() RETURNS void
  LANGUAGE c AS 'MODULE_PATHNAME', 'threefactor_definitions_changed';
CREATE FUNCTION threefactor_private.parked_changed() RETURNS void
  LANGUAGE c AS 'MODULE_PATHNAME', 'threefactor_parked_changed';

-- The idempotency key that the deliveries of an event to an event trigger carry.
CREATE FUNCTION threefactor.delivery_key(event_id uuid, trigger_id integer) RETURNS uuid
  LANGUAGE c STRICT IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'threefactor_delivery_key';

-- Private. The triggers that call threefactor.capture, whoever made them, those of partitions too (parent: of which one it is a clone, else
-- 0). What their arguments say: extension/capture/arguments.hpp; event_trigger is null in those of version 0.1.
CREATE VIEW threefactor_private.row_triggers AS
  SELECT t.oid, t.tgrelid AS relation, t.tgname AS name, t.tgparentid AS parent, t.tgtype AS type, t.tgenabled AS enabled,
         CASE WHEN old.format THEN NULL ELSE a.list[1] END AS event_trigger,
         split_part(CASE WHEN old.format THEN a.list[1] ELSE a.list[2] END, ' ', 1) AS definition,
         NOT old.format AND coalesce(a.list[2] LIKE '% moves', false) AS only_moves
    FROM pg_catalog.pg_trigger AS t
   CROSS JOIN LATERAL (SELECT string_to_array(encode(t.tgargs, 'escape'), '\000')) AS a (list)
   CROSS JOIN LATERAL (SELECT coalesce(a.list[1] ~ '^[0-9]', false)) AS old (format)
   WHERE t.tgfoid = 'threefactor.capture()'::pg_catalog.regprocedure;

-- Private. Drops what captures for an event trigger on a relation: the row triggers that name it, and those of version 0.1 that name the
-- definition. Whoever made them: one that came with a dump of the table would stand in the way of those of this database.
CREATE FUNCTION threefactor_private.drop_capture_triggers(relation regclass, event_trigger text, definition integer) RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
  trigger name;
BEGIN
  FOR trigger IN
    SELECT r.name FROM threefactor_private.row_triggers AS r
     WHERE r.relation = relation AND r.parent = 0
       AND coalesce(r.event_trigger = event_trigger, r.definition = definition::text) LOOP
    EXECUTE format('DROP TRIGGER %I ON %s', trigger, relation);
  END LOOP;
END $$;

-- Private. Raises unless an event trigger may have this name and its events can be delivered so; gives the definition with what is
-- implied.
CREATE FUNCTION threefactor_private.complete_delivery(name text, wanted threefactor.definition) RETURNS threefactor.definition
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF name IS NULL OR name !~ '^[A-Za-z_][A-Za-z0-9_.:-]{0,126}$' THEN
    RAISE EXCEPTION '"%" is not a name for an event trigger', name USING ERRCODE = 'invalid_name',
      HINT = 'A letter or underscore, then letters, digits and . : _ -, up to 127 characters.';
  END IF;
  PERFORM threefactor_private.check_text(argument, value)
     FROM (VALUES ('webhook', wanted.webhook), ('error_webhook', wanted.error_webhook), ('headers', wanted.headers::text), ('endpoint', wanted.endpoint::text),
                  ('apply', wanted.apply), ('the search_path of apply', wanted.apply_path)) AS list (argument, value);
  PERFORM threefactor_private.check_webhook(wanted.webhook);
  IF wanted.error_webhook IS NOT NULL THEN
    PERFORM threefactor_private.check_webhook(wanted.error_webhook);
  END IF;
  PERFORM threefactor_private.check_headers(wanted.headers);
  PERFORM threefactor_private.check_secrets(wanted.secrets);
  wanted.retry := threefactor_private.complete_retry(wanted.retry);
  wanted.endpoint := threefactor_private.complete_endpoint(wanted.endpoint);
  RETURN wanted;
END $$;

-- Private. The columns that events of an operation carry; null: all. A row that moves between partitions is an UPDATE.
CREATE FUNCTION threefactor_private.payload_of(wanted threefactor.definition, operation text) RETURNS text[]
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN wanted.payloads IS NULL THEN wanted.payload ELSE (
           SELECT array_agg(c.name ORDER BY c.place)
             FROM jsonb_array_elements_text(wanted.payloads -> CASE WHEN operation LIKE 'MOVE%' THEN 'UPDATE' ELSE operation END)
                  WITH ORDINALITY AS c(name, place)) END
$$;

-- Private. The columns that it names for its payload, of whatever operation.
CREATE FUNCTION threefactor_private.payload_columns(wanted threefactor.definition) RETURNS text[]
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN wanted.payloads IS NULL THEN wanted.payload ELSE (
           SELECT array_agg(DISTINCT c.name) FROM jsonb_each(wanted.payloads) AS p, jsonb_array_elements_text(p.value) AS c(name)) END
$$;

-- Private. Raises unless payloads names columns by operation; gives the definition without what says nothing.
CREATE FUNCTION threefactor_private.complete_payloads(wanted threefactor.definition) RETURNS threefactor.definition
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  part record;
BEGIN
  IF wanted.payloads IS NULL THEN
    RETURN wanted;
  ELSIF wanted.payload IS NOT NULL THEN
    RAISE EXCEPTION 'give payload or payloads, not both' USING ERRCODE = 'invalid_parameter_value';
  ELSIF jsonb_typeof(wanted.payloads) <> 'object' THEN
    RAISE EXCEPTION 'payloads must be an object of operations' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  FOR part IN SELECT p.key, p.value FROM jsonb_each(wanted.payloads) AS p LOOP
    IF part.key <> ALL (wanted.operations) OR part.key = 'TRUNCATE' THEN
      RAISE EXCEPTION 'payloads: "%" is no operation of the event trigger that carries rows', part.key USING ERRCODE = 'invalid_parameter_value';
    ELSIF part.value = 'null' THEN
      wanted.payloads := wanted.payloads - part.key;
    ELSIF jsonb_typeof(part.value) <> 'array' OR part.value = '[]' OR part.value @? '$[*] ? (@.type() != "string")' THEN
      RAISE EXCEPTION 'payloads: % must name a column, or be null', part.key USING ERRCODE = 'invalid_parameter_value';
    END IF;
  END LOOP;
  IF wanted.payloads = '{}' THEN
    wanted.payloads := NULL;
  END IF;
  RETURN wanted;
END $$;

-- Private. Likewise all of an event trigger of a relation or topic.
CREATE FUNCTION threefactor_private.complete_definition(name text, wanted threefactor.definition) RETURNS threefactor.definition
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  wrong text;
BEGIN
  wanted := threefactor_private.complete_delivery(name, wanted);
  IF (wanted.relation IS NULL) = (wanted.topic IS NULL) THEN
    RAISE EXCEPTION 'event trigger "%" needs a relation or a topic%', name,
        CASE WHEN wanted.topic IS NULL THEN '' ELSE ', not both' END
      USING ERRCODE = 'invalid_parameter_value',
      HINT = 'A relation for the changes of a table, a topic for what threefactor.emit sends.';
  END IF;
  IF wanted.operations IS NULL THEN
    RAISE EXCEPTION 'operations must not be null' USING ERRCODE = 'invalid_parameter_value',
      HINT = 'Use an empty array for an event trigger that is only invoked.';
  END IF;
  SELECT o INTO wrong FROM unnest(wanted.operations) AS o WHERE o IS NULL OR o NOT IN ('INSERT', 'UPDATE', 'DELETE', 'TRUNCATE') LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'unknown operation "%"', wrong USING ERRCODE = 'invalid_parameter_value',
      HINT = 'Operations are INSERT, UPDATE, DELETE and TRUNCATE.';
  END IF;
  SELECT key INTO wrong FROM (VALUES ('columns', wanted.columns), ('payload', wanted.payload), ('order_by', wanted.order_by))
    AS list (key, names) WHERE names = '{}' LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION '% must name a column, or be null', wrong USING ERRCODE = 'invalid_parameter_value';
  END IF;
  IF wanted.body IS NULL OR wanted.body NOT IN ('hasura', 'cloudevents-binary', 'cloudevents-structured', 'supabase') THEN
    RAISE EXCEPTION 'unknown body "%"', wanted.body USING ERRCODE = 'invalid_parameter_value',
      HINT = 'Bodies are hasura, cloudevents-binary, cloudevents-structured and supabase.';
  END IF;
  PERFORM threefactor_private.check_on_dead(wanted.on_dead);
  wanted := threefactor_private.complete_payloads(wanted);
  IF wanted.relation IS NOT NULL THEN
    PERFORM threefactor.check_relation(wanted.relation, wanted.columns || threefactor_private.payload_columns(wanted) || wanted.order_by);
  ELSE
    PERFORM threefactor_private.check_topic(wanted.topic);
    SELECT key INTO wrong FROM (VALUES ('columns', wanted.columns), ('payload', wanted.payload), ('order_by', wanted.order_by),
      ('condition', ARRAY[wanted.condition])) AS list (key, names) WHERE array_remove(names, NULL) <> '{}' LIMIT 1;
    IF FOUND THEN
      RAISE EXCEPTION '% belongs to an event trigger of a relation, not of a topic', wrong
        USING ERRCODE = 'invalid_parameter_value';
    END IF;
    wanted.operations := '{}';
  END IF;
  RETURN wanted;
END $$;

-- Private. A row that moves between partitions needs unconditional triggers where it leaves and where it arrives, also where
-- the definition has none: extension/capture/move.hpp.
CREATE FUNCTION threefactor_private.move_operations(wanted threefactor.definition) RETURNS text[]
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
  RETURN ARRAY(
    SELECT move FROM (VALUES ('INSERT', 'MOVE_IN'), ('DELETE', 'MOVE_OUT')) AS part (operation, move)
     WHERE EXISTS (SELECT FROM pg_catalog.pg_class WHERE oid = (wanted).relation AND relkind = 'p')
       AND (wanted).operations && '{INSERT,UPDATE}' AND NOT (operation = ANY ((wanted).operations) AND (wanted).condition IS NULL));

-- Private. Raises unless the caller owns the event trigger.
CREATE FUNCTION threefactor_private.require_event_trigger_owner(wanted threefactor.event_trigger) RETURNS void
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  owner oid := (SELECT n.owner FROM threefactor_private.names AS n WHERE n.trigger_id = wanted.trigger_id);
BEGIN
  IF NOT threefactor_private.caller_acts_for(owner) THEN
    RAISE EXCEPTION 'must be owner of event trigger "%"', wanted.name USING ERRCODE = 'insufficient_privilege',
      DETAIL = CASE WHEN owner IS NULL THEN 'The role that it belonged to is gone: only a superuser may.'
                    ELSE format('It belongs to role %s.', owner::regrole) END;
  END IF;
END $$;

-- Private. Makes an event trigger, or with replace gives an existing one of the same kind a new definition: gives that, with its ids.
CREATE FUNCTION threefactor_private.store_definition(name text, wanted threefactor.definition, replace boolean) RETURNS threefactor.definition
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
  existing threefactor.event_trigger;
  scheduled boolean;
  replaced regclass;
  owner oid := threefactor_private.owner_of(name, wanted.relation);
BEGIN
  SELECT * INTO existing FROM threefactor.event_trigger AS t WHERE t.name = name FOR UPDATE;
  IF FOUND AND replace IS NOT TRUE THEN
    RAISE EXCEPTION 'event trigger "%" already exists', name USING ERRCODE = 'duplicate_object',
      HINT = 'Pass replace => true to redefine it, or change some of it with threefactor.alter_event_trigger.';
  END IF;
  IF FOUND THEN
    PERFORM threefactor_private.require_event_trigger_owner(existing);
  END IF;
  SELECT d.operations = '{SCHEDULED}' INTO scheduled FROM threefactor.definition AS d WHERE d.definition_id = existing.definition_id;
  IF existing.errors_of IS NOT NULL THEN
    RAISE EXCEPTION '"%" is the error webhook of another event trigger', name USING ERRCODE = 'wrong_object_type',
      HINT = 'It changes with the event trigger that it belongs to. Choose another name.';
  END IF;
  IF scheduled <> (wanted.operations = '{SCHEDULED}') THEN
    RAISE EXCEPTION '"%" is %', name, CASE WHEN scheduled THEN 'a schedule' ELSE 'an event trigger' END
      USING ERRCODE = 'wrong_object_type', HINT = 'Drop it first, or choose another name.';
  END IF;
  wanted.definition_id := nextval('threefactor.definition_definition_id_seq');
  wanted.created_at := now();
  IF existing.trigger_id IS NULL THEN
    INSERT INTO threefactor.event_trigger AS t (name, definition_id, owner, owner_id)
      VALUES (name, wanted.definition_id, pg_get_userbyid(owner), threefactor_private.role_id(owner))
      RETURNING t.trigger_id INTO wanted.trigger_id;
  ELSE
    wanted.trigger_id := existing.trigger_id;
    UPDATE threefactor.event_trigger AS t
       SET definition_id = wanted.definition_id, owner = pg_get_userbyid(owner), owner_id = threefactor_private.role_id(owner)
     WHERE t.trigger_id = existing.trigger_id;
    SELECT d.relation INTO replaced FROM threefactor.definition AS d WHERE d.definition_id = existing.definition_id;
    PERFORM threefactor_private.drop_capture_triggers(replaced, name, existing.definition_id);
  END IF;
  INSERT INTO threefactor.definition VALUES (wanted.*);
  PERFORM threefactor_private.make_error_trigger(wanted.trigger_id, name, wanted);
  RETURN wanted;
EXCEPTION WHEN unique_violation THEN
  RAISE EXCEPTION 'event trigger "%" already exists', name USING ERRCODE = 'duplicate_object',
    HINT = 'Pass replace => true to redefine it, or change some of it with threefactor.alter_event_trigger.';
END $$;

-- Private. What create_event_trigger does with a complete definition.
CREATE FUNCTION threefactor_private.make_event_trigger(name text, wanted threefactor.definition, replace boolean) RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
  operation text;
BEGIN
  wanted := threefactor_private.store_definition(name, wanted, replace);
  PERFORM threefactor_private.drop_capture_triggers(wanted.relation, name, NULL);
  FOR operation IN SELECT DISTINCT o FROM unnest(wanted.operations || threefactor_private.move_operations(wanted)) AS o ORDER BY o LOOP
    PERFORM threefactor_private.create_capture_trigger(
      wanted.relation, operation, wanted.definition_id, name,
      CASE WHEN operation NOT LIKE 'MOVE%' THEN wanted.condition END, threefactor_private.payload_of(wanted, operation), wanted.order_by, wanted.columns,
      wanted.on_replica, wanted.condition_path);
  END LOOP;
  PERFORM threefactor_private.definitions_changed();
  PERFORM threefactor_private.warn_of_delivery(name, wanted);
END $$;

CREATE FUNCTION threefactor.create_event_trigger(
    name          text,
    relation      regclass DEFAULT NULL,
    webhook       text     DEFAULT NULL,
    topic         text     DEFAULT NULL,
    operations    text[]   DEFAULT '{INSERT,UPDATE,DELETE}',
    columns       text[]   DEFAULT NULL,
    condition     text     DEFAULT NULL,
    payload       text[]   DEFAULT NULL,
    headers       jsonb    DEFAULT '{}',
    retry         jsonb    DEFAULT '{}',
    endpoint      jsonb    DEFAULT '{}',
    body          text     DEFAULT 'hasura',
    secrets       text[]   DEFAULT NULL,
    order_by      text[]   DEFAULT NULL,
    on_dead       text     DEFAULT 'block',
    apply         text     DEFAULT NULL,
    error_webhook text     DEFAULT NULL,
    on_replica    boolean  DEFAULT false,
    replace       boolean  DEFAULT false,
    payloads      jsonb    DEFAULT NULL) RETURNS void
  LANGUAGE threefactor AS $$
#variable_conflict use_variable
DECLARE
  wanted threefactor.definition;
BEGIN
  wanted.relation := relation;
  wanted.webhook := webhook;
  wanted.topic := topic;
  wanted.operations := operations;
  wanted.columns := columns;
  wanted.condition := condition;
  wanted.condition_path := CASE WHEN condition IS NOT NULL THEN threefactor_private.caller_path() END;
  wanted.payload := payload;
  wanted.payloads := payloads;
  wanted.headers := headers;
  wanted.retry := retry;
  wanted.endpoint := endpoint;
  wanted.body := body;
  wanted.secrets := secrets;
  wanted.order_by := order_by;
  wanted.on_dead := on_dead;
  wanted.apply := apply;
  wanted.apply_path := threefactor_private.caller_path();
  wanted.error_webhook := error_webhook;
  wanted.on_replica := coalesce(on_replica, false);
  wanted := threefactor_private.complete_definition(name, wanted);
  PERFORM threefactor_private.make_event_trigger(name, threefactor_private.complete_apply(name, wanted), replace);
END $$;

-- Private. The old row of an event, from what the outbox stores: extension/pure/event/old_row.hpp.
CREATE FUNCTION threefactor_private.whole_old_row(old_row json, new_row json) RETURNS json
  LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'threefactor_whole_old_row';

-- Private. Whether the text, given as a name, is the id of an event.
CREATE FUNCTION threefactor_private.names_event(name text) RETURNS boolean
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(name ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$', false)
         AND NOT EXISTS (SELECT FROM threefactor.event_trigger AS t WHERE t.name = names_event.name)
$$;

-- Private. Which event triggers are the caller's; whether one is, also one that was dropped; whether one of those of an event is.
CREATE FUNCTION threefactor_private.owned_event_triggers() RETURNS integer[]
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT ARRAY(SELECT t.trigger_id FROM threefactor.event_trigger AS t JOIN threefactor_private.names AS n USING (trigger_id)
                WHERE threefactor_private.caller_acts_for(n.owner))
$$;
CREATE FUNCTION threefactor_private.caller_owns(trigger_id integer) RETURNS boolean
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT threefactor_private.caller_acts_for((SELECT n.owner FROM threefactor_private.names AS n WHERE n.trigger_id = caller_owns.trigger_id))
$$;
CREATE FUNCTION threefactor_private.caller_owns_event(definitions integer[]) RETURNS boolean
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce((SELECT bool_or(threefactor_private.caller_owns(d.trigger_id)) FROM threefactor.definition AS d WHERE d.definition_id = ANY (definitions)),
                  threefactor_private.caller_acts_for(NULL))
$$;

-- Private. The event trigger of that name, locked; raises when there is none, or it is not the caller's.
CREATE FUNCTION threefactor_private.find_event_trigger(name text) RETURNS threefactor.event_trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
  found_trigger threefactor.event_trigger;
BEGIN
  SELECT * INTO found_trigger FROM threefactor.event_trigger AS t WHERE t.name = name FOR UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'event trigger "%" does not exist', name USING ERRCODE = 'undefined_object';
  END IF;
  PERFORM threefactor_private.require_event_trigger_owner(found_trigger);
  RETURN found_trigger;
END $$;

-- What was captured for it and is not delivered is archived: pending, retrying and dead, each with an attempt that says so.
CREATE FUNCTION threefactor.drop_event_trigger(name text) RETURNS void
  LANGUAGE threefactor AS $$
DECLARE
  dropped threefactor.event_trigger := threefactor_private.find_event_trigger(name);
BEGIN
  PERFORM threefactor_private.drop_error_trigger(dropped.trigger_id);
  INSERT INTO threefactor.dropped_event_trigger (trigger_id, name, owner, owner_id)
    SELECT n.trigger_id, n.name, pg_get_userbyid(n.owner), threefactor_private.role_id(n.owner) FROM threefactor_private.names AS n WHERE n.trigger_id = dropped.trigger_id;
  DELETE FROM threefactor.event_trigger WHERE trigger_id = dropped.trigger_id;
  PERFORM threefactor_private.drop_capture_triggers(d.relation, dropped.name, d.definition_id)
     FROM threefactor.definition AS d WHERE d.definition_id = dropped.definition_id;
  -- The worker archives what is retrying; of the rest it would not know. (It waits for nobody who holds rows that are retrying.)
  UPDATE threefactor.parked SET state = 'retrying', next_attempt_at = now() WHERE trigger_id = dropped.trigger_id AND state IN ('dead', 'blocked');
  UPDATE threefactor.definition AS d SET error_webhook = NULL FROM threefactor.event_trigger AS t
   WHERE t.trigger_id = dropped.errors_of AND t.definition_id = d.definition_id;
  PERFORM threefactor_private.definitions_changed();
  PERFORM threefactor_private.parked_changed();
END $$;

-- A paused event trigger goes on capturing; its events wait.
CREATE FUNCTION threefactor.pause(name text) RETURNS void
  LANGUAGE threefactor AS $$
DECLARE
  found_trigger threefactor.event_trigger := threefactor_private.find_event_trigger(name);  -- not in the WHERE: it must raise where there is no row, too
BEGIN
  UPDATE threefactor.event_trigger AS t SET paused = true, pause_reason = NULL WHERE t.trigger_id = found_trigger.trigger_id;
  PERFORM threefactor_private.definitions_changed();
END $$;

CREATE FUNCTION threefactor.resume(name text) RETURNS void
  LANGUAGE threefactor AS $$
DECLARE
  found_trigger threefactor.event_trigger := threefactor_private.find_event_trigger(name);  -- not in the WHERE: it must raise where there is no row, too
BEGIN
  UPDATE threefactor.event_trigger AS t SET paused = false, pause_reason = NULL WHERE t.trigger_id = found_trigger.trigger_id;
  PERFORM threefactor_private.definitions_changed();
END $$;

-- Makes an event of operation MANUAL whose new row is the payload, and gives its id.
CREATE FUNCTION threefactor.invoke(name text, payload threefactor.payload) RETURNS uuid
  LANGUAGE threefactor AS $$
DECLARE
  invoked threefactor.event_trigger := threefactor_private.find_event_trigger(name);
  source record;
BEGIN
  IF EXISTS (SELECT FROM threefactor.schedule AS s WHERE s.trigger_id = invoked.trigger_id) THEN
    RETURN threefactor_private.invoke_schedule(invoked, payload);
  END IF;
  SELECT n.nspname AS schema, coalesce(c.relname, d.topic) AS name INTO source
    FROM threefactor.definition AS d LEFT JOIN pg_catalog.pg_class AS c ON c.oid = d.relation
    LEFT JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
   WHERE d.definition_id = invoked.definition_id;
  RETURN threefactor_private.append_event(ARRAY[invoked.definition_id], true, source.schema, source.name, payload);
END $$;

-- Of the metadata API: whether it may invoke the event trigger, the invocation, and the end. Schedules are none of its event triggers.
CREATE FUNCTION threefactor.allow_manual(name text, allowed boolean) RETURNS void
  LANGUAGE threefactor AS $$
DECLARE
  found_trigger threefactor.event_trigger := threefactor_private.find_event_trigger(name);
BEGIN
  UPDATE threefactor.event_trigger AS t SET manual = allowed WHERE t.trigger_id = found_trigger.trigger_id;
END $$;
CREATE FUNCTION threefactor_private.refuse_schedule(name text) RETURNS void
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM threefactor.event_trigger AS t JOIN threefactor.definition AS d USING (definition_id)
              WHERE t.name = refuse_schedule.name AND d.operations = '{SCHEDULED}') THEN
    RAISE EXCEPTION 'event trigger "%" does not exist', name USING ERRCODE = 'undefined_object',
      DETAIL = 'There is a schedule of that name.';
  END IF;
END $$;
CREATE FUNCTION threefactor.delete_event_trigger(name text) RETURNS void
  LANGUAGE threefactor AS $$
BEGIN
  PERFORM threefactor_private.refuse_schedule(name), threefactor.drop_event_trigger(name);
END $$;
CREATE FUNCTION threefactor.invoke_manually(name text, payload json) RETURNS uuid
  LANGUAGE threefactor AS $$
BEGIN
  PERFORM threefactor_private.refuse_schedule(name);
  IF NOT (threefactor_private.find_event_trigger(name)).manual THEN
    RAISE EXCEPTION 'manual mode is not enabled for event trigger' USING ERRCODE = 'TFNSP';
  END IF;
  RETURN threefactor.invoke(name, payload);
END $$;

-- Private. What redeliver does, of the caller's event triggers.
CREATE FUNCTION threefactor_private.redeliver_owned(
    event uuid, trigger text, dead_only boolean, since timestamptz, until timestamptz, new_key boolean) RETURNS bigint
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
  owned integer[];
  revived bigint;
  repeated bigint := 0;
BEGIN
  IF event IS NULL AND trigger IS NULL AND since IS NULL AND until IS NULL THEN
    RAISE EXCEPTION 'redeliver needs an event, an event trigger or a time' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  IF trigger IS NOT NULL THEN
    owned := ARRAY[(threefactor_private.find_event_trigger(trigger)).trigger_id];
  ELSE
    owned := threefactor_private.owned_event_triggers();
  END IF;
  IF event IS NOT NULL AND NOT EXISTS (SELECT FROM threefactor.parked AS p WHERE p.event_id = event AND threefactor_private.caller_owns(p.trigger_id))
     AND NOT EXISTS (SELECT FROM threefactor.outbox AS o WHERE o.event_id = event AND threefactor_private.caller_owns_event(o.definitions)) THEN
    RAISE EXCEPTION 'event % is %', event,
        CASE WHEN EXISTS (SELECT FROM threefactor.attempt AS a WHERE a.event_id = event AND threefactor_private.caller_owns(a.trigger_id))
             THEN 'no longer retained' ELSE 'not known' END
      USING ERRCODE = 'no_data_found', HINT = 'Delivered events are kept for threefactor.retention, dead letters until they are redelivered.';
  END IF;

  UPDATE threefactor.parked AS p
     SET state = 'retrying', attempts = 0, next_attempt_at = now(),
         idempotency_key = CASE WHEN new_key THEN gen_random_uuid() ELSE p.idempotency_key END
   WHERE p.state = 'dead' AND (event IS NULL OR p.event_id = event) AND p.trigger_id = ANY (owned)
     AND (since IS NULL OR p.created_at >= since) AND (until IS NULL OR p.created_at < until);
  GET DIAGNOSTICS revived = ROW_COUNT;
  IF NOT dead_only THEN
    INSERT INTO threefactor.parked
        (event_id, trigger_id, definition_id, idempotency_key, state, attempts, next_attempt_at, event_xid, event_position,
         created_at, operation, table_schema, table_name, old_row, new_row, session_variables, trace_context, order_key)
      SELECT o.event_id, d.trigger_id, d.definition_id,
             CASE WHEN new_key THEN gen_random_uuid() ELSE threefactor.delivery_key(o.event_id, d.trigger_id) END,
             'retrying', 0, now(), o.xid, o.position, o.created_at, o.operation, o.table_schema, o.table_name, o.old_row, o.new_row,
             o.session_variables, o.trace_context, nullif(o.order_keys[array_position(o.definitions, d.definition_id)], 0)
        FROM threefactor.outbox AS o
        JOIN threefactor.definition AS d ON d.definition_id = ANY (o.definitions)
       WHERE (event IS NULL OR o.event_id = event) AND d.trigger_id = ANY (owned)
         AND (since IS NULL OR o.created_at >= since) AND (until IS NULL OR o.created_at < until)
         AND EXISTS (SELECT FROM threefactor.attempt AS a  -- else it is still being delivered for the first time
                      WHERE a.event_id = o.event_id AND a.trigger_id = d.trigger_id AND a.outcome IN ('delivered', 'archived'))
      ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS repeated = ROW_COUNT;
  END IF;
  IF revived + repeated > 0 THEN
    PERFORM threefactor_private.parked_changed();
  END IF;
  RETURN revived + repeated;
END $$;

-- By name, and by event. The first text is a name; where there is none of it, and it is a UUID, an event.
CREATE FUNCTION threefactor.redeliver(
    trigger   text        DEFAULT NULL,
    event     uuid        DEFAULT NULL,
    dead_only boolean     DEFAULT true,
    since     timestamptz DEFAULT NULL,
    until     timestamptz DEFAULT NULL,
    new_key   boolean     DEFAULT false) RETURNS bigint
  LANGUAGE threefactor AS $$
#variable_conflict use_variable
BEGIN
  IF event IS NULL AND threefactor_private.names_event(trigger) THEN
    RETURN threefactor_private.redeliver_owned(trigger::uuid, NULL, dead_only, since, until, new_key);
  END IF;
  RETURN threefactor_private.redeliver_owned(event, trigger, dead_only, since, until, new_key);
END $$;
CREATE FUNCTION threefactor.redeliver(
    event_id  uuid,
    trigger   text        DEFAULT NULL,
    dead_only boolean     DEFAULT true,
    since     timestamptz DEFAULT NULL,
    until     timestamptz DEFAULT NULL,
    new_key   boolean     DEFAULT false) RETURNS bigint
  LANGUAGE threefactor AS $$
#variable_conflict use_variable
BEGIN
  RETURN threefactor_private.redeliver_owned(event_id, trigger, dead_only, since, until, new_key);
END $$;
