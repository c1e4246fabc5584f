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
SELECT event_trigger, retrying, dead FROM threefactor.status ORDER BY 1;

-- The status reads no event and no attempt.
CREATE FUNCTION scanned(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
  line text;
BEGIN
  FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
    RETURN QUERY SELECT m[1] FROM regexp_matches(line, ' on ([a-z_]+)') AS m WHERE m[1] ~ '^(outbox|attempt|parked)';
  END LOOP;
END $$;
SELECT DISTINCT scanned('SELECT * FROM threefactor.status');

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

-- By time, with a new key, of everything or of one event trigger.
UPDATE threefactor.parked SET state = 'dead', next_attempt_at = NULL, created_at = '2026-01-01 00:00' WHERE new_row ->> 'id' = '2';
UPDATE threefactor.parked SET state = 'dead', next_attempt_at = NULL, created_at = '2026-01-02 00:00' WHERE new_row ->> 'id' = '3';
SELECT threefactor.redeliver();
SELECT threefactor.redeliver(since => '2026-01-03', until => '2026-01-04');
SELECT threefactor.redeliver(trigger => 'second', until => '2026-01-02');
SELECT threefactor.redeliver(since => '2026-01-02', until => '2026-01-03', new_key => true);
SELECT id, event_trigger, state, key FROM states WHERE id IN ('2', '3');
UPDATE threefactor.parked SET state = 'dead', next_attempt_at = NULL;
SELECT threefactor.redeliver(until => 'infinity', dead_only => false) AS all_of_them;
SELECT state, count(*) FROM states GROUP BY 1 ORDER BY 1;
DELETE FROM threefactor.parked;
-- Replays what was delivered to one event trigger, each with a key of its own.
SELECT threefactor.redeliver(trigger => 'first', since => '-infinity', dead_only => false, new_key => true);
SELECT id, event_trigger, state, key FROM states WHERE state = 'retrying';
SELECT count(DISTINCT idempotency_key) AS keys FROM threefactor.parked;

-- The events have left the outbox, what is parked is still seen.
TRUNCATE threefactor.outbox;
SELECT event_trigger, state, attempts FROM threefactor.deliveries ORDER BY created_at, 1, 2, 3;
-- A dead letter needs no outbox; what was delivered and has left it cannot come back.
SELECT count(threefactor.redeliver(event_id)) FROM threefactor.parked;
DELETE FROM threefactor.parked;
DO $$
DECLARE
  what record;
BEGIN
  FOR what IN SELECT event_id FROM threefactor.attempt WHERE outcome = 'delivered' UNION SELECT '00000000-0000-0000-0000-000000000000' ORDER BY 1 LIMIT 2 LOOP
    BEGIN
      PERFORM threefactor.redeliver(what.event_id, dead_only => false);
    EXCEPTION WHEN no_data_found THEN
      RAISE NOTICE '%', replace(sqlerrm, what.event_id::text, '...');
    END;
  END LOOP;
END $$;

-- Of an event trigger that is gone nothing is redelivered: its dead letters are the worker's to archive. Its name stays.
INSERT INTO t VALUES (4);
CALL park('4', 'first', 'dead', 3);
CALL attempt('4', 'second', 1, 'delivered', 200);
SELECT threefactor.drop_event_trigger('first');
SELECT threefactor.redeliver(event('4'));
SELECT event_trigger, state, next_attempt_at IS NOT NULL AS due FROM threefactor.deliveries ORDER BY 1;
SELECT threefactor.drop_event_trigger('second');
SELECT event_triggers FROM threefactor.events;
TRUNCATE threefactor.parked, threefactor.attempt;
SET client_min_messages = warning;
DROP SCHEMA redeliver CASCADE;
