-- Who may do what. Roles belong to the cluster: they are made if missing and stay when the extension goes.
--   threefactor_admin    makes event triggers on tables that it owns, reads and redelivers everything
--   threefactor_monitor  reads the views, without rows, responses and values of headers
--   threefactor_gateway  watches changes
--   threefactor_handler  accepts deliveries (accept.sql): for whom handlers log in as. Not PUBLIC, who could fill the table, or accept
--                        what somebody else has to do
-- Nobody needs any right for changes to be captured, nor to make partitions of a table that has event triggers.
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['threefactor_admin', 'threefactor_monitor', 'threefactor_gateway', 'threefactor_handler'] LOOP
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

GRANT USAGE ON SCHEMA threefactor TO threefactor_admin, threefactor_monitor, threefactor_gateway, threefactor_handler;
GRANT SELECT ON threefactor.event_triggers, threefactor.events, threefactor.deliveries, threefactor.attempts,
  threefactor.dead_letters, threefactor.status, threefactor.endpoints, threefactor.schedules, threefactor.scheduled_events
  TO threefactor_admin, threefactor_monitor;
-- Functions that the views call are checked for the reader of the view.
GRANT EXECUTE ON FUNCTION
    threefactor.worker_status(),
    threefactor.gauges(),
    threefactor.endpoint_states(),
    threefactor.endpoint_name(text, jsonb),
    threefactor.endpoint_key(text, jsonb),
    threefactor.masked_headers(jsonb),
    threefactor.move_operations(threefactor.definition),
    threefactor.masked_url(text),
    threefactor.whole_old_row(json, json),
    threefactor.delivery_key(uuid, integer),
    threefactor.event_trigger_names(integer[]),
    threefactor.this_database(),
    threefactor.why_nothing_is_delivered()
  TO threefactor_admin, threefactor_monitor;

GRANT SELECT, INSERT, UPDATE, DELETE ON threefactor.event_trigger, threefactor.definition, threefactor.schedule,
  threefactor.scheduled_event TO threefactor_admin;
GRANT USAGE ON SEQUENCE threefactor.event_trigger_trigger_id_seq, threefactor.definition_definition_id_seq, threefactor.once_seq
  TO threefactor_admin;
GRANT SELECT, INSERT, UPDATE, DELETE ON threefactor.tracked_table, threefactor.relationship, threefactor.tracked_function,
  threefactor.computed_field, threefactor.permission, threefactor.function_permission, threefactor.inherited_role TO threefactor_admin;
GRANT SELECT ON threefactor.tracked_table, threefactor.relationship, threefactor.tracked_function, threefactor.computed_field,
  threefactor.permission, threefactor.function_permission, threefactor.inherited_role TO threefactor_gateway;
GRANT SELECT ON threefactor.outbox, threefactor.attempt, threefactor.parked, threefactor.dependents TO threefactor_admin;
GRANT SELECT ON threefactor.row_triggers TO threefactor_admin, threefactor_monitor;
GRANT SELECT, INSERT ON threefactor.dropped_event_trigger TO threefactor_admin;
GRANT INSERT, UPDATE, DELETE ON threefactor.parked TO threefactor_admin;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA threefactor TO threefactor_admin;
REVOKE EXECUTE ON FUNCTION threefactor.start_worker() FROM threefactor_admin;

-- Row triggers call these. Who adds a partition to a table, or restores a dump of it, must be able to name and execute them; they do
-- nothing for a trigger that belongs to no event trigger.
GRANT USAGE ON SCHEMA threefactor TO PUBLIC;
GRANT EXECUTE ON FUNCTION threefactor.capture(), threefactor.begin_condition(text), threefactor.end_condition(boolean) TO PUBLIC;
GRANT EXECUTE ON FUNCTION threefactor.accept(text) TO threefactor_handler;
GRANT EXECUTE ON FUNCTION threefactor.watch(), threefactor.changes(text, bigint) TO threefactor_gateway;
GRANT EXECUTE ON FUNCTION threefactor.metadata(), threefactor.describe_function(text, text), threefactor.enum_values(regclass)
  TO threefactor_gateway;
