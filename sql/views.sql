-- What a person reads. Rows of tables, responses and values of headers may be secret: they show to threefactor_admin only,
-- to others as null. Secrets show to nobody, nor do credentials and the query of a URL.
CREATE FUNCTION threefactor.worker_status(OUT state text, OUT pid integer, OUT watchers integer) RETURNS record
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'threefactor_worker_status';

-- Private. What the delivery workers publish of each event trigger (extension/gauges.hpp), about once a second.
CREATE FUNCTION threefactor.gauges(
    OUT trigger_id integer, OUT worker integer, OUT in_flight integer, OUT pending bigint, OUT oldest timestamptz, OUT delivered bigint,
    OUT rate double precision, OUT failed_at timestamptz, OUT failed_status integer, OUT error text) RETURNS SETOF record
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'threefactor_gauges';

-- Private. The names of the headers; values only where they are names of environment variables.
CREATE FUNCTION threefactor.masked_headers(headers jsonb) RETURNS jsonb
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN (SELECT coalesce(jsonb_object_agg(key, CASE jsonb_typeof(value) WHEN 'object' THEN value ELSE '"***"' END), '{}')
            FROM jsonb_each(headers));

-- Private. A URL without its user, password, query and fragment.
CREATE FUNCTION threefactor.masked_url(url text) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN regexp_replace(regexp_replace(url, '^([A-Za-z]+://)[^/?#]*@', '\1***@'), '[?#].*$', '?***');

-- Private. The names of the event triggers, also of those that were dropped.
CREATE VIEW threefactor.names AS
  SELECT trigger_id, name FROM threefactor.event_trigger
  UNION ALL SELECT trigger_id, name || ' (dropped)' FROM threefactor.dropped_event_trigger;

-- Private. The names of the event triggers that definitions belong to. With the owner's rights, for readers of the views.
CREATE FUNCTION threefactor.event_trigger_names(definitions integer[]) RETURNS text[]
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  RETURN ARRAY(SELECT DISTINCT n.name FROM threefactor.definition AS d JOIN threefactor.names AS n USING (trigger_id)
                WHERE d.definition_id = ANY (definitions) ORDER BY n.name);

CREATE VIEW threefactor.event_triggers AS
  SELECT t.name, c.oid::regclass AS relation, d.topic, d.operations, threefactor.masked_url(d.webhook) AS webhook, t.paused,
         d.columns, d.condition, d.payload, d.order_by, d.on_dead, d.body, threefactor.masked_headers(d.headers) AS headers,
         coalesce(cardinality(d.secrets), 0) AS secrets, d.retry, d.endpoint, d.apply,
         threefactor.masked_url(d.error_webhook) AS error_webhook, d.on_replica, t.created_at, d.created_at AS defined_at
    FROM threefactor.event_trigger AS t
    JOIN threefactor.definition AS d USING (definition_id)
    LEFT JOIN pg_catalog.pg_class AS c ON c.oid = d.relation  -- null, and no topic: the table was dropped
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
  SELECT a.event_id, n.name AS event_trigger, a.idempotency_key, a.attempt, a.outcome,
         a.started_at, a.duration, a.status,
         CASE WHEN pg_catalog.pg_has_role('threefactor_admin', 'USAGE') THEN a.response END AS response, a.error
    FROM threefactor.attempt AS a LEFT JOIN threefactor.names AS n USING (trigger_id);

-- One row per event and event trigger, of what is retained: retrying, blocked or dead (it has a row of its own), delivered,
-- archived or discarded (by its last attempt), else pending. An event older than the retention, of which no attempt is kept any more, may
-- have been delivered or may be waiting still: unknown.
CREATE VIEW threefactor.deliveries AS
  SELECT o.event_id, n.name AS event_trigger,
         coalesce(p.idempotency_key, a.idempotency_key, threefactor.delivery_key(o.event_id, d.trigger_id)) AS idempotency_key,
         CASE WHEN p.event_id IS NOT NULL THEN p.state
              WHEN a.outcome IN ('delivered', 'archived') THEN a.outcome
              WHEN a.outcome = 'dead' THEN 'discarded'
              WHEN o.created_at > now() - pg_catalog.current_setting('threefactor.retention')::interval THEN 'pending'
              ELSE 'unknown' END AS state,
         coalesce(p.attempts, a.attempt, 0) AS attempts, p.next_attempt_at,
         coalesce(p.last_status, a.status) AS last_status, coalesce(p.last_error, a.error) AS last_error,
         o.created_at, a.started_at AS last_attempt_at
    FROM threefactor.outbox AS o
    JOIN threefactor.definition AS d ON d.definition_id = ANY (o.definitions)
    LEFT JOIN threefactor.names AS n USING (trigger_id)
    LEFT JOIN threefactor.parked AS p ON p.event_id = o.event_id AND p.trigger_id = d.trigger_id
    LEFT JOIN (SELECT DISTINCT ON (event_id, trigger_id) event_id, trigger_id, idempotency_key, attempt, outcome, started_at, status, error
                 FROM threefactor.attempt ORDER BY event_id, trigger_id, started_at DESC, attempt DESC) AS a
      ON a.event_id = o.event_id AND a.trigger_id = d.trigger_id
  UNION ALL  -- their events may have left the outbox
  SELECT p.event_id, n.name, p.idempotency_key, p.state, p.attempts, p.next_attempt_at,
         p.last_status, p.last_error, p.created_at, NULL
    FROM threefactor.parked AS p LEFT JOIN threefactor.names AS n USING (trigger_id)
   WHERE NOT EXISTS (SELECT FROM threefactor.outbox AS o WHERE o.event_id = p.event_id);

