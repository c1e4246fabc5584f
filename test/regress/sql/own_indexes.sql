-- Indexes of a DBA's own on the outbox, of all methods. Sessions that write keep a description of the indexes: they must neither
-- use what went away with the index that was open when it was made, nor miss an entry.
CREATE TABLE indexed (id integer PRIMARY KEY);
SELECT threefactor.create_event_trigger('indexed', 'indexed', 'http://127.0.0.1:1/');
CREATE FUNCTION id_of(value json) RETURNS integer LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN substring(value->>'id' FROM '^\d{1,9}$'); END $$;
INSERT INTO indexed VALUES (1);

CREATE INDEX own_gin ON threefactor.outbox_0 USING gin (definitions);
CREATE INDEX own_gist ON threefactor.outbox_0 USING gist (to_tsvector('simple', table_name));
CREATE INDEX own_brin ON threefactor.outbox_0 USING brin (position) WITH (pages_per_range = 1);
CREATE INDEX own_hash ON threefactor.outbox_0 USING hash (event_id);
CREATE INDEX own_expression ON threefactor.outbox_0 (id_of(new_row));
CREATE INDEX own_predicate ON threefactor.outbox_0 (created_at) WHERE operation = 'INSERT' AND id_of(new_row) > 1;
INSERT INTO indexed VALUES (2);
INSERT INTO indexed SELECT generate_series(3, 300);
-- The caches of all sessions drop the indexes, and others take their place in memory.
ALTER INDEX threefactor.own_gin SET (fastupdate = off);
ALTER INDEX threefactor.own_gist SET (fillfactor = 80);
ALTER INDEX threefactor.own_brin SET (autosummarize = off);
CREATE TABLE another (a integer PRIMARY KEY, b text UNIQUE);
INSERT INTO another VALUES (1, '1');
INSERT INTO indexed VALUES (301);
INSERT INTO indexed SELECT generate_series(302, 600);
-- What a function of an index does changes from one statement to the next.
CREATE OR REPLACE FUNCTION id_of(value json) RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT substring(value->>'id' FROM '^\d{1,9}$')::integer $$;
INSERT INTO indexed VALUES (601);

SET enable_seqscan = off;
SELECT count(*) FROM threefactor.outbox_0 WHERE definitions @> ARRAY[(SELECT max(definition_id) FROM threefactor.definition)] AND table_name = 'indexed';
SELECT count(*) FROM threefactor.outbox_0 WHERE to_tsvector('simple', table_name) @@ 'indexed';
SELECT count(*) FROM threefactor.outbox_0 WHERE position > 0 AND table_name = 'indexed';
SELECT count(*) FROM threefactor.outbox_0 AS a WHERE EXISTS (SELECT FROM threefactor.outbox_0 AS b WHERE b.event_id = a.event_id) AND table_name = 'indexed';
SELECT count(*) FROM threefactor.outbox_0 WHERE id_of(new_row) BETWEEN 1 AND 1000 AND table_name = 'indexed';
SELECT count(*) FROM threefactor.outbox_0 WHERE created_at > '2000-1-1' AND operation = 'INSERT' AND id_of(new_row) > 1 AND table_name = 'indexed';
RESET enable_seqscan;

-- One that refuses rows fails the writer, who goes on; nothing of it remains.
CREATE UNIQUE INDEX own_unique ON threefactor.outbox_0 (operation) WHERE operation = 'DELETE' AND table_name = 'indexed';
INSERT INTO indexed VALUES (1001);
BEGIN;
DELETE FROM indexed WHERE id = 1;
SAVEPOINT before;
DELETE FROM indexed WHERE id IN (2, 1001);
ROLLBACK TO before;
INSERT INTO indexed SELECT generate_series(2001, 2300);
SAVEPOINT before;
DELETE FROM indexed WHERE id BETWEEN 2200 AND 2250;
ROLLBACK TO before;
INSERT INTO indexed VALUES (2301);
COMMIT;
SELECT operation, count(*) FROM threefactor.outbox_0 WHERE table_name = 'indexed' GROUP BY operation ORDER BY operation;

DROP INDEX threefactor.own_gin, threefactor.own_gist, threefactor.own_brin, threefactor.own_hash, threefactor.own_expression,
           threefactor.own_predicate, threefactor.own_unique;
INSERT INTO indexed VALUES (3001);
DROP TABLE indexed, another;
DROP FUNCTION id_of;
SELECT threefactor.drop_event_trigger('indexed');
