-- What \df+ and \dv+ say, and what extension/REFERENCE.md is made of (test/support/sql_reference.mjs). A line "- NAME: ..." describes an
-- argument; who describes one describes all. test/regress/sql/comments.sql finds what has no comment. Columns of views: view_comments.sql.
COMMENT ON SCHEMA threefactor IS 'Events of this database delivered to webhooks, schedules, change signals and the metadata of the GraphQL API.';
COMMENT ON SCHEMA threefactor_private IS 'What the functions and views of threefactor are made of. Not to be called; it may change with every version.';
COMMENT ON SCHEMA threefactor_json IS 'JSON text for the statements of the gateway. Open to every role; none of it reads anything.';
COMMENT ON LANGUAGE threefactor IS 'PL/pgSQL that runs with the rights of the function''s owner and knows its caller. For functions of this extension only.';
COMMENT ON TYPE threefactor.payload IS 'JSON as an argument: takes json, jsonb, text and literals, and keeps them as they are written. Errors: invalid_text_representation for what is not JSON.';

-- Event triggers.
COMMENT ON FUNCTION threefactor.create_event_trigger(text, regclass, text, text, text[], text[], text, text[], jsonb, jsonb, jsonb, text, text[], text[], text, text, text, boolean, boolean, jsonb) IS
'Makes an event trigger on a table that the caller owns, or on a topic. Each change that it describes becomes an event, in the transaction of the change, and is posted to the webhook after the commit.
- name: a letter, then letters, digits and . : _ -; unique in the database.
- relation: the table whose changes become events; of a partitioned table, those of all its partitions. Exactly one of relation and topic is given.
- webhook: the URL, http or https, that events are posted to. {{NAME}} stands for an environment variable of the server.
- topic: the topic of emit() whose events it takes.
- operations: which of INSERT, UPDATE, DELETE and TRUNCATE become events. Empty: only invoke() makes events.
- columns: an UPDATE becomes an event only if one of these columns has changed, by the equality of its type. Null: any column.
- condition: an SQL expression over OLD and NEW, as in CREATE TRIGGER ... WHEN, without VOLATILE functions. An absent row reads as NULL. An error in it fails the write.
- payload: the columns that are sent. Null: all.
- headers: headers of the requests: {"Name": "value"}, or {"Name": {"env": "VARIABLE"}} for an environment variable of the server.
- retry: {"attempts", "backoff", "pauses", "interval", "max_interval", "timeout", "connect_timeout", "statuses"}, times in seconds. Default: ten attempts over 75 hours and 35 minutes, each at most 60 seconds.
- endpoint: limits of the endpoint: {"name", "concurrency", "rate" (requests per second), "burst", "breaker": {"failures", "ratio", "window", "cooldown", "max_cooldown"} (seconds), "validate"}. A member that is left out: no such limit.
- body: the form of the body: hasura, cloudevents-binary, cloudevents-structured or supabase.
- secrets: one or two keys, whsec_..., that sign each request by Standard Webhooks. Null: requests are not signed.
- order_by: columns that make the key of order: events with equal keys are delivered one after the other. Null: no order.
- on_dead: what a dead letter does to the events behind it in its key of order: block, or skip.
- apply: one SQL statement over $1 (the event) and $2 (the response), which runs as the owner of the table. It takes effect once, however often the event is posted.
- error_webhook: the URL that is told of each dead letter.
- on_replica: whether changes that logical replication applies, and those of sessions with session_replication_role = replica, become events too.
- payloads: the columns by operation, instead of payload: {"INSERT": [columns], ...}. An operation that is left out: all columns.
- replace: gives an event trigger of the caller''s that exists a new definition, in which what is left out has its default. Events that were captured keep the payload of the old one.
Errors: invalid_parameter_value, invalid_name, undefined_column, duplicate_object, insufficient_privilege, wrong_object_type. A warning tells of what cannot be delivered as things are.';
COMMENT ON FUNCTION threefactor.alter_event_trigger(text, text, text[], text[], text, text[], jsonb, jsonb, jsonb, text, text[], text[], text, text, text, boolean, text[]) IS
'Changes those arguments of create_event_trigger that are given (not null), of an event trigger of the caller''s, and nothing else. reset names arguments that get their default before the others are set. Of headers, retry and endpoint the members that are given change; a member that is null is removed. Writers wait only if operations, columns, condition, payload, body, order_by or on_replica change.
Errors: those of create_event_trigger; undefined_object.';
COMMENT ON FUNCTION threefactor.drop_event_trigger(text) IS
'Drops an event trigger or schedule of the caller''s. Each delivery that is not settled is archived: an attempt records that, and no request is made.
Errors: undefined_object, insufficient_privilege.';
COMMENT ON FUNCTION threefactor.pause(text) IS
'Stops the deliveries of an event trigger or schedule of the caller''s. Changes are still captured; their events wait.
Errors: undefined_object, insufficient_privilege.';
COMMENT ON FUNCTION threefactor.resume(text) IS
'Continues the deliveries of an event trigger or schedule of the caller''s that was paused, by pause() or by an answer of status 410.
Errors: undefined_object, insufficient_privilege.';
COMMENT ON FUNCTION threefactor.invoke(text, threefactor.payload) IS
'Makes an event of an event trigger of the caller''s by hand, with operation MANUAL and the payload as its new row, or makes a tick of a schedule. Returns the event''s id.
Errors: undefined_object, insufficient_privilege.';
COMMENT ON FUNCTION threefactor.emit(text, threefactor.payload) IS
'Makes an event with operation EMIT for all event triggers of the topic, in the caller''s transaction, and returns its id. Where no event trigger has the topic, the event is kept for threefactor.retention all the same. EXECUTE on this function can be granted to a role by itself.
Errors: invalid_name.';
COMMENT ON FUNCTION threefactor.redeliver(text, uuid, boolean, timestamptz, timestamptz, boolean) IS
'Delivers dead letters of the caller''s again, and returns how many. The arguments that are given narrow the choice together; at least one of trigger, event, since and until is given.
- trigger: those of this event trigger.
- event: those of this event.
- dead_only: false: also deliveries that succeeded and are still retained.
- since: those whose events were made at this time or later.
- until: those whose events were made before this time.
- new_key: gives each delivery a new idempotency key. Without it accept() still refuses what it has accepted.
Errors: invalid_parameter_value, no_data_found, undefined_object, insufficient_privilege.';
COMMENT ON FUNCTION threefactor.redeliver(uuid, text, boolean, timestamptz, timestamptz, boolean) IS 'The same as redeliver(event => event_id, ...).';
COMMENT ON FUNCTION threefactor.discard(text, uuid) IS
'Gives up dead letters of the caller''s: those of an event trigger, of an event, or of both. Returns how many. Events that wait behind them in their key of order go on.
Errors: undefined_object, insufficient_privilege.';
COMMENT ON FUNCTION threefactor.discard(uuid, text) IS 'The same as discard(event => event_id, ...).';
COMMENT ON FUNCTION threefactor.accept(text) IS
'For handlers: true for the first transaction that commits with this idempotency key, false for every later one, during threefactor.accept_retention at least. Waits for a transaction that has accepted the key and has not ended. The key may be in quotes, as the header Idempotency-Key has it.
Errors: invalid_parameter_value.';
COMMENT ON FUNCTION threefactor.adopt() IS
'Makes this database deliver from now on: a copy of another one (a restored dump, a clone), or one that set_aside() has stopped. For the owner of the database.
Errors: insufficient_privilege.';
COMMENT ON PROCEDURE threefactor.set_aside() IS
'Stops delivery in this database until adopt(), and stores all that is not delivered in tables that a dump holds. Returns when that is done. For the owner of the database; not within a transaction block.
Errors: insufficient_privilege, active_sql_transaction.';

