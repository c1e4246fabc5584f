-- The metadata as one document of Hasura's format, version 3: what is the caller's, and for the owner of the database what is about all of it.
-- In a fixed order, so that equal metadata is equal text. What Hasura has no word for stands in members "threefactor".

-- Private. An object of the names and values, without those whose value is null.
CREATE FUNCTION threefactor_private.object_of(names text[], "values" json[]) RETURNS json
  LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(json_object_agg(m.name, m.value ORDER BY m.place), '{}')
    FROM unnest(names, "values") WITH ORDINALITY AS m(name, value, place) WHERE m.value IS NOT NULL
$$;

CREATE FUNCTION threefactor_private.name_object(schema_name text, name text) RETURNS json
  LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT json_build_object('name', name, 'schema', schema_name)
$$;

-- Private. "using" of a relationship.
CREATE FUNCTION threefactor_private.exported_using(wanted threefactor.relationship) RETURNS json
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE wanted.source
           WHEN 'own' THEN json_build_object('foreign_key_constraint_on', CASE count(*) WHEN 1 THEN to_json(min(a.attname::text)) ELSE json_agg(a.attname ORDER BY p.place) END)
           WHEN 'reverse' THEN json_build_object('foreign_key_constraint_on', threefactor_private.object_of('{column,columns,table}', ARRAY[
                CASE count(*) WHEN 1 THEN to_json(min(b.attname::text)) END, CASE WHEN count(*) > 1 THEN json_agg(b.attname ORDER BY p.place) END,
                (SELECT threefactor_private.name_object(n.nspname, c.relname) FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE c.oid = wanted.target)]))
           ELSE json_build_object('manual_configuration', threefactor_private.object_of('{column_mapping,insertion_order,remote_table}', ARRAY[
                json_object_agg(a.attname, b.attname ORDER BY p.place), CASE WHEN wanted.after_parent THEN '"after_parent"'::json END,
                (SELECT threefactor_private.name_object(n.nspname, c.relname) FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE c.oid = wanted.target)])) END
    FROM unnest(wanted.columns, wanted.target_columns) WITH ORDINALITY AS p(own, other, place)
    JOIN pg_attribute AS a ON a.attrelid = wanted.relation AND a.attnum = p.own
    JOIN pg_attribute AS b ON b.attrelid = wanted.target AND b.attnum = p.other
$$;

-- Private. Headers as Hasura lists them; null: none.
CREATE FUNCTION threefactor_private.exported_headers(headers jsonb) RETURNS json
  LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT json_agg(CASE jsonb_typeof(h.value) WHEN 'object' THEN json_build_object('name', h.key, 'value_from_env', h.value -> 'env')
                                             ELSE json_build_object('name', h.key, 'value', h.value) END ORDER BY h.key COLLATE "C")
    FROM jsonb_each(headers) AS h
$$;

-- Private. Whether Hasura's three numbers say all of a retry rule.
CREATE FUNCTION threefactor_private.is_plain_retry(retry jsonb) RETURNS boolean
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT retry ->> 'backoff' = 'fixed' AND (retry ->> 'interval') ~ '^[0-9]+$' AND (retry ->> 'timeout') ~ '^[0-9]+$'
     AND retry = threefactor_private.complete_retry(jsonb_build_object('attempts', retry -> 'attempts', 'backoff', 'fixed', 'interval', retry -> 'interval',
                                                                       'timeout', retry -> 'timeout'))
$$;

-- Private. What a definition says beyond Hasura's words; null: nothing. `more`: names and values of its kind.
CREATE FUNCTION threefactor_private.exported_extras(wanted threefactor.definition, names text[], "values" json[]) RETURNS json
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN e.extras::text <> '{}' THEN e.extras END FROM threefactor_private.object_of(
    names || '{endpoint,error_webhook,retry,secrets}'::text[],
    "values" || ARRAY[CASE WHEN wanted.endpoint <> threefactor_private.complete_endpoint('{}') THEN wanted.endpoint::json END, to_json(wanted.error_webhook),
                      CASE WHEN NOT threefactor_private.is_plain_retry(wanted.retry) THEN wanted.retry::json END, to_json(wanted.secrets)]) AS e(extras)
