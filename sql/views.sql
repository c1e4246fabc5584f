-- What a person reads. Rows of tables, responses, texts of errors and paths of URLs may be secret: they show to a threefactor_admin who
-- owns what they belong to, to others as null, or without what may be secret. Secrets, values of headers, credentials and queries of
-- URLs show to nobody.
CREATE FUNCTION threefactor_private.worker_status(OUT state text, OUT pid integer, OUT watchers integer) RETURNS record
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'threefactor_worker_status';

-- Private. What the delivery workers publish of each event trigger (extension/shared/gauges.hpp), about once a second.
CREATE FUNCTION threefactor_private.gauges(
    OUT trigger_id integer, OUT worker integer, OUT in_flight integer, OUT pending bigint, OUT oldest timestamptz, OUT delivered bigint,
    OUT rate double precision, OUT failed_at timestamptz, OUT failed_status integer, OUT error text) RETURNS SETOF record
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'threefactor_gauges';

CREATE VIEW threefactor.event_triggers AS
  SELECT t.name, c.oid::regclass AS relation, d.topic, d.operations, threefactor_private.shown_url(d.webhook, readable.rows) AS webhook, t.paused,
         d.columns, d.condition, d.payload, d.order_by, d.on_dead, d.body, threefactor_private.masked_headers(d.headers) AS headers,
         coalesce(cardinality(d.secrets), 0) AS secrets, d.retry, d.endpoint,
         CASE WHEN readable.rows OR d.apply IS NULL THEN d.apply ELSE '***' END AS apply,
         threefactor_private.shown_url(d.error_webhook, readable.rows) AS error_webhook, d.on_replica, t.created_at, d.created_at AS defined_at,
         o.rolname AS owner, d.payloads
    FROM threefactor.event_trigger AS t
    JOIN threefactor.definition AS d USING (definition_id)
    JOIN threefactor_private.names AS n ON n.trigger_id = t.trigger_id
    LEFT JOIN pg_catalog.pg_roles AS o ON o.oid = n.owner
    LEFT JOIN pg_catalog.pg_class AS c ON c.oid = d.relation  -- null, and no topic: the table was dropped
    CROSS JOIN LATERAL (SELECT threefactor_private.reader_owns(n.owner) AS rows) AS readable
   WHERE t.errors_of IS NULL;

CREATE VIEW threefactor.events AS
  SELECT o.event_id, o.created_at, o.operation, o.table_schema, o.table_name,
         threefactor_private.event_trigger_names(o.definitions) AS event_triggers,
         CASE WHEN readable.rows THEN threefactor_private.whole_old_row(o.old_row, o.new_row) END AS old_row,
         CASE WHEN readable.rows THEN o.new_row END AS new_row,
         CASE WHEN readable.rows THEN o.session_variables END AS session_variables,
         o.trace_context, o.position
    FROM threefactor.outbox AS o
    CROSS JOIN (SELECT threefactor_private.reader_owns(NULL) AS all_rows, coalesce(array_agg(d.definition_id), '{}') AS definitions
                  FROM threefactor.definition AS d JOIN threefactor_private.names AS n USING (trigger_id)
                 WHERE threefactor_private.reader_owns(n.owner)) AS owned
    CROSS JOIN LATERAL (SELECT owned.all_rows OR o.definitions && owned.definitions AS rows) AS readable;

CREATE VIEW threefactor.attempts AS
  SELECT a.event_id, n.name AS event_trigger, a.idempotency_key, a.attempt, a.outcome,
         a.started_at, a.duration, a.status,
         CASE WHEN readable.rows THEN a.response END AS response,
         CASE WHEN readable.rows THEN a.error ELSE threefactor_private.public_error(a.error) END AS error
    FROM threefactor.attempt AS a LEFT JOIN threefactor_private.names AS n USING (trigger_id)
    CROSS JOIN LATERAL (SELECT threefactor_private.reader_owns(n.owner) AS rows) AS readable;

-- One row per event and event trigger, of what is retained: retrying, blocked or dead (it has a row of its own), delivered,
-- archived or discarded (by its last attempt), else pending. An event older than the retention, of which no attempt is kept any more, may
-- have been delivered or may be waiting still: unknown.
CREATE VIEW threefactor.deliveries AS
  SELECT each.event_id, n.name AS event_trigger, each.idempotency_key, each.state, each.attempts, each.next_attempt_at, each.last_status,
         CASE WHEN threefactor_private.reader_owns(n.owner) THEN each.last_error ELSE threefactor_private.public_error(each.last_error) END AS last_error,
         each.created_at, each.last_attempt_at
    FROM (
      SELECT o.event_id, d.trigger_id,
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
        LEFT JOIN threefactor.parked AS p ON p.event_id = o.event_id AND p.trigger_id = d.trigger_id
        LEFT JOIN (SELECT DISTINCT ON (event_id, trigger_id) event_id, trigger_id, idempotency_key, attempt, outcome, started_at, status, error
                     FROM threefactor.attempt ORDER BY event_id, trigger_id, started_at DESC, attempt DESC) AS a
          ON a.event_id = o.event_id AND a.trigger_id = d.trigger_id
      UNION ALL  -- their events may have left the outbox
      SELECT p.event_id, p.trigger_id, p.idempotency_key, p.state, p.attempts, p.next_attempt_at,
             p.last_status, p.last_error, p.created_at, NULL
        FROM threefactor.parked AS p
       WHERE NOT EXISTS (SELECT FROM threefactor.outbox AS o WHERE o.event_id = p.event_id)) AS each
    LEFT JOIN threefactor_private.names AS n USING (trigger_id);