-- Schedules.
COMMENT ON FUNCTION threefactor.schedule(text, text, text, text, threefactor.payload, jsonb, jsonb, interval, jsonb, text[], text, text, boolean, boolean) IS
'Makes a cron schedule, which belongs to the role that makes it: an event trigger that the clock fires.
- name: as in create_event_trigger; both kinds share one set of names.
- webhook: as in create_event_trigger.
- cron: five fields (minute, hour, day of month, month, day of week), or @hourly, @daily, @weekly, @monthly or @yearly.
- time_zone: the time zone in which cron is read.
- payload: the payload of each tick.
- headers: as in create_event_trigger.
- retry: as in create_event_trigger.
- tolerance: how late a tick may be fired. A later one becomes a dead letter.
- endpoint: as in create_event_trigger.
- secrets: as in create_event_trigger.
- error_webhook: as in create_event_trigger.
- comment: a text that is sent with each tick.
- replace: gives a schedule of the caller''s that exists a new definition.
- include_in_metadata: whether metadata that is exported holds the schedule.
Errors: invalid_parameter_value, invalid_name, duplicate_object, insufficient_privilege.';
COMMENT ON FUNCTION threefactor.alter_schedule(text, text, text, text, threefactor.payload, jsonb, jsonb, interval, jsonb, text[], text, text, text[]) IS
'Changes those arguments of schedule that are given (not null), of a schedule of the caller''s, and nothing else. reset, headers, retry and endpoint act as in alter_event_trigger.
Errors: those of schedule; undefined_object, wrong_object_type.';
COMMENT ON FUNCTION threefactor.schedule_once(text, timestamptz, threefactor.payload, jsonb, jsonb, interval, jsonb, text[], text, text) IS
'Makes one event at a time to come, and returns its id. A time that has passed is due at once. The arguments besides at are those of schedule.
Errors: invalid_parameter_value.';
COMMENT ON FUNCTION threefactor.unschedule(text, uuid) IS
'Ends a schedule of the caller''s, by its name, or cancels a one-off event that is not due yet, by its id.
Errors: undefined_object, wrong_object_type, insufficient_privilege.';
COMMENT ON FUNCTION threefactor.unschedule(uuid) IS 'The same as unschedule(event => event_id).';
COMMENT ON FUNCTION threefactor.next_tick(text, text, timestamptz) IS
'The first time after a given one at which a cron expression is due in a time zone. Null: none within fifty years.
Errors: invalid_parameter_value.';

