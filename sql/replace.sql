-- All of the metadata at once: replaced, cleared of what is inconsistent, tried again. The gateway reads the document, checks every key, and sends
-- what it stands for as calls: [{"kind", "schema", "table", "name", "type", "label", "definition", "item", "statement", "parameters"}]. statement is a call
-- of a function of this extension and parameters its arguments as text; item is what the metadata has, definition how errors show it.

-- Removes what is the caller's and the metadata describes. Event triggers and schedules that are named stay, with all that is
-- undelivered, to be given another definition, or none; what no metadata of Hasura can hold stays too: event triggers of topics, schedules that are left out
-- of metadata, one-off events, and that a table is hidden.
CREATE FUNCTION threefactor.begin_replacement(event_triggers text[], schedules text[]) RETURNS void
  LANGUAGE threefactor AS $$
DECLARE
  gone record;
  owned CONSTANT oid[] := ARRAY(SELECT c.oid FROM pg_class AS c WHERE threefactor_private.caller_acts_for(c.relowner));
BEGIN
  FOR gone IN
    SELECT t.name FROM threefactor.event_trigger AS t JOIN threefactor.definition AS d USING (definition_id) LEFT JOIN threefactor.schedule AS s ON s.trigger_id = t.trigger_id
     WHERE t.errors_of IS NULL AND threefactor_private.caller_owns(t.trigger_id)
       AND CASE WHEN s.trigger_id IS NULL THEN d.relation IS NOT NULL AND t.name <> ALL (begin_replacement.event_triggers)
                ELSE s.include_in_metadata AND t.name <> ALL (begin_replacement.schedules) END
  LOOP
    PERFORM threefactor.drop_event_trigger(gone.name);
  END LOOP;
  FOR gone IN SELECT p.relation, p.role_name, p.operation FROM threefactor.permission AS p WHERE p.relation = ANY (owned) LOOP
    PERFORM threefactor.drop_permission(gone.relation, gone.role_name, gone.operation);
  END LOOP;
  DELETE FROM threefactor.computed_field AS f WHERE f.relation = ANY (owned);
  DELETE FROM threefactor.relationship AS r WHERE r.relation = ANY (owned);
  DELETE FROM threefactor.tracked_table AS t WHERE t.is_tracked AND t.relation = ANY (owned);
  DELETE FROM threefactor.function_permission AS f WHERE threefactor_private.caller_owns_functions(f.function_schema, f.function_name);
  DELETE FROM threefactor.tracked_function AS f WHERE threefactor_private.caller_owns_functions(f.function_schema, f.function_name);
  PERFORM threefactor_private.forget_inconsistent();
  IF threefactor_private.caller_owns_database() THEN
    FOR gone IN SELECT r.role_name FROM threefactor.inherited_role AS r LOOP
      PERFORM threefactor.drop_inherited_role(gone.role_name);
    END LOOP;
    DELETE FROM threefactor.allowlist;
    DELETE FROM threefactor.query_collection;
    DELETE FROM threefactor.metadata_part AS p WHERE p.name IN ('source', 'api_limits');
  END IF;
END $$;

-- Private. What the caller has stored as inconsistent goes.
CREATE FUNCTION threefactor_private.forget_inconsistent() RETURNS void
  LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  DELETE FROM threefactor.inconsistent_object AS i WHERE threefactor_private.caller_stored(i)
$$;

-- What is stored as inconsistent and is the caller's, as calls say it: [{"kind", "schema", "table", "name", "item", "reason"}].
CREATE FUNCTION threefactor.inconsistent_objects() RETURNS json
  LANGUAGE threefactor STABLE AS $$
BEGIN
  RETURN (SELECT coalesce(json_agg(json_build_object('kind', i.kind, 'schema', i.table_schema, 'table', i.table_name, 'name', i.name, 'item', i.definition,
                                                     'reason', i.reason) ORDER BY i.kind, i.table_schema, i.table_name, i.name), '[]')
            FROM threefactor.inconsistent_object AS i WHERE threefactor_private.caller_stored(i));
END $$;

-- Stores these in the place of what was inconsistent before: elements of calls, with a reason.
CREATE FUNCTION threefactor.keep_inconsistent(objects json) RETURNS void
  LANGUAGE threefactor AS $$
BEGIN
  PERFORM threefactor_private.forget_inconsistent();
  INSERT INTO threefactor.inconsistent_object AS i
    SELECT o.kind, coalesce(o.schema, ''), coalesce(o."table", ''), coalesce(o.name, ''), o.item, coalesce(o.reason, ''),
           pg_get_userbyid(threefactor_private.caller()), threefactor_private.role_id(threefactor_private.caller())
      FROM json_to_recordset(keep_inconsistent.objects) AS o(kind text, schema text, "table" text, name text, item json, reason text);
END $$;

CREATE FUNCTION threefactor.drop_inconsistent_metadata() RETURNS void
  LANGUAGE threefactor AS $$
BEGIN
  PERFORM threefactor_private.forget_inconsistent();
END $$;

-- Hides a table, unless it is hidden.
CREATE FUNCTION threefactor.hide_table(schema_name text, name text) RETURNS void
  LANGUAGE threefactor AS $$
DECLARE
  hidden CONSTANT regclass := threefactor.find_relation(hide_table.schema_name, hide_table.name);
BEGIN
  IF NOT EXISTS (SELECT FROM threefactor.tracked_table AS t WHERE t.relation = hidden AND NOT t.is_tracked) THEN
    PERFORM threefactor.untrack_table(hidden);
  END IF;
END $$;

