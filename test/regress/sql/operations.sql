-- TRUNCATE, sessions that replicate, keys of order.
CREATE SCHEMA operations;
SET search_path = operations;
\set SHOW_CONTEXT never
TRUNCATE threefactor.outbox;
CREATE VIEW seen AS SELECT operation, table_name, event_triggers, old_row, new_row FROM threefactor.events ORDER BY position;
CREATE TABLE parent (id integer PRIMARY KEY);
CREATE TABLE child (id integer PRIMARY KEY, parent integer REFERENCES parent, note text);
SELECT threefactor.create_event_trigger('parents', 'parent', 'https://example.com/', operations => '{TRUNCATE}');
SELECT threefactor.create_event_trigger('children', 'child', 'https://example.com/', operations => '{INSERT,TRUNCATE}', payload => '{id}');
SELECT threefactor.create_event_trigger('emptied', 'child', 'https://example.com/', operations => '{TRUNCATE}', condition => 'NEW.id IS NULL');
SELECT threefactor.create_event_trigger('never', 'child', 'https://example.com/', operations => '{TRUNCATE}', condition => 'NEW.id > 0');
INSERT INTO parent VALUES (1);
INSERT INTO child VALUES (1, 1);
TRUNCATE child;
TRUNCATE child;
BEGIN; TRUNCATE child; TRUNCATE child; COMMIT;
BEGIN; TRUNCATE parent CASCADE; ROLLBACK;
TRUNCATE parent CASCADE;
SELECT * FROM seen; TRUNCATE threefactor.outbox;
SELECT count(threefactor.drop_event_trigger(name)) FROM threefactor.event_triggers;

-- Sessions that replicate make events only where they are asked for.
SELECT threefactor.create_event_trigger('origin', 'parent', 'https://example.com/');
SELECT threefactor.create_event_trigger('always', 'parent', 'https://example.com/', operations => '{INSERT,TRUNCATE}', on_replica => true);
INSERT INTO parent VALUES (1);
SET session_replication_role = replica;
INSERT INTO parent VALUES (2);
DELETE FROM parent WHERE id = 2;
TRUNCATE parent CASCADE;
RESET session_replication_role;
SELECT * FROM seen; TRUNCATE threefactor.outbox;
-- Partitions made before and after follow their table.
CREATE TABLE parted (id integer, at integer) PARTITION BY LIST (at);
CREATE TABLE parted_1 PARTITION OF parted FOR VALUES IN (1);
SELECT threefactor.create_event_trigger('parted', 'parted', 'https://example.com/', on_replica => true);
CREATE TABLE parted_2 PARTITION OF parted FOR VALUES IN (2);
SET session_replication_role = replica;
INSERT INTO parted VALUES (1, 1), (2, 2);
RESET session_replication_role;
SELECT * FROM seen; TRUNCATE threefactor.outbox;
SELECT count(threefactor.drop_event_trigger(name)) FROM threefactor.event_triggers;

-- Keys of order: equal for equal values of the new row (in a DELETE the old one), of each event trigger by its own columns.
CREATE COLLATION ignore_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE TABLE keyed (id integer PRIMARY KEY, name text COLLATE ignore_case, amount numeric, tags text[], j json);
CREATE VIEW keys AS SELECT position, operation, coalesce(new_row, old_row) AS row, order_keys, definitions FROM threefactor.outbox;
SELECT threefactor.create_event_trigger('by_name', 'keyed', 'https://example.com/', order_by => '{name}');
SELECT threefactor.create_event_trigger('unordered', 'keyed', 'https://example.com/');
SELECT threefactor.create_event_trigger('with_amount', 'keyed', 'https://example.com/', operations => '{UPDATE}', order_by => '{amount,tags}', columns => '{amount}');
INSERT INTO keyed VALUES (1, 'Anna', 1.0, '{a,b}'), (2, 'aNNA', 1.00, '{a,b}'), (3, 'Bob', NULL, NULL), (4, NULL, 1, NULL);
UPDATE keyed SET amount = CASE WHEN id % 2 = 0 THEN 2.0 ELSE 2 END;
DELETE FROM keyed;
-- As many keys as definitions, 0 for what has no order.
SELECT operation, cardinality(definitions), cardinality(order_keys), array_position(order_keys, 0) AS unordered, count(*)
  FROM keys GROUP BY 1, 2, 3, 4 ORDER BY 1;
-- Which ids have one key: of by_name (the first definition), and of with_amount (the third).
SELECT array_agg(DISTINCT (row ->> 'id')::integer) AS ids, count(*) FROM keys GROUP BY order_keys[1] ORDER BY 1;
SELECT array_agg(DISTINCT (row ->> 'id')::integer) AS ids, count(*) FROM keys WHERE operation = 'UPDATE' GROUP BY order_keys[3] ORDER BY 1;
TRUNCATE threefactor.outbox;
-- A column that is renamed takes no part from then on: all have one key. No ordered event trigger, no keys.
ALTER TABLE keyed RENAME COLUMN name TO called;
INSERT INTO keyed VALUES (5, 'x'), (6, 'y');
SELECT count(DISTINCT order_keys[1]), min(cardinality(order_keys)) FROM keys; TRUNCATE threefactor.outbox;
SELECT threefactor.drop_event_trigger('by_name');
INSERT INTO keyed VALUES (7, 'x');
SELECT order_keys FROM keys; TRUNCATE threefactor.outbox;
SELECT threefactor.create_event_trigger('bad', 'keyed', 'https://example.com/', order_by => '{id,j}');
SELECT threefactor.create_event_trigger('bad', 'keyed', 'https://example.com/', order_by => '{nothing}');
SELECT count(threefactor.drop_event_trigger(name)) FROM threefactor.event_triggers;
SET client_min_messages = warning;
DROP SCHEMA operations CASCADE;
