-- What \df+ and \dv+ say. test/regress/sql/comments.sql finds what has none.
COMMENT ON SCHEMA threefactor IS 'Events of this database delivered to webhooks, schedules, change signals and the metadata of the GraphQL API.';
COMMENT ON SCHEMA threefactor_private IS 'What the functions and views of threefactor are made of. Not to be called; it may change with every version.';
COMMENT ON SCHEMA threefactor_json IS 'JSON text for the statements of the gateway. Open to every role; none of it reads anything.';
COMMENT ON LANGUAGE threefactor IS 'PL/pgSQL that runs with the rights of the function''s owner and knows its caller. For functions of this extension only.';
COMMENT ON TYPE threefactor.payload IS 'JSON as an argument: takes json, jsonb, text and literals, and keeps them as they are written. Raises invalid_text_representation for what is not JSON.';

-- Event triggers.
COMMENT ON FUNCTION threefactor.create_event_trigger(text, regclass, text, text, text[], text[], text, text[], jsonb, jsonb, jsonb, text, text[], text[], text, text, text, boolean, boolean) IS
'Makes an event trigger on a table that the caller owns, or on a topic; with replace gives an existing one of the caller''s a new definition (what is left out has its default). Arguments:
relation or topic (exactly one); webhook: http(s) URL, {{NAME}} is an environment variable of the server;
operations: of INSERT, UPDATE, DELETE, TRUNCATE, empty: only invoke; columns: an UPDATE counts if one of these changed (null: any);
condition: SQL over OLD and NEW; payload: columns sent (null: all);
headers: {"Name": "value" or {"env": "NAME"}}; retry: {"attempts", "backoff": "exponential" or "fixed", "interval", "max_interval", "timeout", "connect_timeout" (seconds), "statuses"};
endpoint: {"name", "concurrency", "rate" (per second), "burst", "breaker": {"failures", "ratio", "window", "cooldown", "max_cooldown" (seconds)}, "validate"};
body: hasura, cloudevents-binary, cloudevents-structured or supabase; secrets: one or two whsec_...; order_by: columns of the key of order; on_dead: block or skip;
apply: one statement over $1 (event) and $2 (response), run as the owner of the table; error_webhook: told of dead letters; on_replica: also for changes that are replicated.
Errors: invalid_parameter_value, invalid_name, undefined_column, duplicate_object, insufficient_privilege, wrong_object_type. Warns of what cannot be delivered as things are.';
COMMENT ON FUNCTION threefactor.alter_event_trigger(text, text, text[], text[], text, text[], jsonb, jsonb, jsonb, text, text[], text[], text, text, text, boolean, text[]) IS
'Changes the arguments that are given (not null) of an event trigger of the caller''s, and nothing else. reset: names of arguments that get their default again, before the others are set. headers, retry, endpoint: the members given change, null removes one. Writers wait only if operations, columns, condition, payload, body, order_by or on_replica change. Errors: as create_event_trigger; undefined_object.';
COMMENT ON FUNCTION threefactor.drop_event_trigger(text) IS 'Drops an event trigger or schedule of the caller''s. What is not delivered is archived: each with an attempt that says so. Errors: undefined_object, insufficient_privilege.';
COMMENT ON FUNCTION threefactor.pause(text) IS 'Stops the deliveries of an event trigger or schedule of the caller''s. Changes are captured, and wait. Errors: undefined_object, insufficient_privilege.';
COMMENT ON FUNCTION threefactor.resume(text) IS 'Goes on with the deliveries of an event trigger or schedule of the caller''s. Errors: undefined_object, insufficient_privilege.';
COMMENT ON FUNCTION threefactor.invoke(text, threefactor.payload) IS 'Makes an event (MANUAL; of a schedule: a tick) of an event trigger of the caller''s with the payload as its new row, and gives the event''s id. Errors: undefined_object, insufficient_privilege.';
COMMENT ON FUNCTION threefactor.emit(text, threefactor.payload) IS 'Makes an event (EMIT) for all event triggers of the topic, and gives its id. Part of the transaction. For whoever may EXECUTE it. Errors: invalid_name.';
COMMENT ON FUNCTION threefactor.redeliver(text, uuid, boolean, timestamptz, timestamptz, boolean) IS
'Delivers dead letters of the caller''s again, with dead_only => false also what was delivered and is retained: of an event trigger, an event, events made from since until before until, or what these have in common. new_key: with new idempotency keys. Gives the number of deliveries. Errors: no_data_found, undefined_object, insufficient_privilege.';
COMMENT ON FUNCTION threefactor.redeliver(uuid, text, boolean, timestamptz, timestamptz, boolean) IS 'As redeliver(event => event_id, ...).';
COMMENT ON FUNCTION threefactor.discard(text, uuid) IS 'Gives up dead letters of the caller''s, of an event trigger, an event or both, and gives their number. Errors: undefined_object, insufficient_privilege.';
COMMENT ON FUNCTION threefactor.discard(uuid, text) IS 'As discard(event => event_id, ...).';
COMMENT ON FUNCTION threefactor.accept(text) IS 'For handlers: true for the first transaction that commits with this idempotency key, else false, for at least threefactor.accept_retention (seconds). Waits for a transaction that has accepted it and is not at its end. Errors: invalid_parameter_value.';
COMMENT ON FUNCTION threefactor.adopt() IS 'This database delivers from now on: a copy of another one (a restored dump, a clone), or one that set_aside() has stopped. For the owner of the database.';
COMMENT ON PROCEDURE threefactor.set_aside() IS 'Stops delivery in this database until adopt(), and makes rows of all that is undelivered, which a dump carries. Returns when that is done. For the owner of the database; not in a transaction block.';