-- The GraphQL API. All but inherited roles: for the owner of the table or function.
COMMENT ON FUNCTION threefactor.track_table(regclass, jsonb, boolean) IS
'Exposes a table or view of the caller''s in the GraphQL API.
- relation: the table or view.
- configuration: names in the API: {"custom_name", "custom_root_fields", "column_config", "comment"}.
- is_enum: whether the rows of the table are the values of a GraphQL enum.
Errors: TFTRK, TFNSP, TFCFG, insufficient_privilege.';
COMMENT ON FUNCTION threefactor.untrack_table(regclass, boolean) IS
'Hides a table of the caller''s, and forgets the metadata about it. cascade: also relationships of other tables to it.
Errors: TFUNT, TFDEP, insufficient_privilege.';
COMMENT ON FUNCTION threefactor.set_table_customization(regclass, jsonb) IS
'Sets the names of a table of the caller''s; configuration as in track_table.
Errors: TFCFG, insufficient_privilege.';
COMMENT ON FUNCTION threefactor.set_table_is_enum(regclass, boolean) IS
'Says whether the rows of a table of the caller''s are the values of a GraphQL enum.
Errors: TFCFG, insufficient_privilege.';
COMMENT ON FUNCTION threefactor.create_object_relationship(regclass, text, text[], regclass, text[], boolean, text) IS
'Names the one row that columns of a table of the caller''s lead to: by a foreign key of the table (columns alone), by one of the target (target and target_columns), or by both as given.
- relation: the table whose rows get the field.
- name: the name of the field.
- columns: columns of the table.
- target: the table that the field leads to.
- target_columns: columns of the target, one for each of columns.
- after_parent: in a nested insert, whether the row of the target is inserted after that of the table.
- comment: the description of the field.
Errors: TFEXI, TFCFG, insufficient_privilege.';
COMMENT ON FUNCTION threefactor.create_array_relationship(regclass, text, regclass, text[], text[], text) IS
'Names the rows of the target that lead to a row of a table of the caller''s: by a foreign key of target_columns, or to columns as given.
- relation: the table whose rows get the field.
- name: the name of the field.
- target: the table whose rows the field has.
- target_columns: columns of the target.
- columns: columns of the table, one for each of target_columns. Null: those that the foreign key refers to.
- comment: the description of the field.
Errors: TFEXI, TFCFG, insufficient_privilege.';
COMMENT ON FUNCTION threefactor.add_relationship(regclass, text, boolean, text[], regclass, text[], boolean, text) IS
'For the metadata API: what create_object_relationship and create_array_relationship do.
Errors: TFEXI, TFCFG, insufficient_privilege.';
COMMENT ON FUNCTION threefactor.drop_relationship(regclass, text, boolean) IS
'Drops a relationship that was made by name. cascade: with the permissions that use it.
Errors: TFNEX, TFDEP, insufficient_privilege.';
COMMENT ON FUNCTION threefactor.rename_relationship(regclass, text, text) IS
'Renames a relationship that was made by name, in permissions too.
Errors: TFNEX, TFEXI, insufficient_privilege.';
COMMENT ON FUNCTION threefactor.track_function(text, text, jsonb, text) IS
'Exposes a function of the caller''s as a root field.
- schema_name: the schema of the function.
- name: the name of the function, which must not be overloaded.
- configuration: {"session_argument", "exposed_as": "query" or "mutation", "custom_name", "custom_root_fields"}.
- comment: the description of the field.
Errors: TFTRK, TFNEX, TFNSP, TFCFG, insufficient_privilege.';
COMMENT ON FUNCTION threefactor.untrack_function(text, text) IS
'Hides a function of the caller''s.
Errors: TFNEX, insufficient_privilege.';
COMMENT ON FUNCTION threefactor.add_computed_field(regclass, text, text, text, text, text, text) IS
'Adds a field to the rows of a table of the caller''s whose value a function computes. The caller must be able to execute the function.
- relation: the table whose rows get the field.
- name: the name of the field.
- function_schema: the schema of the function.
- function_name: the name of the function.
- table_argument: the argument that takes the row. Null: the first one.
- session_argument: the argument that takes the session variables. Null: none.
- comment: the description of the field.
Errors: TFEXI, TFCFG, insufficient_privilege.';
COMMENT ON FUNCTION threefactor.drop_computed_field(regclass, text, boolean) IS
'Drops a computed field. cascade: also permissions that name it.
Errors: TFNEX, TFDEP, insufficient_privilege.';
COMMENT ON FUNCTION threefactor.create_permission(regclass, text, text, jsonb, text) IS
'Gives a role rights on a table of the caller''s, as a permission of Hasura''s metadata states them: GRANTs of columns, a policy with row-level security enabled, a trigger for presets. The role is made if it is missing and the caller has CREATEROLE.
- relation: the table.
- role_name: the role that requests name.
- operation: select, insert, update or delete.
- definition: {"columns": [...] or "*", "filter": {...}, "check": {...}, "set": {...}, "limit", "allow_aggregations", "computed_fields", "query_root_fields", "subscription_root_fields", "backend_only"}; filter and check are in the language of where, in which X-Hasura-... is a session variable.
- comment: repeated by the policy.
Errors: TFEXI, TFCFG and TFNSP (with the place in the permission), TFDEP (other roles would lose rows: roles_losing_rows), TFDEN, insufficient_privilege.';
COMMENT ON FUNCTION threefactor.drop_permission(regclass, text, text) IS
'Drops a permission of a table of the caller''s, and takes back what it has made. What was made by hand stays.
Errors: TFDEN, insufficient_privilege.';
COMMENT ON FUNCTION threefactor.create_function_permission(text, text, text) IS
'Lets a role execute a tracked function of the caller''s (GRANT EXECUTE).
Errors: TFNEX, TFEXI, TFCFG, insufficient_privilege.';
COMMENT ON FUNCTION threefactor.drop_function_permission(text, text, text) IS
'Takes back create_function_permission: the stored permission, and EXECUTE if that was granted by it.
Errors: TFNEX, insufficient_privilege.';
COMMENT ON FUNCTION threefactor.set_permission_comment(regclass, text, text, text) IS
'Changes the comment of a permission, which its policy repeats.
Errors: TFDEN, insufficient_privilege.';
COMMENT ON FUNCTION threefactor.add_inherited_role(text, text[]) IS
'Makes a role of the database a member of others, so that it has their permissions; replaces the roles that it had. Refused where that gives more than each of them has. For the owner of the database with CREATEROLE.
Errors: TFCFG, TFNEX, TFNSP, insufficient_privilege.';
COMMENT ON FUNCTION threefactor.drop_inherited_role(text) IS
'Takes back the memberships of an inherited role. The role of the database stays. For the owner of the database.
Errors: TFNEX, TFDEP, insufficient_privilege.';
COMMENT ON FUNCTION threefactor.apply_permissions() IS
'Makes the rights that stored permissions stand for where they are missing: of version 0.1, or after a restore. Returns the number of permissions.
Errors: as create_permission.';
COMMENT ON FUNCTION threefactor.clear_metadata() IS 'Drops the caller''s event triggers, schedules and all metadata about the caller''s tables and functions; for the owner of the database also inherited roles.';
COMMENT ON FUNCTION threefactor.metadata() IS 'All that the gateway is told about the database beyond its catalog, as one JSON document. Functions that the caller may not execute are left out.';
COMMENT ON FUNCTION threefactor.find_relation(text, text) IS
'For the metadata API: the relation of that schema and name.
Errors: TFTAB.';
COMMENT ON FUNCTION threefactor.check_relation(regclass, text[]) IS
'For the metadata API: raises an error unless the caller may make event triggers on the relation and the relation has the columns.
Errors: undefined_table, undefined_column, wrong_object_type, insufficient_privilege.';
COMMENT ON FUNCTION threefactor.allow_manual(text, boolean) IS
'For the metadata API: says whether invoke_manually may invoke an event trigger of the caller''s.
Errors: undefined_object, insufficient_privilege.';
COMMENT ON FUNCTION threefactor.invoke_manually(text, json) IS
'For the metadata API: the same as invoke, where allow_manual allows it; not for schedules.
Errors: TFNSP, undefined_object, insufficient_privilege.';
COMMENT ON FUNCTION threefactor.delete_event_trigger(text) IS
'For the metadata API: the same as drop_event_trigger, but not for schedules.
Errors: undefined_object, insufficient_privilege.';
COMMENT ON FUNCTION threefactor.check_functions() IS
'For the metadata API, after SQL was run: raises an error if a function that is tracked, or of a computed field, has become overloaded or VOLATILE.
Errors: TFNSP.';
COMMENT ON FUNCTION threefactor.note_dependents() IS 'For the metadata API, before SQL is run: remembers for this transaction which parts of the metadata depend on which columns.';
COMMENT ON FUNCTION threefactor.check_dependents(boolean) IS
'For the metadata API, after SQL was run: raises an error if the SQL dropped something that metadata depends on, gave it another type, or renamed a function that is tracked or a column that an event trigger names. cascade: what depends on it may go, too.
Errors: TFDEP, TFINC.';