CREATE VIEW threefactor.dead_letters AS
  SELECT p.event_id, n.name AS event_trigger, p.idempotency_key, p.attempts, p.last_status,
         CASE WHEN readable.rows THEN p.last_error ELSE threefactor_private.public_error(p.last_error) END AS last_error,
         p.created_at, p.operation, p.table_schema, p.table_name,
         CASE WHEN readable.rows THEN threefactor_private.whole_old_row(p.old_row, p.new_row) END AS old_row,
         CASE WHEN readable.rows THEN p.new_row END AS new_row
    FROM threefactor.parked AS p LEFT JOIN threefactor_private.names AS n USING (trigger_id)
    CROSS JOIN LATERAL (SELECT threefactor_private.reader_owns(n.owner) AS rows) AS readable
   WHERE p.state = 'dead';

-- Private. Event triggers that do not capture what they were made for, and why: row triggers that are gone (with a column of the condition,
-- say) or disabled, also of single partitions. From the catalogs alone.
CREATE VIEW threefactor_private.capture_problems AS
  WITH RECURSIVE row_triggers AS MATERIALIZED (
    SELECT * FROM threefactor_private.row_triggers WHERE parent = 0
  ), wanted AS (
    SELECT t.trigger_id, t.name, d.definition_id, d.relation::oid AS relation, d.columns, d.on_replica, o.label AS operation, o.bit, o.moves
      FROM threefactor.event_trigger AS t JOIN threefactor.definition AS d USING (definition_id)
      JOIN (VALUES ('INSERT', 'INSERT', 4, false), ('DELETE', 'DELETE', 8, false), ('UPDATE', 'UPDATE', 16, false), ('TRUNCATE', 'TRUNCATE', 32, false),
                   ('MOVE_IN', 'move between partitions', 4, true), ('MOVE_OUT', 'move between partitions', 8, true)) AS o (name, label, bit, moves)
        ON o.name = ANY (d.operations || threefactor_private.move_operations(d))
     WHERE d.relation IS NOT NULL
  ), matched AS (  -- of several row triggers, the one that captures most
    SELECT DISTINCT ON (w.trigger_id, w.operation, w.bit) w.*, r.oid AS row_trigger, r.enabled
      FROM wanted AS w LEFT JOIN row_triggers AS r
        ON r.relation = w.relation AND r.definition = w.definition_id::text AND r.only_moves = w.moves
           AND coalesce(r.event_trigger = w.name, true) AND r.type & w.bit <> 0
     ORDER BY w.trigger_id, w.operation, w.bit, position(r.enabled::text IN 'AORD')
  ), found AS (
    SELECT m.*,
           CASE WHEN c.oid IS NULL THEN 'its table was dropped'
                WHEN m.row_trigger IS NULL THEN 'its row trigger was dropped'
                WHEN m.enabled = 'D' THEN 'its row trigger is disabled'
                WHEN m.enabled = 'R' THEN 'its row trigger fires for replicated changes only'
                WHEN m.operation = 'UPDATE' AND m.columns IS NOT NULL AND NOT EXISTS (
                  SELECT FROM pg_catalog.pg_attribute AS a WHERE a.attrelid = m.relation AND a.attname = ANY (m.columns) AND a.attnum > 0)
                  THEN 'the columns of which one must change are gone' END AS reason
      FROM matched AS m LEFT JOIN pg_catalog.pg_class AS c ON c.oid = m.relation
     WHERE NOT m.moves OR m.row_trigger IS NOT NULL  -- version 0.1 made none for moves
        OR (m.relation, m.definition_id::text) NOT IN (SELECT o.relation, o.definition FROM row_triggers AS o WHERE o.event_trigger IS NULL)
  ), clones AS (  -- of partitions
    SELECT f.trigger_id, f.operation, f.on_replica, f.reason, p.oid, p.tgrelid AS relation, p.tgenabled AS enabled
      FROM found AS f JOIN pg_catalog.pg_trigger AS p ON p.tgparentid = f.row_trigger
    UNION ALL
    SELECT c.trigger_id, c.operation, c.on_replica, c.reason, p.oid, p.tgrelid, p.tgenabled
      FROM clones AS c JOIN pg_catalog.pg_trigger AS p ON p.tgparentid = c.oid
  ), losses AS (
    SELECT f.trigger_id, 1 AS place, 'nothing: ' || string_agg(DISTINCT f.reason, ', ') AS loss
      FROM found AS f WHERE NOT f.moves GROUP BY f.trigger_id HAVING bool_and(f.reason IS NOT NULL)
    UNION ALL
    SELECT f.trigger_id, 2, format('no %s: %s', string_agg(DISTINCT f.operation, ', '), f.reason)
      FROM found AS f WHERE f.reason IS NOT NULL GROUP BY f.trigger_id, f.reason
    UNION ALL
    SELECT c.trigger_id, 3, format('no %s of partition %s: its row trigger %s', string_agg(DISTINCT c.operation, ', '), c.relation::pg_catalog.regclass,
             CASE c.enabled WHEN 'D' THEN 'is disabled' ELSE 'fires for replicated changes only' END)
      FROM clones AS c WHERE c.reason IS NULL AND c.enabled IN ('D', 'R') GROUP BY c.trigger_id, c.relation, c.enabled
    UNION ALL
    SELECT a.trigger_id, 4, format('no replicated %s: its row trigger is not ENABLE ALWAYS', string_agg(DISTINCT a.operation, ', '))
      FROM (SELECT trigger_id, operation, on_replica, enabled FROM found UNION ALL SELECT trigger_id, operation, on_replica, enabled FROM clones) AS a
     WHERE a.on_replica AND a.enabled = 'O' GROUP BY a.trigger_id
  )
  SELECT t.trigger_id, t.name, t.definition_id,
         'captures ' || coalesce(min(l.loss) FILTER (WHERE l.place = 1), string_agg(l.loss, '; ' ORDER BY l.place, l.loss)) AS problem
    FROM losses AS l JOIN threefactor.event_trigger AS t USING (trigger_id) GROUP BY t.trigger_id;