-- Whether two things have one name in the API, whoever made them.
CREATE FUNCTION threefactor.names_clash() RETURNS boolean
  LANGUAGE threefactor STABLE AS $$
BEGIN
  RETURN EXISTS (SELECT FROM threefactor_private.api_names(coalesce(nullif(current_setting('threefactor_gateway.schemas', true), ''), '{}')::text[], NULL, NULL) AS a
                  GROUP BY a.kind, a.name HAVING count(*) > 1);
END $$;

-- Makes the calls, with the rights of the caller alone, and gives those that failed, each with its reason; the others are done. Names are
-- checked for all of them at the end, since each check reads the names of all that is there; only where some clash are the calls made again,
-- one by one, to tell whose they are.
CREATE FUNCTION threefactor.make_calls(calls json) RETURNS json
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  failed json;
BEGIN
  BEGIN
    PERFORM set_config('threefactor_gateway.defer_names', 'on', true);
    failed := threefactor.make_each_call(calls);
    PERFORM set_config('threefactor_gateway.defer_names', '', true);
    IF threefactor.names_clash() THEN
      RAISE EXCEPTION 'names clash' USING ERRCODE = 'TFINC';
    END IF;
    RETURN failed;
  EXCEPTION WHEN SQLSTATE 'TFINC' THEN
    NULL;  -- all of it is undone, the setting too
  END;
  RETURN threefactor.make_each_call(calls);
END $$;

CREATE FUNCTION threefactor.make_each_call(calls json) RETURNS json
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  failed json[] := '{}';
  call json;
  p text[];
  reason text;
  detail text;
BEGIN
  FOR call IN SELECT c.value FROM json_array_elements(calls) AS c LOOP
    BEGIN
      CONTINUE WHEN call ->> 'kind' IN ('event_triggers', 'cron_triggers')
        AND threefactor.is_as_exported(call ->> 'kind', call ->> 'schema', call ->> 'table', call ->> 'name', call -> 'item');
      p := ARRAY(SELECT json_array_elements_text(call -> 'parameters'));
      EXECUTE call ->> 'statement' USING p[1], p[2], p[3], p[4], p[5], p[6], p[7], p[8], p[9], p[10], p[11], p[12], p[13], p[14], p[15], p[16], p[17], p[18], p[19],
        p[20], p[21], p[22], p[23], p[24];
    EXCEPTION WHEN transaction_rollback OR insufficient_resources OR operator_intervention OR lock_not_available THEN
      RAISE;
    WHEN OTHERS THEN
      GET STACKED DIAGNOSTICS reason = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
      IF SQLSTATE = 'TFINC' THEN  -- the detail is a list of objects
        reason := coalesce(detail::json -> 0 ->> 'reason', reason);
      END IF;
      IF reason NOT LIKE 'Inconsistent object: %' THEN
        reason := 'Inconsistent object: ' || reason;
      END IF;
      failed := failed || json_build_object('definition', call -> 'definition', 'name', call -> 'label', 'reason', reason, 'type', call -> 'type', 'kind', call -> 'kind',
        'schema', call -> 'schema', 'table', call -> 'table', 'id', call -> 'name', 'item', call -> 'item');
    END;
    PERFORM set_config('search_path', 'pg_catalog, pg_temp', true);  -- a call may have set its own
  END LOOP;
  RETURN array_to_json(failed);
END $$;

-- Keeps what make_calls could not make, or raises with all of it, and gives {"is_consistent", "inconsistent_objects"}.
CREATE FUNCTION threefactor.settle_calls(failed json, allow_inconsistent boolean) RETURNS json
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  shown CONSTANT json := (SELECT coalesce(json_agg(json_build_object('definition', f -> 'definition', 'name', f -> 'name', 'reason', f -> 'reason', 'type', f -> 'type')), '[]')
                            FROM json_array_elements(failed) AS f);
BEGIN
  IF json_array_length(failed) > 0 AND allow_inconsistent IS NOT TRUE THEN
    RAISE EXCEPTION 'cannot continue due to inconsistent metadata' USING ERRCODE = 'TFINC', DETAIL = shown::text,
      HINT = 'With allow_inconsistent_metadata the rest is done, and what is inconsistent is kept aside.';
  END IF;
  PERFORM threefactor.keep_inconsistent((
    SELECT coalesce(json_agg(json_build_object('kind', f -> 'kind', 'schema', f -> 'schema', 'table', f -> 'table', 'name', f -> 'id', 'item', f -> 'item',
                                               'reason', f -> 'reason')), '[]') FROM json_array_elements(failed) AS f));
  RETURN json_build_object('is_consistent', json_array_length(failed) = 0, 'inconsistent_objects', shown);
END $$;

-- Makes the calls in the place of all that is there.
CREATE FUNCTION threefactor.replace_metadata(calls json, allow_inconsistent boolean DEFAULT false) RETURNS json
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM threefactor.begin_replacement(ARRAY(SELECT c ->> 'name' FROM json_array_elements(calls) AS c WHERE c ->> 'kind' = 'event_triggers'),
                                        ARRAY(SELECT c ->> 'name' FROM json_array_elements(calls) AS c WHERE c ->> 'kind' = 'cron_triggers'));
  RETURN threefactor.settle_calls(threefactor.make_calls(calls), allow_inconsistent);
END $$;

-- Tries again what is inconsistent: calls for what inconsistent_objects gives.
CREATE FUNCTION threefactor.retry_inconsistent(calls json) RETURNS json
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN threefactor.settle_calls(threefactor.make_calls(calls), true);
END $$;