-- Metadata as a whole. It is about all of the database: for its owner, unless something else is said.
COMMENT ON FUNCTION threefactor.resource_version(bigint) IS 'The version of the metadata, which each transaction that changes it raises by one. expected: raises unless it is that one, and keeps others from changing it until the transaction ends. For whoever may EXECUTE it. Errors: TFVER.';
COMMENT ON FUNCTION threefactor.count_reload() IS 'Of the metadata API: raises the version of the metadata by one. For whoever may EXECUTE it.';
COMMENT ON FUNCTION threefactor.check_source(text) IS 'Of the metadata API: raises unless the metadata''s source has this name. Errors: TFNEX.';
COMMENT ON FUNCTION threefactor.set_source(json) IS 'Of the metadata API: keeps name, kind and configuration of the source. Errors: insufficient_privilege.';
COMMENT ON FUNCTION threefactor.set_api_limits(json) IS 'Keeps limits of requests in the format of the metadata API; null removes them. Not applied. Errors: insufficient_privilege.';
COMMENT ON FUNCTION threefactor.set_catalog_state(text, json) IS 'Keeps what a tool (cli or console) wants to remember beside the metadata. Errors: invalid_parameter_value, insufficient_privilege.';
COMMENT ON FUNCTION threefactor.catalog_state() IS 'What set_catalog_state has kept: {"id", "cli_state", "console_state"}. For whoever may EXECUTE it.';
COMMENT ON FUNCTION threefactor.create_query_collection(text, json, text) IS 'Keeps queries under a name: queries is [{"name", "query"}]. Errors: TFEXI, invalid_parameter_value, insufficient_privilege.';
COMMENT ON FUNCTION threefactor.rename_query_collection(text, text) IS 'Renames a collection, in the allow-list too. Errors: TFNEX, TFEXI, insufficient_privilege.';
COMMENT ON FUNCTION threefactor.drop_query_collection(text, boolean) IS 'Drops a collection; cascade: from the allow-list too. Errors: TFNEX, TFDEP, insufficient_privilege.';
COMMENT ON FUNCTION threefactor.add_query_to_collection(text, text, text) IS 'Adds a query to a collection, as its last one. Errors: TFNEX, TFEXI, insufficient_privilege.';
COMMENT ON FUNCTION threefactor.drop_query_from_collection(text, text) IS 'Drops a query of a collection. Errors: TFNEX, insufficient_privilege.';
COMMENT ON FUNCTION threefactor.allow_collection(text, text[], boolean) IS 'Puts a collection on the allow-list, for these roles (null: all); replace: changes the roles of one that is on it. Not applied. Errors: TFNEX, TFEXI, invalid_parameter_value, insufficient_privilege.';
COMMENT ON FUNCTION threefactor.disallow_collection(text) IS 'Takes a collection from the allow-list. Errors: TFNEX, insufficient_privilege.';
COMMENT ON FUNCTION threefactor.export_metadata() IS 'The metadata that is the caller''s as one document of version 3, webhooks, headers and secrets included; for the owner of the database with what is about all of it. The same metadata is the same text. For whoever may EXECUTE it.';
COMMENT ON FUNCTION threefactor.export_versioned_metadata() IS 'What export_metadata gives and the version that it has: {"resource_version", "metadata"}. For whoever may EXECUTE it.';
COMMENT ON FUNCTION threefactor.begin_replacement(text[], text[]) IS 'Of replace_metadata: removes the caller''s metadata but for the event triggers and schedules that are named, and what Hasura''s metadata cannot hold. For whoever may EXECUTE it.';
COMMENT ON FUNCTION threefactor.make_calls(json) IS 'Of the metadata API: executes statements with the caller''s own rights, each in a subtransaction, and gives those that failed with the reason. For whoever may EXECUTE it.';
COMMENT ON FUNCTION threefactor.make_each_call(json) IS 'Of make_calls: makes the calls, and checks names as each of them does.';
COMMENT ON FUNCTION threefactor.names_clash() IS 'Of the metadata API: whether two tables or functions have one name in the API.';
COMMENT ON FUNCTION threefactor.settle_calls(json, boolean) IS 'Of the metadata API: keeps what make_calls could not make as inconsistent, or raises with all of it. Errors: TFINC.';
COMMENT ON FUNCTION threefactor.replace_metadata(json, boolean) IS 'Of the metadata API: puts what the calls make in the place of the caller''s metadata. Errors: TFINC, with what is inconsistent in the detail, unless that is allowed.';
COMMENT ON FUNCTION threefactor.retry_inconsistent(json) IS 'Of the metadata API: tries again what is inconsistent. Errors: none of its own.';
COMMENT ON FUNCTION threefactor.inconsistent_objects() IS 'What of the caller''s metadata is kept although it cannot be made, with the reason. For whoever may EXECUTE it.';
COMMENT ON FUNCTION threefactor.keep_inconsistent(json) IS 'Of the metadata API: puts these objects in the place of the inconsistent ones of the caller''s.';
COMMENT ON FUNCTION threefactor.drop_inconsistent_metadata() IS 'Forgets the inconsistent objects of the caller''s.';
COMMENT ON FUNCTION threefactor.is_as_exported(text, text, text, text, json) IS 'Of the metadata API: whether an event trigger or a schedule of the caller''s is what the item of the metadata says.';
COMMENT ON FUNCTION threefactor.hide_table(text, text) IS 'Of the metadata API: as untrack_table, unless the table is hidden. Errors: TFTAB, insufficient_privilege.';
COMMENT ON FUNCTION threefactor.suggest_relationships(json, boolean) IS 'Relationships that foreign keys of the caller''s tables allow, as the metadata API answers them; omit_tracked: without those that are in the metadata.';
COMMENT ON FUNCTION threefactor.event_logs(text, uuid, text, bigint, bigint) IS 'Of the metadata API: deliveries of the caller''s event triggers, newest first. state: pending, processed, null: both.';
COMMENT ON FUNCTION threefactor.event_invocations(text, uuid, bigint, bigint) IS 'Of the metadata API: attempts of the caller''s event triggers, newest first.';
COMMENT ON FUNCTION threefactor.create_hdb_catalog() IS 'Makes the schema hdb_catalog, of the caller''s, with views in place of Hasura''s tables of events and invocations, and gen_hasura_uuid(). Errors: duplicate_schema, insufficient_privilege.';