CREATE VIEW threefactor.dead_letters AS
  SELECT p.event_id, n.name AS event_trigger, p.idempotency_key, p.attempts, p.last_status,
         p.last_error, p.created_at, p.operation, p.table_schema, p.table_name,
         CASE WHEN readable.rows THEN threefactor.whole_old_row(p.old_row, p.new_row) END AS old_row,
         CASE WHEN readable.rows THEN p.new_row END AS new_row
    FROM threefactor.parked AS p LEFT JOIN threefactor.names AS n USING (trigger_id), (SELECT pg_catalog.pg_has_role('threefactor_admin', 'USAGE') AS rows) AS readable
   WHERE p.state = 'dead';

-- One row per event trigger; reads no event. What the workers publish may be a second old, and is null without a worker:
--   pending     not yet attempted; thousands of events ahead of the worker it is an estimate
--   lag         age of the oldest event that is pending, in flight, retrying or blocked
--   rate        delivered per second, over the last minute; delivered: since the worker started
CREATE VIEW threefactor.status AS
  SELECT t.name AS event_trigger,
         CASE WHEN w.worker <> 'running' THEN w.worker
              WHEN NOT pg_catalog.current_setting('threefactor.deliver')::boolean THEN 'threefactor.deliver is off'
              WHEN t.paused THEN 'paused' || coalesce(': ' || t.pause_reason, '')
              WHEN e.open_until > clock_timestamp() THEN 'breaker open until ' || to_char(e.open_until, 'HH24:MI:SS')
              ELSE coalesce(nullif(e.state, 'ok'), 'running') END AS state,
         g.pending, g.in_flight, coalesce(p.retrying, 0) AS retrying, coalesce(p.blocked, 0) AS blocked,
         coalesce(p.dead, 0) AS dead,
         CASE WHEN g.pending IS NOT NULL OR p.oldest IS NOT NULL  -- else nobody knows
              THEN date_trunc('milliseconds', greatest(clock_timestamp() - least(g.oldest, p.oldest), '0')) END AS lag,
         round(g.rate::numeric, 1) AS rate, g.delivered, w.pid AS worker_pid, date_trunc('second', g.failed_at) AS last_failed_at, g.last_error
    FROM threefactor.event_trigger AS t
    LEFT JOIN (SELECT unnest(event_triggers) AS name, state, open_until FROM threefactor.endpoints) AS e USING (name)
    CROSS JOIN (SELECT CASE WHEN EXISTS (SELECT FROM threefactor.origin AS o WHERE o.database <> threefactor.this_database())
                            THEN 'waits for adopt()' ELSE s.state END AS worker, s.pid
                  FROM threefactor.worker_status() AS s) AS w
    LEFT JOIN (SELECT trigger_id, sum(pending) AS pending, min(oldest) AS oldest, sum(rate) AS rate, sum(in_flight) AS in_flight,
                      sum(delivered) AS delivered, max(failed_at) AS failed_at,
                      (array_agg(coalesce(error, 'HTTP ' || failed_status) ORDER BY failed_at DESC NULLS LAST))[1] AS last_error
                 FROM threefactor.gauges() GROUP BY trigger_id) AS g USING (trigger_id)
    LEFT JOIN (SELECT trigger_id, count(*) FILTER (WHERE state = 'retrying') AS retrying, count(*) FILTER (WHERE state = 'blocked') AS blocked,
                      count(*) FILTER (WHERE state = 'dead') AS dead, min(created_at) FILTER (WHERE state <> 'dead') AS oldest
                 FROM threefactor.parked GROUP BY trigger_id) AS p USING (trigger_id);
