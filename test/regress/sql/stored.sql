-- Rows of the outbox are written without heap_form_tuple (extension/outbox/tuple.hpp): they, and their index entries, must be
-- what Postgres would have made.
CREATE EXTENSION amcheck;
CREATE TABLE stored (id integer PRIMARY KEY, name text, large text);
ALTER TABLE stored ALTER large SET STORAGE EXTERNAL;
SELECT threefactor.create_event_trigger(name => 'stored_' || kind, relation => 'stored', webhook => 'http://127.0.0.1:1/' || kind,
                                        order_by => CASE kind WHEN 'ordered' THEN '{id}'::text[] END)
  FROM unnest('{plain,ordered}'::text[]) AS kind;
-- Lengths around those at which a value's header grows, it is compressed, or stored elsewhere; one row, and a page of them.
INSERT INTO stored SELECT n, repeat('x', n) FROM generate_series(1, 300) AS n;
INSERT INTO stored VALUES (1001, 'y', repeat('z', 10000));
SET hasura."user" = '{"x-hasura-role": "writer"}';
SET hasura.tracecontext = '{"trace_id": "1", "span_id": "2"}';
UPDATE stored SET name = name || '!' WHERE id > 298;
UPDATE stored SET large = (SELECT string_agg(md5(n::text), '') FROM generate_series(1, 1000) AS n) WHERE id = 300;
DELETE FROM stored WHERE id < 3;
SELECT threefactor.emit('nobody-listens', '{}') IS NOT NULL AS emitted;
RESET hasura."user";
RESET hasura.tracecontext;

SELECT c.relname, v.* FROM pg_class AS c, verify_heapam(c.oid) AS v WHERE c.oid IN (SELECT relid FROM pg_partition_tree('threefactor.outbox') WHERE isleaf);
SELECT count(bt_index_check(relid, heapallindexed => true)) > 0 AS checked FROM pg_partition_tree('threefactor.outbox_xid_position') WHERE isleaf;

-- The same rows, stored by Postgres.
CREATE TABLE copied AS SELECT * FROM threefactor.outbox;
SELECT count(*) = 0 AS same FROM (
  SELECT o::text, pg_column_size(o.definitions), pg_column_size(o.operation), pg_column_size(o.table_name), pg_column_size(o.old_row),
         pg_column_size(o.new_row), pg_column_size(o.session_variables), pg_column_size(o.order_keys) FROM threefactor.outbox AS o
  EXCEPT
  SELECT c::text, pg_column_size(c.definitions), pg_column_size(c.operation), pg_column_size(c.table_name), pg_column_size(c.old_row),
         pg_column_size(c.new_row), pg_column_size(c.session_variables), pg_column_size(c.order_keys) FROM copied AS c) AS differing;
SELECT count(*) > 300 AS rows, count(*) FILTER (WHERE definitions = '{}') AS without_definition,
       count(*) FILTER (WHERE order_keys IS NOT NULL) > 300 AS with_keys, max(length(new_row::text)) > 30000 AS large
  FROM threefactor.outbox WHERE table_name IN ('stored', 'nobody-listens');

-- A crash leaves pages of zeros at the end of an index that was being extended.
DO $$
BEGIN
  EXECUTE format('COPY (SELECT) TO PROGRAM %L', format('cat > /dev/null; truncate --size=+8192 %I/%I', current_setting('data_directory'),
                                                       pg_relation_filepath('threefactor.outbox_0_xid_position_idx')));
END $$;
\c -
INSERT INTO stored SELECT n, 'z' FROM generate_series(2001, 2003) AS n;
SELECT count(*) FROM threefactor.outbox WHERE new_row->>'name' = 'z';

DROP TABLE copied, stored;
SELECT threefactor.drop_event_trigger(name) FROM threefactor.event_triggers WHERE name LIKE 'stored%';
DROP EXTENSION amcheck;