-- Change signals.
COMMENT ON FUNCTION threefactor.watch() IS 'Counts this connection as a watcher of changes until it ends, and returns the present place in their sequence.';
COMMENT ON FUNCTION threefactor.changes(text, bigint) IS 'The changes after a place in the sequence. kind is relation, schema or everything. With another epoch, or a place too far back, there is one row of kind everything.';

-- Of row triggers, for whoever writes.
COMMENT ON FUNCTION threefactor.capture() IS 'The function of the row triggers of an event trigger. create_event_trigger makes these; it does nothing for others.';
COMMENT ON FUNCTION threefactor.begin_condition(text) IS 'Stands before the condition of a row trigger, so that an error in it names the event trigger. Always true.';
COMMENT ON FUNCTION threefactor.end_condition(boolean) IS 'The end of begin_condition. Returns its argument.';

-- Values that views show.
COMMENT ON FUNCTION threefactor.delivery_key(uuid, integer) IS 'The idempotency key of the delivery of an event to an event trigger, by the number of the event trigger.';
COMMENT ON FUNCTION threefactor.this_database() IS 'The identifier of the cluster and the OID of the database, which tell a database from its copies.';
COMMENT ON FUNCTION threefactor_json.object(VARIADIC "any") IS
'object(template, values): JSON text, with each value in its place of the template: %v as JSON by its type, %r as it is.
Errors: invalid_parameter_value for a template and values that do not fit.';
COMMENT ON FUNCTION threefactor_json.append(internal, VARIADIC "any") IS 'A part of the aggregate list.';
COMMENT ON FUNCTION threefactor_json.finish(internal) IS 'A part of the aggregate list.';
COMMENT ON AGGREGATE threefactor_json.list(VARIADIC "any") IS 'list(template, values): a JSON list, as text, of what object(template, values) returns for each row.';