-- Schedules.
COMMENT ON FUNCTION threefactor.schedule(text, text, text, text, threefactor.payload, jsonb, jsonb, interval, jsonb, text[], text, text, boolean, boolean) IS
'Makes a cron schedule, which belongs to the role that makes it; with replace gives an existing one of the caller''s a new definition. cron: five fields or @daily ...; tolerance: how late a tick may be fired, later it is a dead letter; include_in_metadata: whether exported metadata shall hold it; the rest as in create_event_trigger. Errors: invalid_parameter_value, invalid_name, duplicate_object, insufficient_privilege.';
COMMENT ON FUNCTION threefactor.alter_schedule(text, text, text, text, threefactor.payload, jsonb, jsonb, interval, jsonb, text[], text, text, text[]) IS
'Changes the arguments that are given (not null) of a schedule of the caller''s, and nothing else. reset, headers, retry, endpoint: as in alter_event_trigger. Errors: as schedule; undefined_object, wrong_object_type.';
COMMENT ON FUNCTION threefactor.schedule_once(text, timestamptz, threefactor.payload, jsonb, jsonb, interval, jsonb, text[], text, text) IS
'Makes an event at a time to come (at once, if it has passed), and gives its id. Errors: invalid_parameter_value.';
COMMENT ON FUNCTION threefactor.unschedule(text, uuid) IS 'Ends a schedule of the caller''s by name, or cancels a one-off event that is not due. Errors: undefined_object, wrong_object_type, insufficient_privilege.';
COMMENT ON FUNCTION threefactor.unschedule(uuid) IS 'As unschedule(event => event_id).';
COMMENT ON FUNCTION threefactor.next_tick(text, text, timestamptz) IS 'The first time after `after` that a cron expression names in a time zone; null: none within fifty years. Errors: invalid_parameter_value.';

