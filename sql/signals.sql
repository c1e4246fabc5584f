-- Change signals: who changed what, for gateways that keep the results of queries current. The doorbell is
-- NOTIFY threefactor, '<epoch> <sequence>'; LISTEN has no access control, so what has changed is told by functions only.

-- Counts this connection as a watcher (until it ends) and gives the present place in the sequence of changes. What commits
-- after it is in the sequence: watch, then take the snapshot of the query.
CREATE FUNCTION threefactor.watch(OUT epoch text, OUT sequence bigint) RETURNS record
  LANGUAGE c VOLATILE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'threefactor_watch';

-- The changes after `after`, in order: kind relation (of that relation, and in rows of the same sequence number of its
-- partitions or children and of its parents), schema (DDL: reload what is known of the catalog) or everything (re-run all).
-- When the epoch is another one (the server was restarted), or so much happened that changes were overwritten, or this
-- connection did not watch before: one row, everything, with the newest number.
CREATE FUNCTION threefactor.changes(epoch text, after bigint)
  RETURNS TABLE (sequence bigint, relation oid, kind text)
  LANGUAGE c STRICT VOLATILE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'threefactor_changes';
