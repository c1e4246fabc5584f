-- Tables that are partitioned, renamed, altered or dropped.
CREATE SCHEMA tables;
SET search_path = tables;
TRUNCATE threefactor.outbox;
CREATE VIEW seen AS
  SELECT operation, table_schema || '.' || table_name AS relation, event_triggers, old_row, new_row FROM threefactor.events ORDER BY position;

-- Partitions: events are the partitioned table's. Columns may have other numbers in a partition.
CREATE TABLE measured (at date NOT NULL, value integer, note text) PARTITION BY RANGE (at);
CREATE TABLE measured_old PARTITION OF measured FOR VALUES FROM ('2000-01-01') TO ('2020-01-01');
CREATE TABLE measured_new (dropped integer, note text, at date NOT NULL, value integer);
ALTER TABLE measured_new DROP COLUMN dropped;
ALTER TABLE measured ATTACH PARTITION measured_new FOR VALUES FROM ('2020-01-01') TO ('2040-01-01');
SELECT threefactor.create_event_trigger('measured', 'measured', 'https://example.com/', payload => '{at,value}',
  condition => 'NEW.value > 0 OR OLD.value > 0');
CREATE TABLE measured_later PARTITION OF measured FOR VALUES FROM ('2040-01-01') TO ('2060-01-01');
INSERT INTO measured VALUES ('2010-01-01', 1), ('2030-01-01', 2), ('2050-01-01', 3), ('2050-01-01', -1);
INSERT INTO measured_new VALUES ('direct', '2031-01-01', 4);
UPDATE measured SET value = value + 10 WHERE value = 2;
SELECT * FROM seen; TRUNCATE threefactor.outbox;
-- A row that moves to another partition is updated, too.
UPDATE measured SET at = '2015-01-01' WHERE value = 3;
SELECT * FROM seen; TRUNCATE threefactor.outbox;
SELECT threefactor.drop_event_trigger('measured');

-- Event triggers of a partition, of its parent and of that one's parent: each says the table that it was made on, always. (In the
-- order of their names, which is that of their firing: also where those of another table fire between.)
CREATE TABLE deep (id integer, at integer, note text) PARTITION BY LIST (at);
CREATE TABLE deep_1 (note text, at integer, id integer) PARTITION BY LIST (at);
ALTER TABLE deep ATTACH PARTITION deep_1 FOR VALUES IN (1, 2);
CREATE TABLE deep_1_1 PARTITION OF deep_1 FOR VALUES IN (1);
CREATE TABLE deep_1_2 PARTITION OF deep_1 FOR VALUES IN (2);
SELECT count(threefactor.create_event_trigger(name, relation::regclass, 'https://example.com/', payload => payload::text[]))
  FROM (VALUES ('a_leaf', 'deep_1_1', NULL), ('b_root', 'deep', '{id}'), ('c_middle', 'deep_1', NULL), ('d_leaf', 'deep_1_1', '{note}'),
               ('e_middle', 'deep_1', '{at}'), ('f_root', 'deep', '{id,note}')) AS t (name, relation, payload);
INSERT INTO deep VALUES (1, 1, 'x');
UPDATE deep SET note = 'y';
DELETE FROM deep_1_1;
SELECT * FROM seen; TRUNCATE threefactor.outbox;
-- A move is an UPDATE of the root; from and to those that are partitions themselves, a row goes and comes.
INSERT INTO deep VALUES (2, 1, 'x');
TRUNCATE threefactor.outbox;
UPDATE deep SET at = 2;
SELECT * FROM seen; TRUNCATE threefactor.outbox;
-- Likewise where one side is alone.
SELECT count(threefactor.drop_event_trigger(name)) FROM threefactor.event_triggers WHERE name LIKE '%_root';
INSERT INTO deep VALUES (3, 1, 'x');
SELECT relation, event_triggers FROM seen; TRUNCATE threefactor.outbox;
SELECT count(threefactor.drop_event_trigger(name)) FROM threefactor.event_triggers;

