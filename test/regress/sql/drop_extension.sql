-- The extension can be dropped with everything it made, and made again, under the feet of a session that uses it.
CREATE SCHEMA dropping;
SET search_path = dropping;
CREATE TABLE t (id integer PRIMARY KEY);
SELECT threefactor.create_event_trigger('t', 't', 'https://example.com/');
-- Its triggers also depend on functions of the extension; those of partitions on other triggers.
CREATE TABLE parted (id integer, at integer) PARTITION BY LIST (at);
CREATE TABLE parted_1 PARTITION OF parted FOR VALUES IN (1);
SELECT threefactor.create_event_trigger('parted', 'parted', 'https://example.com/', condition => '1 / NEW.id > 0');
INSERT INTO t VALUES (1);
SELECT count(*) FROM threefactor.watch();
DROP EXTENSION threefactor;
\d t
SELECT count(*) AS triggers_left FROM pg_trigger WHERE tgname LIKE '00\_threefactor%';
INSERT INTO t VALUES (2);
BEGIN;
CREATE EXTENSION threefactor;
SELECT threefactor.create_event_trigger('t', 't', 'https://example.com/');
INSERT INTO t VALUES (3);
SELECT new_row FROM threefactor.events;
ROLLBACK;
INSERT INTO t VALUES (4);
CREATE EXTENSION threefactor;
SELECT threefactor.create_event_trigger('t', 't', 'https://example.com/');
INSERT INTO t VALUES (5);
SELECT event_triggers, new_row FROM threefactor.events;
DROP EXTENSION threefactor;
CREATE EXTENSION threefactor;
SELECT count(*) FROM threefactor.event_triggers;
SET client_min_messages = warning;
DROP SCHEMA dropping CASCADE;
