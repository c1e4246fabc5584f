-- The outbox: the append-only event log, a ring of partitions. Writers append to the partition that shared memory names
-- (DatabaseSlot::rotation); the worker moves on when it is large and empties the oldest, by TRUNCATE, when everything in it is
-- settled and older than the retention. A writer may append to any partition at any time: the worker looks into all.
--
-- xid       the top-level transaction: with it, and a snapshot taken as plain data, the worker knows what is new
--           (extension/outbox/README.md). Never the order of ids: they become visible out of order.
-- position  grows with every change of one row, over restarts too: a counter in shared memory that starts each time at
--           (next transaction id) << 24.
CREATE TABLE threefactor.outbox (
  partition         smallint    NOT NULL,
  xid               xid8        NOT NULL,
  position          bigint      NOT NULL,
  event_id          uuid        NOT NULL,  -- random
  created_at        timestamptz NOT NULL,
  definitions       integer[]   NOT NULL,  -- of the event triggers that matched
  operation         text        NOT NULL,  -- INSERT UPDATE DELETE TRUNCATE MANUAL EMIT ERROR SCHEDULED
  table_schema      text,                  -- null: not of a table
  table_name        text,                  -- without a schema: the topic
  old_row           json,                  -- of an UPDATE: the members that differ from new_row (threefactor_private.whole_old_row)
  new_row           json,
  session_variables json,                  -- the setting hasura.user of the writer
  trace_context     json,                  -- the setting hasura.tracecontext
  order_keys        bigint[]               -- hashes of the keys of order, parallel to definitions (0 where one is not ordered); null: none is ordered
) PARTITION BY LIST (partition);

CREATE TABLE threefactor.outbox_0 PARTITION OF threefactor.outbox FOR VALUES IN (0);
CREATE TABLE threefactor.outbox_1 PARTITION OF threefactor.outbox FOR VALUES IN (1);
CREATE TABLE threefactor.outbox_2 PARTITION OF threefactor.outbox FOR VALUES IN (2);
CREATE TABLE threefactor.outbox_3 PARTITION OF threefactor.outbox FOR VALUES IN (3);
CREATE INDEX outbox_xid_position ON threefactor.outbox (xid, position);

-- Private. Drops rows that logical replication applies: extension/signal/subscriptions.hpp. Writers of events do not come by it.
CREATE FUNCTION threefactor_private.refuse_replicated() RETURNS trigger
  LANGUAGE c AS 'MODULE_PATHNAME', 'threefactor_refuse_replicated';
CREATE TRIGGER refuse_replicated BEFORE INSERT ON threefactor.outbox FOR EACH ROW EXECUTE FUNCTION threefactor_private.refuse_replicated();
ALTER TABLE threefactor.outbox ENABLE ALWAYS TRIGGER refuse_replicated;