$$;

-- Private. An event trigger of a table.
CREATE FUNCTION threefactor_private.exported_event_trigger(trigger threefactor.event_trigger, wanted threefactor.definition) RETURNS json
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT threefactor_private.object_of(
    '{name,definition,retry_conf,webhook,webhook_from_env,headers,trigger_on_replication,threefactor}',
    ARRAY[to_json(trigger.name),
          threefactor_private.object_of('{enable_manual,insert,update,delete}', ARRAY[to_json(trigger.manual)] || ARRAY(
            SELECT CASE WHEN o.name = ANY (wanted.operations) THEN threefactor_private.object_of('{columns,payload}', ARRAY[
                     coalesce(CASE WHEN o.name = 'UPDATE' THEN to_json(wanted.columns) END, '"*"'), to_json(threefactor_private.payload_of(wanted, o.name))]) END
              FROM unnest('{INSERT,UPDATE,DELETE}'::text[]) WITH ORDINALITY AS o(name, place) ORDER BY o.place)),
          CASE WHEN threefactor_private.is_plain_retry(wanted.retry)
               THEN json_build_object('interval_sec', (wanted.retry ->> 'interval')::bigint, 'num_retries', (wanted.retry ->> 'attempts')::bigint - 1,
                                      'timeout_sec', (wanted.retry ->> 'timeout')::bigint) END,
          CASE WHEN v.name IS NULL THEN to_json(wanted.webhook) END, to_json(v.name), threefactor_private.exported_headers(wanted.headers),
          CASE WHEN wanted.on_replica THEN 'true'::json END,
          threefactor_private.exported_extras(wanted, '{apply,body,condition,on_dead,order_by,search_path,truncate}', ARRAY[
            to_json(wanted.apply), CASE WHEN wanted.body <> 'hasura' THEN to_json(wanted.body) END, to_json(wanted.condition),
            CASE WHEN wanted.on_dead <> 'block' THEN to_json(wanted.on_dead) END, to_json(wanted.order_by),
            CASE WHEN coalesce(wanted.condition, wanted.apply) IS NOT NULL THEN to_json(coalesce(wanted.condition_path, wanted.apply_path)) END,
            CASE WHEN 'TRUNCATE' = ANY (wanted.operations) THEN 'true'::json END])])
    FROM (SELECT substring(wanted.webhook FROM '^\{\{([A-Za-z_][A-Za-z0-9_]*)\}\}$')) AS v(name)
$$;

-- Private. A cron trigger.
CREATE FUNCTION threefactor_private.exported_schedule(trigger threefactor.event_trigger, wanted threefactor.definition, schedule threefactor.schedule) RETURNS json
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT threefactor_private.object_of(
    '{name,webhook,schedule,include_in_metadata,payload,retry_conf,headers,comment,threefactor}',
    ARRAY[to_json(trigger.name), to_json(wanted.webhook), to_json(schedule.cron), 'true', schedule.payload,
          threefactor_private.object_of('{num_retries,retry_interval_seconds,timeout_seconds,tolerance_seconds}', ARRAY[
            to_json(CASE WHEN p.plain THEN (wanted.retry ->> 'attempts')::bigint - 1 END), to_json(CASE WHEN p.plain THEN (wanted.retry ->> 'interval')::bigint END),
            to_json(CASE WHEN p.plain THEN (wanted.retry ->> 'timeout')::bigint END), to_json(extract(epoch FROM schedule.tolerance)::bigint)]),
          threefactor_private.exported_headers(wanted.headers), to_json(schedule.comment),
          threefactor_private.exported_extras(wanted, '{time_zone}', ARRAY[CASE WHEN schedule.time_zone <> 'UTC' THEN to_json(schedule.time_zone) END])])
    FROM (SELECT threefactor_private.is_plain_retry(wanted.retry)) AS p(plain)
$$;

