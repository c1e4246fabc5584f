-- Moving a database by dump and restore, and what dumps hold at all: extension/MOVING.md. The last part of the script: its grants are
-- for all that is dumped.
--
-- A dump holds event triggers, schedules, metadata and accepted keys; of the outbox and the journal nothing. set_aside() stops
-- delivery and has the worker turn all that is undelivered into rows of parked (extension/delivery/moving.hpp), which are dumped
-- from then on. adopt(), in the copy or here, has it delivered.

-- Private. Why a dump of this database, which is set aside, would lose events; null: it would not, or it is not set aside.
CREATE FUNCTION threefactor_private.left_behind() RETURNS text
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  RETURN (
    SELECT CASE
             WHEN o.set_aside_to IS NULL THEN 'threefactor.set_aside() has not ended'
             WHEN EXISTS (SELECT FROM threefactor.outbox AS e
                           WHERE e.xid >= pg_snapshot_xmin(o.set_aside_to) AND NOT pg_visible_in_snapshot(e.xid, o.set_aside_to)
                             AND e.definitions <> '{}')
               THEN 'events were captured after threefactor.set_aside()'
             WHEN EXISTS (SELECT FROM threefactor.event_trigger AS t JOIN threefactor.definition AS d USING (definition_id)
                           WHERE d.relation IS NOT NULL AND NOT EXISTS (SELECT FROM pg_class AS c WHERE c.oid = d.relation))
               THEN 'a table with an event trigger was dropped after threefactor.set_aside()'
           END
      FROM threefactor.origin AS o WHERE o.database = threefactor.this_database() AND o.set_aside_at IS NOT NULL LIMIT 1);

-- Private, of pg_dump: whether it takes what is undelivered. Raises where that would be a part only.
CREATE FUNCTION threefactor_private.dumps_undelivered() RETURNS boolean
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  reason text := threefactor_private.left_behind();
BEGIN
  IF reason IS NOT NULL THEN
    RAISE EXCEPTION 'the dump would lose undelivered events: %', reason USING ERRCODE = 'object_not_in_prerequisite_state',
      HINT = 'Stop the writers and run CALL threefactor.set_aside() again, then dump; or run SELECT threefactor.adopt() to deliver here.';
  END IF;
  RETURN EXISTS (SELECT FROM threefactor.origin WHERE set_aside_at IS NOT NULL);
END $$;

-- Without its table an event trigger would be dumped with the number of the table, which in the copy is none, or that of another one.
-- Of the definitions the current ones will do, and those under which what is set aside was captured.
SELECT pg_catalog.pg_extension_config_dump('threefactor.event_trigger', $$
  WHERE definition_id IN (SELECT d.definition_id FROM threefactor.definition AS d
                           WHERE d.relation IS NULL OR d.relation::oid IN (SELECT c.oid FROM pg_class AS c))$$);
SELECT pg_catalog.pg_extension_config_dump('threefactor.definition', $$
  WHERE (relation IS NULL OR relation::oid IN (SELECT c.oid FROM pg_class AS c))
    AND (definition_id IN (SELECT t.definition_id FROM threefactor.event_trigger AS t)
      OR (SELECT threefactor_private.dumps_undelivered()) AND definition_id IN (SELECT p.definition_id FROM threefactor.parked AS p))$$);
SELECT pg_catalog.pg_extension_config_dump('threefactor.parked', $$
  WHERE (SELECT threefactor_private.dumps_undelivered()) AND trigger_id IN (SELECT t.trigger_id FROM threefactor.event_trigger AS t)$$);
-- Always: the guard of an effect belongs to the same snapshot as the effect.
SELECT pg_catalog.pg_extension_config_dump('threefactor.accepted_0', '');
SELECT pg_catalog.pg_extension_config_dump('threefactor.accepted_1', '');
SELECT pg_catalog.pg_extension_config_dump('threefactor.accepted_2', '');

-- Private. Rows that came with a dump have transactions and positions of another cluster: they come before all that is captured here, in
-- their order.
CREATE FUNCTION threefactor_private.renumber_parked() RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  LOCK TABLE threefactor.origin IN SHARE ROW EXCLUSIVE MODE;  -- two of us follow each other
  IF (SELECT count(*) > 1 FROM threefactor.origin) THEN
    UPDATE threefactor.parked AS p SET event_xid = '3', event_position = n.place
      FROM (SELECT event_id, trigger_id, row_number() OVER (ORDER BY event_position, event_id, trigger_id) AS place
              FROM threefactor.parked) AS n
     WHERE n.event_id = p.event_id AND n.trigger_id = p.trigger_id;
  END IF;
END $$;

-- Says that this database shall deliver what is pending in it, and all that comes: a copy of another one (until then a restored
-- dump, a clone or a copy of a template calls no webhook; so does a cluster after pg_upgrade), or one that was set aside. For the owner of
-- the database.
CREATE FUNCTION threefactor.adopt() RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM threefactor_private.renumber_parked();
  DELETE FROM threefactor.origin;
  INSERT INTO threefactor.origin VALUES (threefactor.this_database());
  PERFORM threefactor_private.follow_owners(), threefactor_private.definitions_changed(), threefactor_private.parked_changed(),
    threefactor_private.schedules_changed();
END $$;