-- The GraphQL API. All but inherited roles: for the owner of the table or function.
COMMENT ON FUNCTION threefactor.track_table(regclass, jsonb, boolean) IS 'Exposes a table or view of the caller''s. configuration: custom_name, custom_root_fields, column_config, comment. is_enum: its rows are values of a GraphQL enum. Errors: TFTRK (tracked already), TFNSP, TFCFG, insufficient_privilege.';
COMMENT ON FUNCTION threefactor.untrack_table(regclass, boolean) IS 'Hides a table of the caller''s, and forgets what is said of it; cascade: also relationships of other tables to it. Errors: TFUNT, TFDEP, insufficient_privilege.';
COMMENT ON FUNCTION threefactor.set_table_customization(regclass, jsonb) IS 'Sets the names of a table of the caller''s (configuration as in track_table). Errors: insufficient_privilege.';
COMMENT ON FUNCTION threefactor.set_table_is_enum(regclass, boolean) IS 'Makes the rows of a table of the caller''s values of a GraphQL enum, or not. Errors: TFCFG, insufficient_privilege.';
COMMENT ON FUNCTION threefactor.create_object_relationship(regclass, text, text[], regclass, text[], boolean, text) IS 'Names the one row that columns lead to: by the table''s own foreign key, by that of target over target_columns, or by both as given. Errors: TFEXI, TFCFG, insufficient_privilege.';
COMMENT ON FUNCTION threefactor.create_array_relationship(regclass, text, regclass, text[], text[], text) IS 'Names the rows of target whose target_columns lead to a row: by a foreign key, or to columns as given. Errors: TFEXI, TFCFG, insufficient_privilege.';
COMMENT ON FUNCTION threefactor.add_relationship(regclass, text, boolean, text[], regclass, text[], boolean, text) IS 'Of the metadata API: what create_object_relationship and create_array_relationship do.';
COMMENT ON FUNCTION threefactor.drop_relationship(regclass, text, boolean) IS 'Drops a relationship that was made by name; cascade: with the permissions that use it. Errors: TFNEX, TFDEP, insufficient_privilege.';
COMMENT ON FUNCTION threefactor.rename_relationship(regclass, text, text) IS 'Renames a relationship that was made by name, in permissions too. Errors: TFNEX, TFEXI, insufficient_privilege.';
COMMENT ON FUNCTION threefactor.track_function(text, text, jsonb, text) IS 'Exposes a function of the caller''s as a root field. configuration: session_argument, exposed_as, custom_name, custom_root_fields. Errors: TFTRK, TFNEX, TFNSP, TFCFG, insufficient_privilege.';
COMMENT ON FUNCTION threefactor.untrack_function(text, text) IS 'Hides a function of the caller''s. Errors: TFNEX, insufficient_privilege.';
COMMENT ON FUNCTION threefactor.add_computed_field(regclass, text, text, text, text, text, text) IS 'Adds a function over its rows to a table of the caller''s, as a field. The caller must be able to execute the function. Errors: TFEXI, TFCFG, insufficient_privilege.';
COMMENT ON FUNCTION threefactor.drop_computed_field(regclass, text, boolean) IS 'Drops a computed field; cascade: also permissions that name it. Errors: TFNEX, TFDEP, insufficient_privilege.';
COMMENT ON FUNCTION threefactor.create_permission(regclass, text, text, jsonb, text) IS 'Keeps a permission of Hasura''s on a table of the caller''s; checked, not applied. operation: select, insert, update or delete. Errors: TFEXI, TFCFG, insufficient_privilege.';
COMMENT ON FUNCTION threefactor.drop_permission(regclass, text, text) IS 'Drops a permission of a table of the caller''s. Errors: TFDEN, insufficient_privilege.';
COMMENT ON FUNCTION threefactor.create_function_permission(text, text, text) IS 'Keeps that a role may use a tracked function of the caller''s; not applied. Errors: TFNEX, insufficient_privilege.';
COMMENT ON FUNCTION threefactor.add_inherited_role(text, text[]) IS 'Keeps a role that has the permissions of others; not applied. For the owner of the database. Errors: insufficient_privilege.';
COMMENT ON FUNCTION threefactor.drop_inherited_role(text) IS 'Drops an inherited role. For the owner of the database. Errors: insufficient_privilege.';
COMMENT ON FUNCTION threefactor.clear_metadata() IS 'Drops what is the caller''s of event triggers, schedules and all that is said of tables and functions; for the owner of the database also inherited roles.';
COMMENT ON FUNCTION threefactor.metadata() IS 'All that the gateway is told about the database beyond its catalog, as one JSON document. Functions that the caller may not execute are left out.';
COMMENT ON FUNCTION threefactor.find_relation(text, text) IS 'Of the metadata API: the relation of that schema and name. Errors: TFTAB.';
COMMENT ON FUNCTION threefactor.check_relation(regclass, text[]) IS 'Of the metadata API: raises unless the caller may make event triggers on the relation and it has the columns. Errors: undefined_table, undefined_column, wrong_object_type, insufficient_privilege.';
COMMENT ON FUNCTION threefactor.allow_manual(text, boolean) IS 'Of the metadata API: whether invoke_manually may invoke an event trigger of the caller''s. Errors: undefined_object, insufficient_privilege.';
COMMENT ON FUNCTION threefactor.invoke_manually(text, json) IS 'Of the metadata API: as invoke, if allow_manual allows it; not of schedules. Errors: TFNSP, undefined_object, insufficient_privilege.';
COMMENT ON FUNCTION threefactor.delete_event_trigger(text) IS 'Of the metadata API: as drop_event_trigger, but not of schedules. Errors: undefined_object, insufficient_privilege.';
COMMENT ON FUNCTION threefactor.check_functions() IS 'Of the metadata API, after SQL was run: raises if a function that is tracked, or of a computed field, has become overloaded or VOLATILE. Errors: TFNSP.';
COMMENT ON FUNCTION threefactor.note_dependents() IS 'Of the metadata API, before SQL is run: remembers for this transaction what of the metadata stands on which columns.';
COMMENT ON FUNCTION threefactor.check_dependents(boolean) IS 'Of the metadata API, after SQL was run: raises if the SQL dropped, or gave another type, what metadata stands on (cascade: that may go, too), or renamed a function that is tracked or a column that an event trigger names. Errors: TFDEP, TFINC.';