-- Views. Rows, responses, texts of errors and paths of URLs show to a threefactor_admin who owns what they belong to.
COMMENT ON VIEW threefactor.event_triggers IS 'One row per event trigger and schedule, as it is defined. Values of headers, credentials and queries of URLs show to nobody, of secrets only the number; paths of URLs and apply show to the owner.';
COMMENT ON VIEW threefactor.events IS 'The outbox: one row per event that is retained. old_row, new_row and session_variables show to the owner of an event trigger that took the event.';
COMMENT ON VIEW threefactor.deliveries IS 'One row per event and event trigger. The owner sees the text of last_error, others its kind.';
COMMENT ON VIEW threefactor.attempts IS 'One row per attempt. response shows to the owner. The owner sees the text of error, others its kind.';
COMMENT ON VIEW threefactor.dead_letters IS 'Deliveries whose attempts are used up, until they are redelivered or discarded. old_row, new_row and the text of last_error show to the owner.';
COMMENT ON VIEW threefactor.schedules IS 'One row per cron schedule. The payload and the path of the webhook show to the owner.';
COMMENT ON VIEW threefactor.scheduled_events IS 'One row per one-off event that is not due yet. The payload and the path of the webhook show to the owner.';
COMMENT ON VIEW threefactor.endpoints IS 'One row per endpoint: its limits, and whether they hold deliveries back. The path of its URL shows to an owner of one of its event triggers.';
COMMENT ON VIEW threefactor.status IS 'One row per event trigger: what it does now. Numbers of the workers are about a second old, exact when nothing moves and an estimate where thousands of events lie ahead of a worker; they are null without a worker.';

