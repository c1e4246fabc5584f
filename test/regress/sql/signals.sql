-- What a watcher hears of.
CREATE SCHEMA signals;
SET search_path = signals;
SET synchronous_commit = off;
CREATE TABLE t (id integer PRIMARY KEY, n integer);
CREATE TABLE u (id integer PRIMARY KEY, t integer REFERENCES t ON DELETE CASCADE);
CREATE TABLE p (id integer) PARTITION BY LIST (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2);
CREATE TABLE parent (id integer);
CREATE TABLE child () INHERITS (parent);
CREATE MATERIALIZED VIEW m AS SELECT count(*) FROM t;
CREATE VIEW v AS SELECT * FROM t;
CREATE TEMP TABLE passing (id integer);

SELECT epoch, sequence AS place FROM threefactor.watch() \gset
SELECT * FROM threefactor.changes(:'epoch', :place);
-- What has happened since the last look; numbers relative to the place then.
PREPARE look AS SELECT c.sequence - $2 AS after, c.relation::regclass, c.kind FROM threefactor.changes($1, $2) AS c;
\set look 'EXECUTE look(:\'epoch\', :place); SELECT sequence AS place FROM threefactor.watch() \\gset'

INSERT INTO t VALUES (1, 1), (2, 2);
BEGIN; UPDATE t SET n = 3; INSERT INTO u VALUES (1, 1); UPDATE t SET n = 4; COMMIT;
:look
WITH d AS (DELETE FROM u RETURNING *) INSERT INTO u SELECT * FROM d;
DELETE FROM t WHERE id = 1;
:look
-- Nothing that counts.
BEGIN; UPDATE t SET n = 9; ROLLBACK;
UPDATE t SET n = 9 WHERE false;
SELECT * FROM t FOR UPDATE;
INSERT INTO passing VALUES (1);
CREATE TEMP TABLE passing2 AS SELECT 1 AS x;
DROP TABLE passing2;
EXPLAIN (COSTS OFF) UPDATE t SET n = 9;
:look
EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) UPDATE t SET n = 10;
UPDATE v SET n = 11;
COPY t FROM stdin;
5	5
\.
COPY t TO stdout;
:look
INSERT INTO p VALUES (1), (2);
INSERT INTO p1 VALUES (1);
INSERT INTO child VALUES (1);
UPDATE parent SET id = 2;
:look
TRUNCATE u;
TRUNCATE t CASCADE;
REFRESH MATERIALIZED VIEW m;
:look
-- DDL.
ALTER TABLE t ADD COLUMN x integer;
CREATE VIEW w AS SELECT 1;
GRANT SELECT ON t TO PUBLIC;
BEGIN; DROP TABLE u; ROLLBACK;
:look
-- Two phases: whatever it was.
BEGIN; INSERT INTO t VALUES (7, 7); PREPARE TRANSACTION 'signals';
:look
COMMIT PREPARED 'signals';
:look
-- Savepoints, replica role, tables of the extension.
BEGIN; SAVEPOINT s; INSERT INTO t VALUES (8, 8); ROLLBACK TO s; INSERT INTO p VALUES (1); COMMIT;
SET session_replication_role = replica; INSERT INTO t VALUES (8, 8); RESET session_replication_role;
TRUNCATE threefactor.outbox;
:look
-- More relations than one transaction can list.
DO $$ BEGIN FOR i IN 1..70 LOOP EXECUTE format('CREATE TABLE many_%s (id integer)', i); END LOOP; END $$;
SELECT sequence AS place FROM threefactor.watch() \gset
DO $$ BEGIN FOR i IN 1..70 LOOP EXECUTE format('INSERT INTO many_%s VALUES (1)', i); END LOOP; END $$;
:look
-- More changes than the ring holds, and places that cannot be.
DO $$ BEGIN FOR i IN 1..4100 LOOP UPDATE t SET n = i WHERE id = 7; COMMIT; END LOOP; END $$;
:look
DO $$ BEGIN FOR i IN 1..4000 LOOP UPDATE t SET n = i WHERE id = 7; COMMIT; END LOOP; END $$;
SELECT count(*), max(sequence) - :place AS newest, min(kind) AS kind FROM threefactor.changes(:'epoch', :place);
SELECT kind FROM threefactor.changes('1', :place);
SELECT kind FROM threefactor.changes(:'epoch', :place + 100000);
SELECT kind FROM threefactor.changes(:'epoch', -1);
SELECT * FROM threefactor.changes(NULL, 1);
SET client_min_messages = warning;
DROP SCHEMA signals CASCADE;
-- A connection that did not watch cannot know what it missed.
\c -
SELECT kind FROM threefactor.changes(:'epoch', :place);
SELECT epoch, sequence AS place FROM threefactor.watch() \gset
SELECT kind FROM threefactor.changes(:'epoch', :place);