-- Private, of set_aside. From the commit on nothing is posted. Definitions whose table is gone forget it, so that they are dumped.
CREATE FUNCTION threefactor_private.begin_set_aside() RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM threefactor_private.renumber_parked();
  DELETE FROM threefactor.origin;
  INSERT INTO threefactor.origin VALUES (threefactor.this_database(), clock_timestamp());
  UPDATE threefactor.definition AS d SET relation = NULL
   WHERE d.relation IS NOT NULL AND NOT EXISTS (SELECT FROM pg_class AS c WHERE c.oid = d.relation);
  PERFORM threefactor_private.definitions_changed();
END $$;

-- Private, of set_aside. Null: the worker is not done yet. The number of deliveries that are set aside; -1: adopt() was called meanwhile.
CREATE FUNCTION threefactor_private.set_aside_count() RETURNS bigint
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM threefactor.origin WHERE set_aside_at IS NOT NULL) THEN
    RETURN -1;
  ELSIF EXISTS (SELECT FROM threefactor.origin WHERE set_aside_at IS NOT NULL AND set_aside_to IS NULL) THEN
    RETURN NULL;
  END IF;
  RETURN (SELECT count(*) FROM threefactor.parked);
END $$;

-- Private. Whether BEGIN was called.
CREATE FUNCTION threefactor_private.is_in_transaction_block() RETURNS boolean
  LANGUAGE c AS 'MODULE_PATHNAME', 'threefactor_is_in_transaction_block';

-- Private, of the worker. Whether a delivery is settled, by what all workers have written: extension/delivery/moving.cpp.
CREATE FUNCTION threefactor_private.is_settled(
    journal text, event_id uuid, trigger_id integer, order_key bigint, xid xid8, "position" bigint) RETURNS boolean
  LANGUAGE c STRICT STABLE AS 'MODULE_PATHNAME', 'threefactor_is_settled';

-- Stops delivery in this database, until adopt(), and sets aside all that was captured and is undelivered when it is called: a dump holds it
-- from then on. Returns when that is done; requests in flight end first. May be called again, for what was captured since. For the
-- owner of the database; not in a transaction block. (It commits, so it can pin no search_path: it uses no operator.)
CREATE PROCEDURE threefactor.set_aside()
  LANGUAGE plpgsql AS $$
DECLARE
  number pg_catalog.int8;
  reason pg_catalog.text;
  warned pg_catalog.bool := false;
BEGIN
  IF threefactor_private.is_in_transaction_block() THEN
    RAISE EXCEPTION 'threefactor.set_aside() cannot run in a transaction block' USING ERRCODE = 'active_sql_transaction',
      HINT = 'The worker must see that it was called: CALL it by itself.';
  END IF;
  PERFORM threefactor_private.begin_set_aside();
  COMMIT;
  <<waiting>> LOOP
    FOR look IN 1..100 LOOP
      number := threefactor_private.set_aside_count();
      EXIT waiting WHEN number IS NOT NULL;
      PERFORM pg_catalog.pg_sleep(0.02);
      COMMIT;
    END LOOP;
    IF NOT warned AND threefactor_private.lacks_worker() THEN
      warned := true;
      RAISE WARNING 'no delivery worker runs in this database: waiting for one'
        USING HINT = 'See threefactor.status, and the log of the server.';
    END IF;
  END LOOP;
  IF number OPERATOR(pg_catalog.<) 0 THEN
    RAISE EXCEPTION 'threefactor.adopt() was called meanwhile: this database delivers' USING ERRCODE = 'object_not_in_prerequisite_state';
  END IF;
  reason := threefactor_private.left_behind();
  IF reason IS NOT NULL THEN
    RAISE WARNING '%', reason USING HINT = 'Stop the writers, then call it again: a dump fails until then.';
  END IF;
  RAISE NOTICE '% deliveries are set aside', number;
END $$;

-- Private, of set_aside.
CREATE FUNCTION threefactor_private.lacks_worker() RETURNS boolean
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  RETURN (SELECT state <> 'running' FROM threefactor_private.worker_status());

-- Who dumps reads what is dumped, and nothing else: the owner of the database (a role that follows ALTER DATABASE ... OWNER TO), who so may move it.
-- Whoever reads everything (pg_read_all_data) has SELECT, but not EXECUTE. Why: extension/DECISIONS.md.
GRANT USAGE ON SCHEMA threefactor, threefactor_private TO pg_database_owner;
DO $$
DECLARE
  dumped text;
BEGIN
  FOR dumped IN SELECT c::regclass FROM pg_extension, unnest(extconfig) AS c WHERE extname = 'threefactor' LOOP
    EXECUTE format('GRANT SELECT ON %s TO pg_database_owner', dumped);
  END LOOP;
END $$;

REVOKE ALL ON FUNCTION threefactor_private.left_behind(), threefactor_private.dumps_undelivered(), threefactor_private.renumber_parked(), threefactor.adopt(),
  threefactor_private.begin_set_aside(), threefactor_private.set_aside_count(), threefactor_private.is_in_transaction_block(), threefactor_private.lacks_worker(),
  threefactor_private.is_settled(text, uuid, integer, bigint, xid8, bigint) FROM PUBLIC, threefactor_admin;
REVOKE ALL ON PROCEDURE threefactor.set_aside() FROM PUBLIC, threefactor_admin;
GRANT EXECUTE ON FUNCTION threefactor_private.dumps_undelivered() TO pg_database_owner, pg_read_all_data;
GRANT EXECUTE ON FUNCTION threefactor.adopt(), threefactor_private.begin_set_aside(), threefactor_private.set_aside_count(), threefactor_private.left_behind(),
  threefactor_private.is_in_transaction_block(), threefactor_private.lacks_worker() TO pg_database_owner;
GRANT EXECUTE ON PROCEDURE threefactor.set_aside() TO pg_database_owner;