-- Rights.
COMMENT ON SCHEMA threefactor_policy IS 'Functions that policies and triggers of permissions call. They are not to be called: no role may use the schema, and policies do not need that.';
COMMENT ON FUNCTION threefactor.claim(text, boolean) IS
'A session variable of the request, from the setting request.jwt.claims (a JSON object), or hasura.user where that is not set. In policies: column = (SELECT threefactor.claim(''user_id''))::integer, which is evaluated once per statement. An empty value is a value.
- name: user_id, x-hasura-user-id and X-Hasura-User-Id are one; a name that is no session variable may be a claim as it is written.
- missing_ok: where the variable is absent or null, return null; else raise TFVAR.
Errors: TFVAR, invalid_parameter_value (the setting is no JSON object).';
COMMENT ON FUNCTION threefactor.require_claims(text[]) IS
'True if the session has all these session variables. In a policy, as (SELECT ...) AND ..., it is asked once, at the first row that is looked at.
Errors: TFVAR, which names those that are missing.';
COMMENT ON FUNCTION threefactor.roles_losing_rows(regclass) IS 'Roles that would read or write fewer rows of the table if row-level security was enabled on it now, with their privileges. Empty: nobody, or it is enabled.';
COMMENT ON FUNCTION threefactor.explain_rights(regrole, regclass) IS 'Why the role may select, insert, update or delete which columns and rows of the relation: one fact a row, in plain words, with the SQL that makes it so. allowed is false where the operation is refused or reaches no row.';
