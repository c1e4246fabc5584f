-- An event exists if and only if the (sub)transaction that made the change committed.
CREATE SCHEMA tx;
SET search_path = tx;
TRUNCATE threefactor.outbox;
CREATE TABLE t (id integer PRIMARY KEY, filler text);
SELECT threefactor.create_event_trigger('tx', 't', 'https://example.com/');
CREATE VIEW seen AS SELECT operation, coalesce(new_row, old_row) ->> 'id' AS id FROM threefactor.events ORDER BY position;

BEGIN; INSERT INTO t VALUES (1); ROLLBACK;
BEGIN; INSERT INTO t VALUES (2); COMMIT;
INSERT INTO t VALUES (3), (2);  -- fails
SELECT * FROM seen; TRUNCATE threefactor.outbox;

BEGIN;
INSERT INTO t VALUES (10);
SAVEPOINT a;
INSERT INTO t VALUES (11);
SAVEPOINT b;
INSERT INTO t VALUES (12);
ROLLBACK TO b;
INSERT INTO t VALUES (13);
RELEASE b;
ROLLBACK TO a;
INSERT INTO t VALUES (14);
SAVEPOINT c;
INSERT INTO t VALUES (15);
RELEASE c;
COMMIT;
SELECT * FROM seen; TRUNCATE threefactor.outbox;

-- Exception blocks inside row triggers: the buffer holds events of the outer statement while subtransactions come and go.
CREATE FUNCTION nested() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.id >= 1000 THEN RETURN NULL; END IF;
  BEGIN
    INSERT INTO t VALUES (NEW.id + 1000);
    IF NEW.id % 2 = 0 THEN RAISE EXCEPTION 'no'; END IF;
  EXCEPTION WHEN raise_exception THEN NULL;
  END;
  RETURN NULL;
END $$;
CREATE TRIGGER nested AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION nested();
INSERT INTO t SELECT generate_series(20, 25);
SELECT id FROM t WHERE id > 1000 ORDER BY id;
SELECT * FROM seen; TRUNCATE threefactor.outbox;
-- The outer statement is in a subtransaction that fails at its end.
DO $$
BEGIN
  INSERT INTO t VALUES (30);
  BEGIN
    INSERT INTO t VALUES (31);
    INSERT INTO t VALUES (30);
  EXCEPTION WHEN unique_violation THEN
    INSERT INTO t VALUES (32);
  END;
END $$;
SELECT * FROM seen; TRUNCATE threefactor.outbox;
DROP TRIGGER nested ON t;

-- More than the buffer holds, in one statement and with subtransactions between.
INSERT INTO t SELECT i, repeat('x', 300) FROM generate_series(10000, 19999) AS i;
SELECT count(*), count(DISTINCT new_row ->> 'id') AS ids, bool_and(length(new_row ->> 'filler') = 300) AS whole,
       array_agg((new_row ->> 'id')::integer ORDER BY position) = array_agg(i ORDER BY i) AS in_order
  FROM threefactor.events JOIN generate_series(10000, 19999) AS i ON (new_row ->> 'id')::integer = i;
TRUNCATE threefactor.outbox;
CREATE FUNCTION tolerant() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  BEGIN
    PERFORM 1 / (NEW.id % 10);
  EXCEPTION WHEN division_by_zero THEN NULL;
  END;
  RETURN NULL;
END $$;
CREATE TRIGGER tolerant AFTER UPDATE ON t FOR EACH ROW EXECUTE FUNCTION tolerant();
UPDATE t SET filler = repeat('y', 300) WHERE id BETWEEN 10000 AND 19999;
SELECT count(*), count(DISTINCT new_row ->> 'id') AS ids FROM threefactor.events; TRUNCATE threefactor.outbox;
BEGIN;
SAVEPOINT s;
DELETE FROM t WHERE id BETWEEN 10000 AND 19999;
ROLLBACK TO s;
COMMIT;
SELECT * FROM seen;

-- Deferred triggers change rows just before the commit.
CREATE TABLE parent (id integer PRIMARY KEY);
CREATE FUNCTION late() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE t SET filler = 'late' WHERE id = 10; RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER late AFTER INSERT ON parent DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION late();
BEGIN; INSERT INTO parent VALUES (1); SELECT * FROM seen; COMMIT;
SELECT * FROM seen; TRUNCATE threefactor.outbox;
-- Cascades of foreign keys.
CREATE TABLE child (id integer PRIMARY KEY, parent integer REFERENCES parent ON DELETE CASCADE);
SELECT threefactor.create_event_trigger('child', 'child', 'https://example.com/');
INSERT INTO child VALUES (1, 1), (2, 1);
DELETE FROM parent;
SELECT * FROM seen; TRUNCATE threefactor.outbox;

-- Two phases.
BEGIN; INSERT INTO t VALUES (40); PREPARE TRANSACTION 'events';
SELECT * FROM seen;
COMMIT PREPARED 'events';
BEGIN; INSERT INTO t VALUES (41); PREPARE TRANSACTION 'none'; ROLLBACK PREPARED 'none';
SELECT * FROM seen; TRUNCATE threefactor.outbox;

-- A replica applies changes without making events.
SET session_replication_role = replica;
INSERT INTO t VALUES (50);
RESET session_replication_role;
SELECT * FROM seen;
-- A procedure that commits between.
CREATE PROCEDURE stepwise() LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO t VALUES (60); COMMIT;
  INSERT INTO t VALUES (61); ROLLBACK;
  INSERT INTO t VALUES (62);
END $$;
CALL stepwise();
SELECT * FROM seen; TRUNCATE threefactor.outbox;
-- The API inside a transaction with changes.
BEGIN;
INSERT INTO t VALUES (70);
SELECT threefactor.drop_event_trigger('tx');
INSERT INTO t VALUES (71);
COMMIT;
SELECT * FROM seen; TRUNCATE threefactor.outbox;
SELECT threefactor.drop_event_trigger('child');
SET client_min_messages = warning;
DROP SCHEMA tx CASCADE;
