-- Dead letters and delivered events come back; the views show what the journal says. The rows of the journal that the worker
-- would write are written by hand here.
\set SHOW_CONTEXT never
CREATE SCHEMA redeliver;
SET search_path = redeliver;
TRUNCATE threefactor.outbox;
CREATE TABLE t (id integer PRIMARY KEY);
SELECT threefactor.create_event_trigger('first', 't', 'https://example.com/');
SELECT threefactor.create_event_trigger('second', 't', 'https://example.com/');
INSERT INTO t VALUES (1), (2), (3);
CREATE FUNCTION event(id text) RETURNS uuid LANGUAGE sql AS $$ SELECT event_id FROM threefactor.events WHERE new_row ->> 'id' = $1 $$;
CREATE PROCEDURE attempt(id text, trigger text, attempt integer, outcome text, status integer) LANGUAGE sql AS $$
  INSERT INTO threefactor.attempt
    SELECT 0, (SELECT count(*) FROM threefactor.attempt), xid, position, event_id, trigger_id, threefactor.delivery_key(event_id, trigger_id), $3, $4,
           now(), 1.5, $5, 'the answer', NULL
      FROM threefactor.outbox, threefactor.event_trigger WHERE event_id = event($1) AND name = $2 $$;
CREATE PROCEDURE park(id text, trigger text, state text, attempts integer) LANGUAGE sql AS $$
  INSERT INTO threefactor.parked
    SELECT event_id, trigger_id, definition_id, threefactor.delivery_key(event_id, trigger_id), $3, $4, NULL, 500, NULL, o.xid, o.position, o.created_at,
           operation, table_schema, table_name, old_row, new_row, session_variables, trace_context
      FROM threefactor.outbox AS o, threefactor.event_trigger WHERE event_id = event($1) AND name = $2 $$;
CREATE VIEW states AS
  SELECT e.new_row ->> 'id' AS id, d.event_trigger, d.state, d.attempts, d.last_status, d.next_attempt_at IS NOT NULL AS due,
         d.idempotency_key = threefactor.delivery_key(d.event_id, t.trigger_id) AS key
    FROM threefactor.deliveries AS d JOIN threefactor.events AS e USING (event_id) JOIN threefactor.event_trigger AS t ON t.name = d.event_trigger
   ORDER BY 1, 2;
CALL attempt('1', 'first', 1, 'delivered', 200);
CALL attempt('2', 'first', 1, 'retrying', 500);
CALL attempt('2', 'first', 2, 'dead', 500);
CALL park('2', 'first', 'dead', 2);
CALL attempt('2', 'second', 1, 'delivered', 204);
CALL attempt('3', 'first', 1, 'dead', 500);
CALL park('3', 'first', 'dead', 1);
SELECT * FROM states;
SELECT event_trigger, attempt, outcome, status, response FROM threefactor.attempts ORDER BY started_at, attempt, status;
SELECT event_trigger, attempts, last_status, operation, table_name, new_row FROM threefactor.dead_letters ORDER BY new_row ->> 'id';
SELECT event_trigger, delivered, retrying, dead, last_status FROM threefactor.status ORDER BY 1;

-- Nothing is dead; still being delivered for the first time; unknown event trigger.
SELECT threefactor.redeliver(event('1'));
SELECT threefactor.redeliver(event('1'), 'second', dead_only => false);
SELECT threefactor.redeliver(event('1'), 'nope');
-- One event, one event trigger, all that are dead.
SELECT threefactor.redeliver(event('2'));
SELECT threefactor.redeliver(event('2'));
SELECT * FROM states WHERE id = '2';
SELECT threefactor.redeliver(trigger => 'first');
SELECT * FROM states WHERE id = '3';
-- Also what was delivered.
SELECT threefactor.redeliver(event('1'), dead_only => false);
SELECT threefactor.redeliver(event('1'), dead_only => false);
SELECT threefactor.redeliver(event('2'), 'second', dead_only => false);
SELECT * FROM states;
SELECT count(*) AS dead FROM threefactor.dead_letters;
-- The events have left the outbox, what is parked is still seen.
TRUNCATE threefactor.outbox;
SELECT event_trigger, state, attempts FROM threefactor.deliveries ORDER BY created_at, 1, 2, 3;
-- Redelivering for an event trigger that is gone does nothing.
UPDATE threefactor.parked SET state = 'dead', next_attempt_at = NULL;
SELECT threefactor.drop_event_trigger('first');
SELECT threefactor.redeliver(event_id) FROM threefactor.parked ORDER BY new_row ->> 'id';
SELECT threefactor.drop_event_trigger('second');
TRUNCATE threefactor.parked, threefactor.attempt;
SET client_min_messages = warning;
DROP SCHEMA redeliver CASCADE;