-- Change signals.
COMMENT ON FUNCTION threefactor.watch() IS 'Counts this connection as a watcher of changes until it ends, and gives the present place in their sequence.';
COMMENT ON FUNCTION threefactor.changes(text, bigint) IS 'The changes after a place in the sequence: kind relation, schema or everything. Another epoch, or too far behind: one row, everything.';

-- Of row triggers, for whoever writes.
COMMENT ON FUNCTION threefactor.capture() IS 'The function of row triggers of event triggers. Made by create_event_trigger, not by hand.';
COMMENT ON FUNCTION threefactor.begin_condition(text) IS 'Around the condition of a row trigger: an error in it names the event trigger. Always true.';
COMMENT ON FUNCTION threefactor.end_condition(boolean) IS 'The end of begin_condition. Gives its argument.';

-- Values that views show.
COMMENT ON FUNCTION threefactor.delivery_key(uuid, integer) IS 'The idempotency key of the delivery of an event to an event trigger, by its number.';
COMMENT ON FUNCTION threefactor.this_database() IS 'Identifier of the cluster and OID of the database: tells it from its copies.';
COMMENT ON FUNCTION threefactor_json.object(VARIADIC "any") IS 'object(template, values): JSON text, each value written into its place: %v as JSON by its type, %r as it is. Raises for a template and values that do not fit.';
COMMENT ON FUNCTION threefactor_json.append(internal, VARIADIC "any") IS 'Of the aggregate list.';
COMMENT ON FUNCTION threefactor_json.finish(internal) IS 'Of the aggregate list.';
COMMENT ON AGGREGATE threefactor_json.list(VARIADIC "any") IS 'list(template, values): a JSON list, as text, of what object(template, values) gives for each row.';

-- Views. Rows, responses, texts of errors and paths of URLs show to a threefactor_admin who owns what they belong to.
COMMENT ON VIEW threefactor.event_triggers IS 'One row per event trigger and schedule, as it is defined. Values of headers, credentials and queries of URLs show to nobody, secrets as their number; paths of URLs and apply to the owner.';
COMMENT ON VIEW threefactor.events IS 'The events that are retained, in the order of position. old_row, new_row and session_variables show to the owner of an event trigger that took it.';
COMMENT ON VIEW threefactor.deliveries IS 'One row per event and event trigger: state pending, retrying, blocked, dead, delivered, archived, discarded or unknown. last_error: to the owner its text, to others its kind.';
COMMENT ON VIEW threefactor.attempts IS 'One row per attempt: outcome, duration (milliseconds), HTTP status. response shows to the owner; error: to the owner its text, to others its kind.';
COMMENT ON VIEW threefactor.dead_letters IS 'Deliveries whose attempts are exhausted, until they are redelivered or discarded. old_row, new_row and the text of last_error show to the owner.';
COMMENT ON VIEW threefactor.schedules IS 'One row per cron schedule. The payload and the path of the webhook show to the owner.';
COMMENT ON VIEW threefactor.scheduled_events IS 'One-off events that are not due yet. The payload and the path of the webhook show to the owner.';
COMMENT ON VIEW threefactor.endpoints IS 'One row per endpoint: state ok, full, rate limited, breaker open or breaker half-open; rate per second; null: no limit. Its path shows to an owner of one of its event triggers.';
COMMENT ON VIEW threefactor.status IS 'One row per event trigger: what it does now. pending, lag (age of the oldest undelivered event), rate (delivered per second in the last minute), delivered (since the worker started); about a second old, null without a worker. last_error: its kind.';
