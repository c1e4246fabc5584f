-- An UPDATE that moves a row to another partition is one UPDATE of the partitioned table.
CREATE SCHEMA moves;
SET search_path = moves;
TRUNCATE threefactor.outbox;
CREATE VIEW seen AS SELECT operation, table_name, event_triggers, old_row, new_row FROM threefactor.events ORDER BY position;
CREATE TABLE place (id integer, region text, note text) PARTITION BY LIST (region);
CREATE TABLE place_eu PARTITION OF place FOR VALUES IN ('eu');
-- Another order of columns, one that is gone; partitions of partitions.
CREATE TABLE place_us (gone integer, note text, region text, id integer);
ALTER TABLE place_us DROP COLUMN gone;
CREATE TABLE place_asia (id integer, region text, note text) PARTITION BY LIST (region);
CREATE TABLE place_jp PARTITION OF place_asia FOR VALUES IN ('jp');
CREATE TABLE place_kr PARTITION OF place_asia FOR VALUES IN ('kr');
SELECT threefactor.create_event_trigger('every', 'place', 'https://example.com/');
SELECT threefactor.create_event_trigger('updates', 'place', 'https://example.com/', operations => '{UPDATE}', columns => '{region}', payload => '{id,region}');
SELECT threefactor.create_event_trigger('to_us', 'place', 'https://example.com/', condition => 'NEW.region = ''us'' AND OLD.region <> ''us''');
SELECT threefactor.create_event_trigger('inserts', 'place', 'https://example.com/', operations => '{INSERT}');
SELECT threefactor.create_event_trigger('deletes', 'place', 'https://example.com/', operations => '{DELETE}');
SELECT threefactor.create_event_trigger('new_us', 'place', 'https://example.com/', operations => '{INSERT,DELETE}', condition => 'NEW.region = ''us'' OR OLD.region = ''us''');
ALTER TABLE place ATTACH PARTITION place_us FOR VALUES IN ('us');
ALTER TABLE place ATTACH PARTITION place_asia FOR VALUES IN ('jp', 'kr');
INSERT INTO place VALUES (1, 'eu', 'a'), (2, 'us', 'b'), (3, 'jp', 'c');
UPDATE place SET note = 'd' WHERE id = 1;
DELETE FROM place WHERE id = 3;
SELECT * FROM seen; TRUNCATE threefactor.outbox;
UPDATE place SET region = 'us' WHERE id = 1;
UPDATE place SET region = CASE region WHEN 'us' THEN 'jp' ELSE 'us' END, note = 'e';
SELECT * FROM seen; TRUNCATE threefactor.outbox;
UPDATE place_asia SET region = 'kr' WHERE id = 1;
-- Rows that move, and rows that come and go, in one statement.
MERGE INTO place USING (VALUES (1, 'eu'), (5, 'us'), (2, NULL)) AS v (id, region) ON place.id = v.id
  WHEN MATCHED AND v.region IS NULL THEN DELETE
  WHEN MATCHED THEN UPDATE SET region = v.region WHEN NOT MATCHED THEN INSERT VALUES (v.id, v.region, 'merged');
WITH moved AS (UPDATE place SET region = 'kr' RETURNING *) INSERT INTO place SELECT id + 10, 'us', note FROM moved;
SELECT operation, event_triggers, old_row ->> 'region' AS old, new_row ->> 'region' AS new, coalesce(new_row, old_row) ->> 'id' AS id FROM seen;
TRUNCATE threefactor.outbox;

-- Triggers between the two halves that write to the same table; a move that is undone.
CREATE FUNCTION echo() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.note = 'echo' THEN
    INSERT INTO place VALUES (OLD.id + 100, 'us', 'echoed');
    UPDATE place SET region = 'jp' WHERE id = OLD.id + 100;
    BEGIN
      UPDATE place SET region = 'eu' WHERE id = OLD.id + 100;
      RAISE EXCEPTION 'undone';
    EXCEPTION WHEN raise_exception THEN NULL;
    END;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER echo AFTER DELETE ON place FOR EACH ROW EXECUTE FUNCTION echo();
TRUNCATE place;
INSERT INTO place VALUES (1, 'eu', 'echo'), (2, 'eu', 'x');
TRUNCATE threefactor.outbox;
BEGIN;
UPDATE place SET region = 'us';
SAVEPOINT s;
UPDATE place SET region = 'kr';
ROLLBACK TO s;
INSERT INTO place VALUES (7, 'us', 'after');
COMMIT;
SELECT operation, event_triggers, old_row ->> 'region' AS old, new_row ->> 'region' AS new, coalesce(new_row, old_row) ->> 'id' AS id FROM seen;
TRUNCATE threefactor.outbox;
DROP TRIGGER echo ON place;
-- The row does not arrive: a later row is not taken for it.
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE TRIGGER refuse BEFORE INSERT ON place_jp FOR EACH ROW EXECUTE FUNCTION refuse();
UPDATE place SET region = 'jp' WHERE id = 7;
INSERT INTO place VALUES (8, 'eu', 'later');
SELECT operation, event_triggers, coalesce(new_row, old_row) ->> 'id' AS id FROM seen; TRUNCATE threefactor.outbox;
DROP TRIGGER refuse ON place_jp;
-- Triggers of version 0.1 with a condition: as then, a DELETE where the row leaves and an INSERT where it arrives.
\set ECHO none
\i test/support/event_trigger_0_1.sql
\set ECHO all
CALL create_event_trigger_0_1('old', 'place', 'https://example.com/', '{id}', 'NEW.id > 0', '{}', '{}');
UPDATE place SET region = 'eu' WHERE id = 2;
SELECT operation, event_triggers, coalesce(new_row, old_row) ->> 'id' AS id FROM seen; TRUNCATE threefactor.outbox;
SELECT threefactor.drop_event_trigger('old');
-- Many at once; the condition's error names its event trigger; a partition's own event trigger sees rows come and go.
INSERT INTO place SELECT i, 'eu', 'many' FROM generate_series(1000, 2999) AS i;
TRUNCATE threefactor.outbox;
UPDATE place SET region = 'us', id = id + 10000 WHERE id >= 1000;
SELECT operation, event_triggers, count(*), count(DISTINCT new_row ->> 'id') AS ids, bool_and((old_row ->> 'id')::integer + 10000 = (new_row ->> 'id')::integer) AS pairs
  FROM seen GROUP BY 1, 2;
TRUNCATE threefactor.outbox;
SELECT threefactor.create_event_trigger('to_us', 'place', 'https://example.com/', operations => '{UPDATE}', condition => '1 / (NEW.id - 1) > 0', replace => true);
SELECT threefactor.create_event_trigger('leaf', 'place_eu', 'https://example.com/');
UPDATE place SET region = 'kr' WHERE id = 1;
UPDATE place SET region = 'us' WHERE id = 8;
SELECT operation, table_name, event_triggers, coalesce(new_row, old_row) ->> 'id' AS id FROM seen; TRUNCATE threefactor.outbox;
SELECT count(threefactor.drop_event_trigger(name)) FROM threefactor.event_triggers;
SELECT count(*) AS triggers_left FROM pg_trigger WHERE tgname LIKE '00\_threefactor%';
SET client_min_messages = warning;
DROP SCHEMA moves CASCADE;
