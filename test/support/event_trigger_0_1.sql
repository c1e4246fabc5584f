-- Makes an event trigger as version 0.1 did: the library of a later version serves what it finds, and makes no more of them.
CREATE PROCEDURE create_event_trigger_0_1(name text, relation regclass, webhook text, payload text[], condition text, headers jsonb, retry jsonb)
  LANGUAGE plpgsql AS $$
#variable_conflict use_variable
DECLARE
  own text := CASE WHEN to_regproc('threefactor.complete_retry') IS NULL THEN 'threefactor_private' ELSE 'threefactor' END;
  definition integer := nextval('threefactor.definition_definition_id_seq');
  operation text;
BEGIN
  EXECUTE format('SELECT %I.complete_retry($1), %I.definitions_changed()', own, own) INTO retry USING retry;
  INSERT INTO threefactor.event_trigger (name, definition_id) VALUES (name, definition);
  INSERT INTO threefactor.definition (definition_id, trigger_id, relation, webhook, operations, condition, payload, headers, retry)
    SELECT definition, t.trigger_id, relation, webhook, '{INSERT,UPDATE}', condition, payload, headers, retry
      FROM threefactor.event_trigger AS t WHERE t.name = name;
  FOREACH operation IN ARRAY '{INSERT,UPDATE}'::text[] LOOP
    EXECUTE format('CREATE TRIGGER %I AFTER %s ON %s FOR EACH ROW WHEN (%s%s) EXECUTE FUNCTION threefactor.capture(%s)',
      format('00_threefactor_%s_%s', definition, lower(operation)), operation, relation,
      CASE operation WHEN 'UPDATE' THEN 'OLD.* IS DISTINCT FROM NEW.* AND ' END, condition,
      (SELECT string_agg(quote_literal(argument), ', ') FROM unnest(ARRAY[definition::text] || payload) AS argument));
    EXECUTE format('ALTER TRIGGER %I ON %s DEPENDS ON EXTENSION threefactor',
      format('00_threefactor_%s_%s', definition, lower(operation)), relation);
  END LOOP;
END $$;
