-- Who may do what. Roles belong to the cluster: they are made if missing and stay when the extension goes.
--   threefactor_admin    makes event triggers on tables that it owns, and does with its own what the API offers; sees all of them
--   threefactor_monitor  reads the views, without rows, responses, texts of errors and values of headers
--   threefactor_gateway  watches changes, reads what the API of the gateway is told about the database
--   threefactor_handler  accepts deliveries (accept.sql): for whom handlers log in as. Not PUBLIC, who could fill the table, or accept
--                        what somebody else has to do
-- Tables are for nobody but the owner of the extension: functions and views decide what of them somebody sees and changes.
-- Nobody needs any right for changes to be captured, nor to make partitions of a table that has event triggers.
DO $$
DECLARE
  mark CONSTANT text := 'threefactor.take_over_roles';  -- a setting of the role, which only a superuser can give it
  name text;
  existing oid;
BEGIN
  FOREACH name IN ARRAY ARRAY['threefactor_admin', 'threefactor_monitor', 'threefactor_gateway', 'threefactor_handler'] LOOP
    SELECT oid INTO existing FROM pg_catalog.pg_roles WHERE rolname = name;
    IF NOT FOUND THEN
      BEGIN
        EXECUTE format('CREATE ROLE %I NOLOGIN', name);
        EXECUTE format('ALTER ROLE %I SET %s = on', name, mark);
        CONTINUE;
      EXCEPTION WHEN duplicate_object OR unique_violation THEN  -- made in another database meanwhile
        SELECT oid INTO existing FROM pg_catalog.pg_roles WHERE rolname = name;
      END;
    END IF;
    CONTINUE WHEN EXISTS (SELECT FROM pg_catalog.pg_db_role_setting, unnest(setconfig) AS setting
                           WHERE setrole = existing AND setdatabase = 0 AND setting ~ ('^' || mark || '=(on|true|yes|1)$'));
    IF NOT current_setting(mark)::boolean THEN
      RAISE EXCEPTION 'role "%" exists already, and this extension has not made it', name USING ERRCODE = 'duplicate_object',
        DETAIL = 'It would get rights in the extension, and with it its members: ' || coalesce((
          SELECT string_agg(DISTINCT member::regrole::text, ', ' ORDER BY member::regrole::text) FROM pg_catalog.pg_auth_members WHERE roleid = existing),
          'there are none now') || '.',
        HINT = format('Drop or rename it; or, if all of them shall have these rights, SET %s = on and create the extension again.', mark);
    END IF;
    EXECUTE format('ALTER ROLE %I SET %s = on', name, mark);
  END LOOP;
END $$;

REVOKE ALL ON ALL TABLES IN SCHEMA threefactor, threefactor_private FROM PUBLIC, threefactor_admin, threefactor_monitor, threefactor_gateway, threefactor_handler;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA threefactor FROM PUBLIC, threefactor_admin, threefactor_monitor, threefactor_gateway, threefactor_handler;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA threefactor, threefactor_private FROM PUBLIC, threefactor_admin, threefactor_monitor, threefactor_gateway, threefactor_handler;

GRANT USAGE ON SCHEMA threefactor TO threefactor_admin, threefactor_monitor, threefactor_gateway, threefactor_handler;
GRANT SELECT ON threefactor.event_triggers, threefactor.events, threefactor.deliveries, threefactor.attempts,
  threefactor.dead_letters, threefactor.status, threefactor.endpoints, threefactor.schedules, threefactor.scheduled_events
  TO threefactor_admin, threefactor_monitor;

-- Functions that the views call are checked for the reader of the view. Then the API of administrators, and what of it the gateway calls for the
-- metadata API; each asks for the rights of its caller. Overloads have the same rights.
DO $$
DECLARE
  granted record;
BEGIN
  FOR granted IN
    SELECT p.oid::regprocedure AS function, list.roles
      FROM pg_catalog.pg_proc AS p, (VALUES
        ('threefactor_admin, threefactor_monitor', '{worker_status,gauges,endpoint_states,endpoint_name,endpoint_key,masked_headers,masked_url,
            shown_url,move_operations,why_nothing_is_delivered,public_error,reader_owns,role_of,whole_old_row,delivery_key,event_trigger_names,this_database}'::text[]),
        ('threefactor_admin', '{create_event_trigger,alter_event_trigger,drop_event_trigger,pause,resume,invoke,emit,redeliver,discard,
            schedule,schedule_once,alter_schedule,unschedule,next_tick,accept,
            track_table,untrack_table,set_table_customization,set_table_is_enum,create_object_relationship,create_array_relationship,
            drop_relationship,rename_relationship,track_function,untrack_function,add_computed_field,drop_computed_field,clear_metadata,
            create_permission,drop_permission,set_permission_comment,apply_permissions,create_function_permission,drop_function_permission,
            add_inherited_role,drop_inherited_role,roles_losing_rows,explain_rights,
            watch,changes,metadata,
            resource_version,count_reload,check_source,set_source,set_api_limits,set_catalog_state,catalog_state,
            create_query_collection,rename_query_collection,drop_query_collection,add_query_to_collection,drop_query_from_collection,
            allow_collection,disallow_collection,
            export_metadata,export_versioned_metadata,replace_metadata,retry_inconsistent,make_calls,make_each_call,names_clash,settle_calls,begin_replacement,inconsistent_objects,keep_inconsistent,
            drop_inconsistent_metadata,is_as_exported,hide_table,suggest_relationships,event_logs,event_invocations,
            create_hdb_catalog,
            find_relation,check_relation,add_relationship,allow_manual,invoke_manually,delete_event_trigger,check_functions,
            note_dependents,check_dependents}'),
        ('threefactor_handler', '{accept}'),
        ('threefactor_gateway', '{watch,changes,metadata,explain_rights}'),
        -- Row triggers call these. Who adds a partition to a table, or restores a dump of it, must be able to name and execute them; they
         -- do nothing for a trigger that belongs to no event trigger.
         ('PUBLIC', '{capture,begin_condition,end_condition}'),
         -- Policies call these, with the rights of whoever queries; they tell what the session has set itself.
         ('PUBLIC', '{claim,require_claims}')
      ) AS list (roles, names)
     WHERE p.pronamespace IN ('threefactor'::regnamespace, 'threefactor_private'::regnamespace) AND p.proname = ANY (list.names) LOOP
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %s', granted.function, granted.roles);
  END LOOP;
END $$;
GRANT USAGE ON SCHEMA threefactor TO PUBLIC;
