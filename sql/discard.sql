-- Gives up dead letters of the caller's, of one event, of one event trigger, or of both: their rows go, their attempts stay as long as attempts
-- are retained. What waits behind one, in an ordered event trigger, goes on.

-- Private.
CREATE FUNCTION threefactor_private.discard_owned(event uuid, trigger text) RETURNS bigint
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
  only_trigger integer;
  discarded bigint;
BEGIN
  IF event IS NULL AND trigger IS NULL THEN
    RAISE EXCEPTION 'discard needs an event or an event trigger' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  IF trigger IS NOT NULL THEN
    only_trigger := (threefactor_private.find_event_trigger(trigger)).trigger_id;
  END IF;
  DELETE FROM threefactor.parked AS p
   WHERE p.state = 'dead' AND (event IS NULL OR p.event_id = event)
     AND CASE WHEN only_trigger IS NULL THEN threefactor_private.caller_owns(p.trigger_id) ELSE p.trigger_id = only_trigger END;
  GET DIAGNOSTICS discarded = ROW_COUNT;
  IF discarded > 0 THEN
    PERFORM threefactor_private.parked_changed();
  END IF;
  RETURN discarded;
END $$;

-- By name, and by event. The first text is a name; where there is none of it, and it is a UUID, an event.
CREATE FUNCTION threefactor.discard(trigger text DEFAULT NULL, event uuid DEFAULT NULL) RETURNS bigint
  LANGUAGE threefactor AS $$
#variable_conflict use_variable
BEGIN
  IF event IS NULL AND threefactor_private.names_event(trigger) THEN
    RETURN threefactor_private.discard_owned(trigger::uuid, NULL);
  END IF;
  RETURN threefactor_private.discard_owned(event, trigger);
END $$;
CREATE FUNCTION threefactor.discard(event_id uuid, trigger text DEFAULT NULL) RETURNS bigint
  LANGUAGE threefactor AS $$
#variable_conflict use_variable
BEGIN
  RETURN threefactor_private.discard_owned(event_id, trigger);
END $$;
