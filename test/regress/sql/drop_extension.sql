-- The extension can be dropped with everything it made, and made again, under the feet of a session that uses it.
CREATE SCHEMA dropping;
SET search_path = dropping;
CREATE TABLE t (id integer PRIMARY KEY);
SELECT threefactor.create_event_trigger('t', 't', 'https://example.com/');
INSERT INTO t VALUES (1);
SELECT count(*) FROM threefactor.watch();
DROP EXTENSION threefactor;
\d t
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
