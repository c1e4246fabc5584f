-- What tools and migrations made for Hasura look for in the database: on request.

-- Of the metadata API. Events and attempts of one event trigger, or one event, as Hasura answers them, newest first; state: pending,
-- processed or null for both.
CREATE FUNCTION threefactor.event_logs(name text, event uuid, state text, most bigint, first bigint) RETURNS json
  LANGUAGE threefactor STABLE AS $$
BEGIN
  RETURN (SELECT coalesce(json_agg(l.entry ORDER BY l.created_at DESC, l.id), '[]') FROM (
    SELECT d.created_at, d.idempotency_key AS id, json_build_object(
             'id', d.idempotency_key, 'schema_name', o.table_schema, 'table_name', o.table_name, 'trigger_name', d.event_trigger,
             'payload', json_build_object('op', o.operation, 'data', json_build_object('old', o.old_row, 'new', o.new_row)),
             'delivered', d.state = 'delivered', 'error', d.state IN ('dead', 'discarded'), 'tries', d.attempts, 'created_at', d.created_at, 'locked', NULL,
             'next_retry_at', d.next_attempt_at, 'archived', d.state = 'archived') AS entry
      FROM threefactor.deliveries AS d LEFT JOIN threefactor.events AS o USING (event_id)
      JOIN threefactor.event_trigger AS t ON t.name = d.event_trigger
     WHERE (event_logs.name IS NULL OR d.event_trigger = event_logs.name) AND (event_logs.event IS NULL OR event_logs.event IN (d.idempotency_key, d.event_id))
       AND threefactor_private.caller_owns(t.trigger_id)
       AND (event_logs.state IS NULL OR (d.state IN ('delivered', 'dead', 'discarded', 'archived')) = (event_logs.state = 'processed'))
     ORDER BY d.created_at DESC, d.idempotency_key LIMIT event_logs.most OFFSET event_logs.first) AS l);
END $$;
CREATE FUNCTION threefactor.event_invocations(name text, event uuid, most bigint, first bigint) RETURNS json
  LANGUAGE threefactor STABLE AS $$
BEGIN
  RETURN (SELECT coalesce(json_agg(l.entry ORDER BY l.started_at DESC), '[]') FROM (
    SELECT a.started_at, json_build_object(
             'id', a.idempotency_key || '/' || a.attempt, 'trigger_name', a.event_trigger, 'event_id', a.idempotency_key, 'status', a.status, 'request', NULL,
             'response', coalesce(a.response, a.error), 'created_at', a.started_at) AS entry
      FROM threefactor.attempts AS a JOIN threefactor.event_trigger AS t ON t.name = a.event_trigger
     WHERE (event_invocations.name IS NULL OR a.event_trigger = event_invocations.name)
       AND (event_invocations.event IS NULL OR event_invocations.event IN (a.idempotency_key, a.event_id)) AND threefactor_private.caller_owns(t.trigger_id)
     ORDER BY a.started_at DESC LIMIT event_invocations.most OFFSET event_invocations.first) AS l);
END $$;

-- Relationships that foreign keys allow and nobody has made by name. tables: only of these ([{"schema", "name"}]), null: of all; omit_tracked: not those
-- whose relationship is in the metadata.
CREATE FUNCTION threefactor.suggest_relationships(tables json DEFAULT NULL, omit_tracked boolean DEFAULT false) RETURNS json
  LANGUAGE threefactor STABLE AS $$
BEGIN
  RETURN (
    WITH key AS (
      SELECT k.oid, k.conname, k.conrelid, k.confrelid, k.conkey, k.confkey,
             threefactor_private.name_object(n.nspname, c.relname) AS child, threefactor_private.name_object(pn.nspname, p.relname) AS parent,
             EXISTS (SELECT FROM pg_index AS i WHERE i.indrelid = k.conrelid AND i.indisunique AND i.indpred IS NULL AND i.indnkeyatts <= cardinality(k.conkey)
                       AND (SELECT bool_and(a = ANY (k.conkey)) FROM unnest((i.indkey::smallint[])[0:i.indnkeyatts - 1]) AS a)) AS is_one,
             (SELECT json_agg(a.attname ORDER BY u.place) FROM unnest(k.conkey) WITH ORDINALITY AS u(number, place)
                JOIN pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = u.number) AS columns,
             (SELECT json_agg(a.attname ORDER BY u.place) FROM unnest(k.confkey) WITH ORDINALITY AS u(number, place)
                JOIN pg_attribute AS a ON a.attrelid = k.confrelid AND a.attnum = u.number) AS parent_columns
        FROM pg_constraint AS k JOIN pg_class AS c ON c.oid = k.conrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
        JOIN pg_class AS p ON p.oid = k.confrelid JOIN pg_namespace AS pn ON pn.oid = p.relnamespace
       WHERE k.contype = 'f' AND k.conparentid = 0 AND threefactor_private.caller_acts_for(c.relowner) AND n.nspname NOT IN ('threefactor', 'hdb_catalog')
    ), one AS (
      SELECT k.oid, k.child AS owner, 1 AS place, json_build_object('type', 'object',
               'from', json_build_object('columns', k.columns, 'constraint_name', k.conname, 'table', k.child),
               'to', json_build_object('columns', k.parent_columns, 'table', k.parent)) AS item,
             EXISTS (SELECT FROM threefactor.relationship AS r WHERE r.relation = k.conrelid AND r.target = k.confrelid AND r.source = 'own' AND r.columns = k.conkey) AS made
        FROM key AS k
      UNION ALL
      SELECT k.oid, k.parent, 2, json_build_object('type', CASE WHEN k.is_one THEN 'object' ELSE 'array' END,
               'from', json_build_object('columns', k.parent_columns, 'table', k.parent),
               'to', json_build_object('columns', k.columns, 'constraint_name', k.conname, 'table', k.child)),
             EXISTS (SELECT FROM threefactor.relationship AS r WHERE r.relation = k.confrelid AND r.target = k.conrelid AND r.source = 'reverse' AND r.target_columns = k.conkey)
        FROM key AS k
    )
    SELECT json_build_object('relationships', coalesce(json_agg(o.item ORDER BY o.owner ->> 'schema', o.owner ->> 'name', o.place, o.oid), '[]'))
      FROM one AS o
     WHERE NOT (coalesce(suggest_relationships.omit_tracked, false) AND o.made)
       AND (suggest_relationships.tables IS NULL OR o.owner::jsonb IN (SELECT t.value FROM jsonb_array_elements(suggest_relationships.tables::jsonb) AS t)));