-- Private. What a database waits for that delivers nothing until somebody says so; null: it may deliver. With the owner's rights, for
-- readers of the view.
CREATE FUNCTION threefactor_private.why_nothing_is_delivered() RETURNS text
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  RETURN (SELECT CASE WHEN bool_or(o.database <> threefactor.this_database()) THEN 'waits for adopt()'
                      WHEN bool_or(o.set_aside_to IS NULL) FILTER (WHERE o.set_aside_at IS NOT NULL) THEN 'is being set aside'
                      WHEN bool_or(o.set_aside_at IS NOT NULL) THEN 'set aside: waits for adopt()' END
            FROM threefactor.origin AS o);

-- One row per event trigger; reads no event. What the workers publish may be a second old, and is null without a worker:
--   pending     not yet attempted; thousands of events ahead of the worker it is an estimate
--   lag         age of the oldest event that is pending, in flight, retrying or blocked
--   rate        delivered per second, over the last minute; delivered: since the worker started
--   state       what is not captured comes first, as nobody can make up for it
CREATE VIEW threefactor.status AS
  SELECT t.name AS event_trigger,
         CASE WHEN c.problem IS NOT NULL THEN c.problem
              WHEN w.worker <> 'running' THEN w.worker
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
    LEFT JOIN (SELECT trigger_id, problem FROM threefactor_private.capture_problems) AS c USING (trigger_id)
    LEFT JOIN (SELECT unnest(event_triggers) AS name, state, open_until FROM threefactor.endpoints) AS e USING (name)
    CROSS JOIN (SELECT coalesce(threefactor_private.why_nothing_is_delivered(), s.state) AS worker, s.pid
                  FROM threefactor_private.worker_status() AS s) AS w
    LEFT JOIN (SELECT trigger_id, sum(pending) AS pending, min(oldest) AS oldest, sum(rate) AS rate, sum(in_flight) AS in_flight,
                      sum(delivered) AS delivered, max(failed_at) AS failed_at,
                      (array_agg(coalesce(error, 'HTTP ' || failed_status) ORDER BY failed_at DESC NULLS LAST))[1] AS last_error
                 FROM threefactor_private.gauges() GROUP BY trigger_id) AS g USING (trigger_id)
    LEFT JOIN (SELECT trigger_id, count(*) FILTER (WHERE state = 'retrying') AS retrying, count(*) FILTER (WHERE state = 'blocked') AS blocked,
                      count(*) FILTER (WHERE state = 'dead') AS dead, min(created_at) FILTER (WHERE state <> 'dead') AS oldest
                 FROM threefactor.parked GROUP BY trigger_id) AS p USING (trigger_id);