-- Names are those at the time of the change.
CREATE TABLE t (id integer PRIMARY KEY, a integer, b integer);
SELECT threefactor.create_event_trigger('t', 't', 'https://example.com/');
SELECT threefactor.create_event_trigger('chosen', 't', 'https://example.com/', payload => '{a,b}');
INSERT INTO t VALUES (1, 2, 3);
ALTER TABLE t RENAME TO renamed;
INSERT INTO renamed VALUES (2, 2, 3);
ALTER SCHEMA tables RENAME TO tables2;
SET search_path = tables2;
INSERT INTO renamed VALUES (3, 2, 3);
ALTER TABLE renamed ADD COLUMN c text DEFAULT 'added';
UPDATE renamed SET a = 20 WHERE id = 1;
ALTER TABLE renamed DROP COLUMN a;
UPDATE renamed SET b = 30 WHERE id = 1;
ALTER TABLE renamed ALTER COLUMN b TYPE text;
UPDATE renamed SET b = 'forty' WHERE id = 1;
SELECT * FROM seen;
-- Pending events outlive their table, and the event trigger can still be dropped.
DROP TABLE renamed;
SELECT operation, relation, event_triggers FROM seen LIMIT 1;
SELECT name, relation FROM threefactor.event_triggers;
SELECT threefactor.invoke('t', '{}') IS NOT NULL AS invoked;
SELECT threefactor.drop_event_trigger('t');
CREATE TABLE t (id integer);
SELECT threefactor.create_event_trigger('chosen', 't', 'https://example.com/', replace => true);
INSERT INTO t VALUES (1);
TRUNCATE threefactor.outbox;
-- All chosen columns are gone.
SELECT threefactor.create_event_trigger('chosen', 't', 'https://example.com/', payload => '{id}', replace => true);
ALTER TABLE t RENAME COLUMN id TO key;
INSERT INTO t VALUES (1);
SELECT * FROM seen; TRUNCATE threefactor.outbox;
SELECT threefactor.drop_event_trigger('chosen');
-- Values of types without equality are compared by their bytes.
CREATE TABLE odd (id integer, j json, p point);
SELECT threefactor.create_event_trigger('odd', 'odd', 'https://example.com/');
SELECT threefactor.create_event_trigger('odd_column', 'odd', 'https://example.com/', columns => '{j}', operations => '{UPDATE}');
INSERT INTO odd VALUES (1, '{}', '(1,2)');
UPDATE odd SET id = 1;
UPDATE odd SET p = '(1,3)';
UPDATE odd SET j = '[]';
UPDATE odd SET j = NULL;
SELECT operation, event_triggers, new_row FROM seen; TRUNCATE threefactor.outbox;
SELECT count(threefactor.drop_event_trigger(name)) FROM threefactor.event_triggers;
-- Rows of an odd kind: no columns, only dropped ones, a column name that needs escaping.
CREATE TABLE nothing ();
CREATE TABLE names ("a ""b""\" integer, "SELECT" integer);
SELECT threefactor.create_event_trigger('nothing', 'nothing', 'https://example.com/', operations => '{INSERT}');
SELECT threefactor.create_event_trigger('names', 'names', 'https://example.com/', columns => ARRAY['a "b"\'], payload => ARRAY['SELECT', 'a "b"\']);
INSERT INTO nothing DEFAULT VALUES;
INSERT INTO names VALUES (1, 2);
UPDATE names SET "SELECT" = 3;
UPDATE names SET "a ""b""\" = 3;
SELECT operation, event_triggers, old_row, new_row FROM seen; TRUNCATE threefactor.outbox;
SELECT count(threefactor.drop_event_trigger(name)) FROM threefactor.event_triggers;
SET client_min_messages = warning;
DROP SCHEMA tables2 CASCADE;
