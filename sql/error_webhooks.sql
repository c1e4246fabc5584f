-- An error webhook is served by an event trigger of its own, NAME/error, which is made, replaced and dropped with the one it
-- belongs to: so it has a queue, retries, attempts and dead letters as any other. The worker appends an event of operation ERROR
-- for it, in the transaction that makes a delivery dead. It has no error webhook itself: nothing loops.

-- Private. Drops the error trigger of an event trigger, if there is one.
CREATE FUNCTION threefactor_private.drop_error_trigger(parent integer) RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  child text;
BEGIN
  SELECT name INTO child FROM threefactor.event_trigger WHERE errors_of = parent;
  IF FOUND THEN
    PERFORM threefactor.drop_event_trigger(child);
  END IF;
END $$;

-- Private. Gives an event trigger the error trigger that its definition asks for. Headers, retry rule, body and secrets are the
-- same; the limits of the endpoint are those of another one.
CREATE FUNCTION threefactor_private.make_error_trigger(parent integer, name text, wanted threefactor.definition) RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF wanted.error_webhook IS NULL THEN
    PERFORM threefactor_private.drop_error_trigger(parent);
    RETURN;
  END IF;
  wanted.definition_id := nextval('threefactor.definition_definition_id_seq');
  wanted.webhook := wanted.error_webhook;
  wanted.operations := '{}';
  wanted.endpoint := jsonb_strip_nulls(jsonb_build_object('validate', wanted.endpoint -> 'validate'));
  wanted.relation := NULL;
  wanted.topic := NULL;
  wanted.columns := NULL;
  wanted.condition := NULL;
  wanted.condition_path := NULL;
  wanted.payload := NULL;
  wanted.order_by := NULL;
  wanted.apply := NULL;
  wanted.apply_path := NULL;
  wanted.apply_role := NULL;
  wanted.apply_role_id := NULL;
  wanted.error_webhook := NULL;
  INSERT INTO threefactor.event_trigger AS t (name, definition_id, errors_of, owner, owner_id)
    SELECT make_error_trigger.name || '/error', wanted.definition_id, parent, p.owner, p.owner_id FROM threefactor.event_trigger AS p WHERE p.trigger_id = parent
    ON CONFLICT (errors_of) DO UPDATE SET definition_id = EXCLUDED.definition_id
    RETURNING t.trigger_id INTO wanted.trigger_id;
  INSERT INTO threefactor.definition VALUES (wanted.*);
END $$;
