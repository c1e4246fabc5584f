-- The journal of the delivery workers, its only writers. Appended; nothing is updated on the ordinary path.
-- Protocol and recovery: extension/delivery/README.md.

-- One row per attempt. outcome: delivered, retrying (there is a row in parked), dead (likewise), archived (the event trigger
-- is gone). A ring of partitions like the outbox.
CREATE TABLE threefactor.attempt (
  partition       smallint    NOT NULL,
  sequence        bigint      NOT NULL,  -- of the worker's counter, never reused; worker n counts from n << 48 on
  event_xid       xid8        NOT NULL,
  event_position  bigint      NOT NULL,
  event_id        uuid        NOT NULL,
  trigger_id      integer     NOT NULL,
  idempotency_key uuid        NOT NULL,
  attempt         integer     NOT NULL,  -- 1 is the first
  outcome         text        NOT NULL,
  started_at      timestamptz NOT NULL,
  duration        real        NOT NULL,  -- milliseconds
  status          integer,               -- HTTP status; null: no answer
  response        text,                  -- up to threefactor.max_response_size
  error           text                   -- why there was no answer
) PARTITION BY LIST (partition);

CREATE TABLE threefactor.attempt_0 PARTITION OF threefactor.attempt FOR VALUES IN (0);
CREATE TABLE threefactor.attempt_1 PARTITION OF threefactor.attempt FOR VALUES IN (1);
CREATE TABLE threefactor.attempt_2 PARTITION OF threefactor.attempt FOR VALUES IN (2);
CREATE TABLE threefactor.attempt_3 PARTITION OF threefactor.attempt FOR VALUES IN (3);
CREATE INDEX attempt_sequence ON threefactor.attempt (sequence);

-- A delivery off the ordinary path: waiting for its next attempt, blocked by an earlier one of its key, or dead. With its event, so that the outbox can rotate.
CREATE TABLE threefactor.parked (
  event_id          uuid        NOT NULL,
  trigger_id        integer     NOT NULL,
  definition_id     integer     NOT NULL,
  idempotency_key   uuid        NOT NULL,
  state             text        NOT NULL CHECK (state IN ('retrying', 'blocked', 'dead')),
  attempts          integer     NOT NULL,  -- made so far
  next_attempt_at   timestamptz,           -- retrying only
  last_status       integer,
  last_error        text,
  event_xid         xid8        NOT NULL,
  event_position    bigint      NOT NULL,
  created_at        timestamptz NOT NULL,  -- and the rest: the event, as in the outbox
  operation         text        NOT NULL,
  table_schema      text,
  table_name        text,
  old_row           json,
  new_row           json,
  session_variables json,
  trace_context     json,
  order_key         bigint,                -- null: the event trigger is not ordered
  PRIMARY KEY (event_id, trigger_id)
);
CREATE INDEX parked_due ON threefactor.parked (trigger_id, next_attempt_at, event_position) WHERE state = 'retrying';  -- many are due at one time
CREATE INDEX parked_head ON threefactor.parked (trigger_id, order_key) WHERE state <> 'blocked' AND order_key IS NOT NULL;
CREATE INDEX parked_blocked ON threefactor.parked (trigger_id, order_key, event_position) WHERE state = 'blocked';
CREATE INDEX parked_state ON threefactor.parked (trigger_id, state, created_at);  -- counted, and redelivered by age
CREATE TRIGGER refuse_replicated BEFORE INSERT ON threefactor.parked FOR EACH ROW EXECUTE FUNCTION threefactor_private.refuse_replicated();
ALTER TABLE threefactor.parked ENABLE ALWAYS TRIGGER refuse_replicated;

-- Private. The number of the worker, of so many, that a delivery belongs to; the key of order may be null.
CREATE FUNCTION threefactor_private.delivery_worker(event_id uuid, trigger_id integer, order_key bigint, workers integer) RETURNS integer
  LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'threefactor_delivery_worker';

-- Where recovery begins: written with settlements, about once a second while there are any; of each worker the newest counts.
CREATE TABLE threefactor.checkpoint (
  sequence bigint PRIMARY KEY,             -- of the attempt counter: later attempts are not in the state
  written_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  state text NOT NULL                      -- cursors and unsettled deliveries, format in extension/delivery/README.md
);
