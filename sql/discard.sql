-- Gives up dead letters, of one event, of one event trigger, or of both: their rows go, their attempts stay as long as attempts are
-- retained. What waits behind one, in an ordered event trigger, goes on. Gives their number.
CREATE FUNCTION threefactor.discard(event uuid DEFAULT NULL, trigger text DEFAULT NULL) RETURNS bigint
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
    only_trigger := (threefactor.find_event_trigger(trigger)).trigger_id;
  END IF;
  DELETE FROM threefactor.parked AS p
   WHERE p.state = 'dead' AND (event IS NULL OR p.event_id = event) AND (only_trigger IS NULL OR p.trigger_id = only_trigger);
  GET DIAGNOSTICS discarded = ROW_COUNT;
  IF discarded > 0 THEN
    PERFORM threefactor.parked_changed();
  END IF;
  RETURN discarded;
END $$;