END $$;

-- Makes the schema hdb_catalog, which belongs to the caller, with views that can only be read in place of Hasura's tables, and the function that
-- columns of existing projects have as their default. A reader of the views sees what he sees of threefactor.events and its kin.
CREATE FUNCTION threefactor.create_hdb_catalog() RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF to_regnamespace('hdb_catalog') IS NOT NULL THEN
    RAISE EXCEPTION 'the schema hdb_catalog exists already' USING ERRCODE = 'duplicate_schema',
      HINT = 'A database that Hasura has served has its tables there: rename or drop that schema first.';
  END IF;
  CREATE SCHEMA hdb_catalog;
  CREATE FUNCTION hdb_catalog.gen_hasura_uuid() RETURNS uuid LANGUAGE sql RETURN gen_random_uuid();
  CREATE VIEW hdb_catalog.event_log AS
    SELECT d.idempotency_key::text AS id, o.table_schema AS schema_name, o.table_name, d.event_trigger AS trigger_name,
           jsonb_build_object('op', o.operation, 'data', jsonb_build_object('old', o.old_row, 'new', o.new_row)) AS payload, d.state = 'delivered' AS delivered,
           d.state IN ('dead', 'discarded') AS error, d.attempts AS tries, d.created_at AT TIME ZONE 'UTC' AS created_at, NULL::timestamptz AS locked,
           d.next_attempt_at AT TIME ZONE 'UTC' AS next_retry_at, d.state = 'archived' AS archived
      FROM threefactor.deliveries AS d JOIN threefactor.events AS o USING (event_id) WHERE o.operation NOT IN ('SCHEDULED', 'ERROR');
  CREATE VIEW hdb_catalog.event_invocation_logs AS
    SELECT a.idempotency_key || '/' || a.attempt AS id, a.event_trigger AS trigger_name, a.idempotency_key::text AS event_id, a.status, NULL::json AS request,
           to_json(coalesce(a.response, a.error)) AS response, a.started_at AT TIME ZONE 'UTC' AS created_at
      FROM threefactor.attempts AS a WHERE a.event_trigger NOT LIKE 'once:%' AND a.event_trigger NOT IN (SELECT s.name FROM threefactor.schedules AS s);
  CREATE VIEW hdb_catalog.hdb_cron_events AS
    SELECT d.idempotency_key::text AS id, d.event_trigger AS trigger_name, coalesce((o.new_row ->> 'scheduled_time')::timestamptz, d.created_at) AS scheduled_time,
           CASE WHEN d.state IN ('pending', 'retrying', 'blocked') THEN 'scheduled' WHEN d.state = 'delivered' THEN 'delivered' ELSE 'error' END AS status,
           d.attempts AS tries, d.created_at, d.next_attempt_at AS next_retry_at
      FROM threefactor.deliveries AS d JOIN threefactor.events AS o USING (event_id) WHERE d.event_trigger IN (SELECT s.name FROM threefactor.schedules AS s);
  CREATE VIEW hdb_catalog.hdb_cron_event_invocation_logs AS
    SELECT a.idempotency_key || '/' || a.attempt AS id, a.idempotency_key::text AS event_id, a.status, NULL::json AS request,
           to_json(coalesce(a.response, a.error)) AS response, a.started_at AS created_at
      FROM threefactor.attempts AS a WHERE a.event_trigger IN (SELECT s.name FROM threefactor.schedules AS s);
  CREATE VIEW hdb_catalog.hdb_scheduled_events AS
    SELECT e.event_id::text AS id, to_json(e.webhook) AS webhook_conf, e.at AS scheduled_time, e.retry::json AS retry_conf, e.payload, e.headers::json AS header_conf,
           'scheduled' AS status, 0 AS tries, e.created_at, NULL::timestamptz AS next_retry_at, e.comment
      FROM threefactor.scheduled_events AS e
    UNION ALL
    SELECT d.event_id::text, NULL, coalesce((o.new_row ->> 'scheduled_time')::timestamptz, d.created_at), NULL, o.new_row -> 'payload', NULL,
           CASE WHEN d.state IN ('pending', 'retrying', 'blocked') THEN 'scheduled' WHEN d.state = 'delivered' THEN 'delivered' ELSE 'error' END,
           d.attempts, d.created_at, d.next_attempt_at, o.new_row ->> 'comment'
      FROM threefactor.deliveries AS d JOIN threefactor.events AS o USING (event_id) WHERE d.event_trigger LIKE 'once:%';
  CREATE VIEW hdb_catalog.hdb_scheduled_event_invocation_logs AS
    SELECT a.idempotency_key || '/' || a.attempt AS id, a.event_id::text AS event_id, a.status, NULL::json AS request,
           to_json(coalesce(a.response, a.error)) AS response, a.started_at AS created_at
      FROM threefactor.attempts AS a WHERE a.event_trigger LIKE 'once:%';
END $$;