-- Private. What belongs to tables and is the caller's: lists of the metadata by table, each item by its name. What is inconsistent stands where it
-- would if it were not; it says nothing of a table that is there.
CREATE FUNCTION threefactor_private.exported_items() RETURNS TABLE (kind text, table_schema text, table_name text, name text, item json)
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH owned AS MATERIALIZED (
    SELECT c.oid, n.nspname::text AS schema_name, c.relname::text AS name FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND threefactor_private.caller_acts_for(c.relowner)
  )
  SELECT p.kind, o.schema_name, o.name, '', p.item
    FROM threefactor.tracked_table AS t JOIN owned AS o ON o.oid = t.relation
   CROSS JOIN LATERAL (VALUES ('table', threefactor_private.name_object(o.schema_name, o.name)), ('is_enum', CASE WHEN t.is_enum THEN 'true'::json END),
                              ('configuration', CASE WHEN t.configuration <> '{}' THEN t.configuration::json END)) AS p(kind, item)
   WHERE t.is_tracked AND p.item IS NOT NULL
  UNION ALL
  SELECT CASE WHEN r.is_array THEN 'array_relationships' ELSE 'object_relationships' END, o.schema_name, o.name, r.name,
         threefactor_private.object_of('{name,using,comment}', ARRAY[to_json(r.name), threefactor_private.exported_using(r), to_json(r.comment)])
    FROM threefactor.relationship AS r JOIN owned AS o ON o.oid = r.relation WHERE EXISTS (SELECT FROM pg_class AS c WHERE c.oid = r.target)
  UNION ALL
  SELECT 'computed_fields', o.schema_name, o.name, f.name, threefactor_private.object_of('{name,definition,comment}', ARRAY[
         to_json(f.name), threefactor_private.object_of('{function,session_argument,table_argument}', ARRAY[
           threefactor_private.name_object(f.function_schema, f.function_name), to_json(f.session_argument), to_json(f.table_argument)]), to_json(f.comment)])
    FROM threefactor.computed_field AS f JOIN owned AS o ON o.oid = f.relation
  UNION ALL
  SELECT p.operation || '_permissions', o.schema_name, o.name, p.role_name, threefactor_private.object_of('{role,permission,comment}', ARRAY[
         to_json(p.role_name), p.definition::json, to_json(p.comment)])
    FROM threefactor.permission AS p JOIN owned AS o ON o.oid = p.relation
  UNION ALL
  SELECT 'event_triggers', o.schema_name, o.name, t.name, threefactor_private.exported_event_trigger(t, d)
    FROM threefactor.event_trigger AS t JOIN threefactor.definition AS d USING (definition_id) JOIN owned AS o ON o.oid = d.relation WHERE t.errors_of IS NULL
  UNION ALL
  SELECT p.key, i.table_schema, i.table_name, i.name, p.value
    FROM threefactor.inconsistent_object AS i
   CROSS JOIN LATERAL (SELECT * FROM json_each(CASE i.kind WHEN 'table' THEN i.definition ELSE json_build_object(i.kind, i.definition) END)) AS p
   WHERE i.table_name <> '' AND i.kind NOT IN ('function', 'function_permissions') AND threefactor_private.caller_stored(i)
$$;

-- Private. The tables of the metadata: of each its lists, in Hasura's order.
CREATE FUNCTION threefactor_private.exported_tables() RETURNS json
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH place AS (
    SELECT kind, place FROM unnest('{table,is_enum,configuration,object_relationships,array_relationships,computed_fields,insert_permissions,
      select_permissions,update_permissions,delete_permissions,event_triggers}'::text[]) WITH ORDINALITY AS p(kind, place)
  ), part AS (
    SELECT i.table_schema, i.table_name, i.kind,
           CASE WHEN i.kind LIKE '%s' THEN json_agg(i.item ORDER BY i.name COLLATE "C") ELSE (array_agg(i.item))[1] END AS value
      FROM threefactor_private.exported_items() AS i GROUP BY i.table_schema, i.table_name, i.kind
    UNION ALL  -- not tracked, and yet something is said of it
    SELECT i.table_schema, i.table_name, 'table', threefactor_private.name_object(i.table_schema, i.table_name)
      FROM (SELECT i.table_schema, i.table_name FROM threefactor_private.exported_items() AS i GROUP BY 1, 2 HAVING bool_and(i.kind <> 'table')) AS i
  ), one AS (
    SELECT p.table_schema, p.table_name, json_object_agg(p.kind, p.value ORDER BY place.place) AS value
      FROM part AS p JOIN place USING (kind) GROUP BY p.table_schema, p.table_name
  )
  SELECT coalesce(json_agg(o.value ORDER BY o.table_schema COLLATE "C", o.table_name COLLATE "C"), '[]') FROM one AS o
