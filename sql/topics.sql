-- Application events: what no change of a table says.

-- Makes an event of operation EMIT for all event triggers of the topic, and gives its id. Without any the event is in the log
-- nevertheless. Appends with the owner's rights: to let a role emit, GRANT EXECUTE on this function and USAGE on the schema.
CREATE FUNCTION threefactor.emit(topic text, payload threefactor.payload DEFAULT NULL) RETURNS uuid
  LANGUAGE threefactor AS $$
#variable_conflict use_variable
DECLARE
  takers integer[];
BEGIN
  PERFORM threefactor_private.check_topic(topic);
  SELECT coalesce(array_agg(d.definition_id ORDER BY d.trigger_id), '{}') INTO takers
    FROM threefactor.event_trigger AS t JOIN threefactor.definition AS d USING (definition_id)
   WHERE d.topic = topic;
  RETURN threefactor_private.append_event(takers, false, NULL, topic, payload);
END $$;
