-- What a person reads. Rows of tables, responses and values of headers may be secret: they show to threefactor_admin only,
-- to others as null.
CREATE FUNCTION threefactor.worker_status(OUT state text, OUT pid integer, OUT watchers integer) RETURNS record
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'threefactor_worker_status';

-- Private. The names of the headers; values only where they are names of environment variables.
CREATE FUNCTION threefactor.masked_headers(headers jsonb) RETURNS jsonb
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN (SELECT coalesce(jsonb_object_agg(key, CASE jsonb_typeof(value) WHEN 'object' THEN value ELSE '"***"' END), '{}')
            FROM jsonb_each(headers));

-- Private. The names of the event triggers that definitions belong to. With the owner's rights, for readers of the views.
CREATE FUNCTION threefactor.event_trigger_names(definitions integer[]) RETURNS text[]
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  RETURN ARRAY(SELECT t.name FROM threefactor.definition AS d JOIN threefactor.event_trigger AS t USING (trigger_id)
                WHERE d.definition_id = ANY (definitions) ORDER BY t.name);

CREATE VIEW threefactor.event_triggers AS
  SELECT t.name, c.oid::regclass AS relation, d.webhook, d.operations, d.columns, d.condition, d.payload,
         threefactor.masked_headers(d.headers) AS headers, d.retry, t.paused, t.created_at, d.created_at AS defined_at
    FROM threefactor.event_trigger AS t
    JOIN threefactor.definition AS d USING (definition_id)
    LEFT JOIN pg_catalog.pg_class AS c ON c.oid = d.relation   -- null: the table was dropped
   WHERE t.errors_of IS NULL;

CREATE VIEW threefactor.events AS
  SELECT o.event_id, o.created_at, o.operation, o.table_schema, o.table_name,
         threefactor.event_trigger_names(o.definitions) AS event_triggers,
         CASE WHEN readable.rows THEN threefactor.whole_old_row(o.old_row, o.new_row) END AS old_row,
         CASE WHEN readable.rows THEN o.new_row END AS new_row,
         CASE WHEN readable.rows THEN o.session_variables END AS session_variables,
         o.trace_context, o.position
    FROM threefactor.outbox AS o, (SELECT pg_catalog.pg_has_role('threefactor_admin', 'USAGE') AS rows) AS readable;

CREATE VIEW threefactor.attempts AS
  SELECT a.event_id, t.name AS event_trigger, a.idempotency_key, a.attempt, a.outcome, a.started_at, a.duration, a.status,
         CASE WHEN pg_catalog.pg_has_role('threefactor_admin', 'USAGE') THEN a.response END AS response, a.error
    FROM threefactor.attempt AS a
    LEFT JOIN threefactor.event_trigger AS t USING (trigger_id);

-- One row per event and event trigger, of what is retained: retrying or dead (it has a row of its own), delivered or
-- archived (by its last attempt), else pending. An event older than the retention, of which no attempt is kept any more, may
-- have been delivered or may be waiting still: unknown.
CREATE VIEW threefactor.deliveries AS
  SELECT o.event_id, t.name AS event_trigger, threefactor.delivery_key(o.event_id, d.trigger_id) AS idempotency_key,
         CASE WHEN p.event_id IS NOT NULL THEN p.state
              WHEN a.outcome IN ('delivered', 'archived') THEN a.outcome
              WHEN o.created_at > now() - pg_catalog.current_setting('threefactor.retention')::interval THEN 'pending'
              ELSE 'unknown' END AS state,
         coalesce(p.attempts, a.attempt, 0) AS attempts, p.next_attempt_at,
         coalesce(p.last_status, a.status) AS last_status, coalesce(p.last_error, a.error) AS last_error,
         o.created_at, a.started_at AS last_attempt_at
    FROM threefactor.outbox AS o
    JOIN threefactor.definition AS d ON d.definition_id = ANY (o.definitions)
    LEFT JOIN threefactor.event_trigger AS t USING (trigger_id)
    LEFT JOIN threefactor.parked AS p ON p.event_id = o.event_id AND p.trigger_id = d.trigger_id
    LEFT JOIN (SELECT DISTINCT ON (event_id, trigger_id) * FROM threefactor.attempt
                ORDER BY event_id, trigger_id, sequence DESC) AS a ON a.event_id = o.event_id AND a.trigger_id = d.trigger_id
  UNION ALL  -- their events may have left the outbox
  SELECT p.event_id, t.name, p.idempotency_key, p.state, p.attempts, p.next_attempt_at, p.last_status, p.last_error,
         p.created_at, NULL
    FROM threefactor.parked AS p
    LEFT JOIN threefactor.event_trigger AS t USING (trigger_id)
   WHERE NOT EXISTS (SELECT FROM threefactor.outbox AS o WHERE o.event_id = p.event_id);

CREATE VIEW threefactor.dead_letters AS
  SELECT p.event_id, t.name AS event_trigger, p.idempotency_key, p.attempts, p.last_status, p.last_error, p.created_at,
         p.operation, p.table_schema, p.table_name,
         CASE WHEN readable.rows THEN threefactor.whole_old_row(p.old_row, p.new_row) END AS old_row,
         CASE WHEN readable.rows THEN p.new_row END AS new_row
    FROM threefactor.parked AS p
    LEFT JOIN threefactor.event_trigger AS t USING (trigger_id),
         (SELECT pg_catalog.pg_has_role('threefactor_admin', 'USAGE') AS rows) AS readable
   WHERE p.state = 'dead';

-- One row per event trigger. worker tells also when this database is a copy (origin.sql). delivered counts what the retention has kept.
CREATE VIEW threefactor.status AS
  SELECT t.name AS event_trigger, t.paused, t.pause_reason, coalesce(a.delivered, 0) AS delivered, coalesce(p.retrying, 0) AS retrying,
         coalesce(p.dead, 0) AS dead, last.started_at AS last_attempt_at, last.status AS last_status, last.error AS last_error,
         CASE WHEN EXISTS (SELECT FROM threefactor.origin AS o WHERE o.database <> threefactor.this_database())
              THEN 'waits for adopt()' ELSE w.state END AS worker, w.pid AS worker_pid
    FROM threefactor.event_trigger AS t
    CROSS JOIN threefactor.worker_status() AS w
    LEFT JOIN (SELECT trigger_id, count(*) FILTER (WHERE outcome = 'delivered') AS delivered, max(sequence) AS sequence
                 FROM threefactor.attempt GROUP BY trigger_id) AS a USING (trigger_id)
    LEFT JOIN threefactor.attempt AS last ON last.sequence = a.sequence
    LEFT JOIN (SELECT trigger_id, count(*) FILTER (WHERE state = 'retrying') AS retrying,
                      count(*) FILTER (WHERE state = 'dead') AS dead
                 FROM threefactor.parked GROUP BY trigger_id) AS p ON p.trigger_id = t.trigger_id;