$$;

-- Private. The functions of the metadata that are the caller's.
CREATE FUNCTION threefactor_private.exported_functions() RETURNS json
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH permission AS (
    SELECT p.function_schema AS schema_name, p.function_name AS name, p.role_name, json_build_object('role', p.role_name) AS item
      FROM threefactor.function_permission AS p
    UNION ALL
    SELECT i.table_schema, i.table_name, i.name, i.definition FROM threefactor.inconsistent_object AS i
     WHERE i.kind = 'function_permissions' AND threefactor_private.caller_stored(i)
  ), permissions AS (
    SELECT p.schema_name, p.name, json_agg(p.item ORDER BY p.role_name COLLATE "C") AS list FROM permission AS p GROUP BY p.schema_name, p.name
  ), found AS (
    SELECT f.function_schema AS schema_name, f.function_name AS name, CASE WHEN f.configuration <> '{}' THEN f.configuration::json END AS configuration,
           to_json(f.comment) AS comment
      FROM threefactor.tracked_function AS f WHERE threefactor_private.caller_owns_functions(f.function_schema, f.function_name)
    UNION ALL
    SELECT i.table_schema, i.table_name, i.definition -> 'configuration', i.definition -> 'comment' FROM threefactor.inconsistent_object AS i
     WHERE i.kind = 'function' AND threefactor_private.caller_stored(i)
  )
  SELECT json_agg(threefactor_private.object_of('{function,configuration,permissions,comment}', ARRAY[
           threefactor_private.name_object(f.schema_name, f.name), f.configuration, p.list, f.comment]) ORDER BY f.schema_name COLLATE "C", f.name COLLATE "C")
    FROM found AS f LEFT JOIN permissions AS p ON p.schema_name = f.schema_name AND p.name = f.name
$$;

-- Private. A list at the top of the document, with what is inconsistent; null: it is empty.
CREATE FUNCTION threefactor_private.exported_list(kind text, names text[], items json[]) RETURNS json
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT json_agg(l.item ORDER BY l.name COLLATE "C")
    FROM (SELECT u.name, u.item FROM unnest(names, items) AS u(name, item)
          UNION ALL
          SELECT i.name, i.definition FROM threefactor.inconsistent_object AS i WHERE i.kind = exported_list.kind AND threefactor_private.caller_stored(i)) AS l
$$;

CREATE FUNCTION threefactor.export_metadata() RETURNS json
  LANGUAGE threefactor STABLE AS $$
DECLARE
  owns_database CONSTANT boolean := threefactor_private.caller_owns_database();
  source CONSTANT json := (SELECT p.value FROM threefactor.metadata_part AS p WHERE p.name = 'source' AND owns_database);
  untracked CONSTANT json := (
    SELECT json_agg(threefactor_private.name_object(n.nspname, c.relname) ORDER BY n.nspname, c.relname)
      FROM threefactor.tracked_table AS t JOIN pg_class AS c ON c.oid = t.relation JOIN pg_namespace AS n ON n.oid = c.relnamespace
     WHERE NOT t.is_tracked AND threefactor_private.caller_acts_for(c.relowner));
BEGIN
  RETURN threefactor_private.object_of(
    '{version,sources,query_collections,allowlist,cron_triggers,api_limits,inherited_roles}', ARRAY[
      '3',
      json_build_array(threefactor_private.object_of('{name,kind,tables,functions,configuration,threefactor}', ARRAY[
        coalesce(source -> 'name', '"default"'), '"postgres"', threefactor_private.exported_tables(), threefactor_private.exported_functions(),
        coalesce(source -> 'configuration', '{"connection_info": {"database_url": {"from_env": "HASURA_GRAPHQL_DATABASE_URL"}}}'),
        CASE WHEN untracked IS NOT NULL THEN json_build_object('untracked_tables', untracked) END])),
      threefactor_private.exported_list('query_collections',
        ARRAY(SELECT c.name FROM threefactor.query_collection AS c WHERE owns_database ORDER BY c.name),
        ARRAY(SELECT threefactor_private.object_of('{name,comment,definition}', ARRAY[to_json(c.name), to_json(c.comment), json_build_object('queries', c.queries)])
                FROM threefactor.query_collection AS c WHERE owns_database ORDER BY c.name)),
      threefactor_private.exported_list('allowlist',
        ARRAY(SELECT a.collection FROM threefactor.allowlist AS a WHERE owns_database ORDER BY a.collection),
        ARRAY(SELECT json_build_object('collection', a.collection, 'scope', threefactor_private.object_of('{global,roles}', ARRAY[to_json(a.roles IS NULL), to_json(a.roles)]))
                FROM threefactor.allowlist AS a WHERE owns_database ORDER BY a.collection)),
      threefactor_private.exported_list('cron_triggers', x.names, x.items),
      (SELECT p.value FROM threefactor.metadata_part AS p WHERE p.name = 'api_limits' AND owns_database),
      threefactor_private.exported_list('inherited_roles',
        ARRAY(SELECT r.role_name FROM threefactor.inherited_role AS r WHERE owns_database ORDER BY r.role_name),
        ARRAY(SELECT json_build_object('role_name', r.role_name, 'role_set', r.role_set) FROM threefactor.inherited_role AS r WHERE owns_database ORDER BY r.role_name))])
    FROM (SELECT array_agg(t.name ORDER BY t.name), array_agg(threefactor_private.exported_schedule(t, d, s) ORDER BY t.name)
            FROM threefactor.schedule AS s JOIN threefactor.event_trigger AS t USING (trigger_id) JOIN threefactor.definition AS d USING (definition_id)
           WHERE s.include_in_metadata AND threefactor_private.caller_owns(t.trigger_id)) AS x(names, items);
END $$;

-- The same with its version, both of one moment: {"resource_version", "metadata"}.
CREATE FUNCTION threefactor.export_versioned_metadata() RETURNS json
  LANGUAGE threefactor STABLE AS $$
BEGIN
  RETURN (SELECT json_build_object('resource_version', s.resource_version, 'metadata', threefactor.export_metadata()) FROM threefactor.metadata_state AS s);
END $$;

-- Whether an event trigger or a schedule of the caller's is what the metadata says already: then nothing has to be made anew.
CREATE FUNCTION threefactor.is_as_exported(kind text, table_schema text, table_name text, name text, item json) RETURNS boolean
  LANGUAGE threefactor STABLE AS $$
BEGIN
  RETURN EXISTS (
    SELECT FROM threefactor.event_trigger AS t JOIN threefactor.definition AS d USING (definition_id) LEFT JOIN threefactor.schedule AS s ON s.trigger_id = t.trigger_id
      LEFT JOIN pg_class AS c ON c.oid = d.relation LEFT JOIN pg_namespace AS n ON n.oid = c.relnamespace
     WHERE t.name = is_as_exported.name AND threefactor_private.caller_owns(t.trigger_id)
       AND CASE is_as_exported.kind
             WHEN 'event_triggers' THEN (n.nspname, c.relname) = (is_as_exported.table_schema, is_as_exported.table_name)
               AND threefactor_private.exported_event_trigger(t, d)::jsonb::text = is_as_exported.item::jsonb::text
             WHEN 'cron_triggers' THEN s.cron IS NOT NULL AND threefactor_private.exported_schedule(t, d, s)::jsonb::text = is_as_exported.item::jsonb::text
             ELSE false END);
END $$;
