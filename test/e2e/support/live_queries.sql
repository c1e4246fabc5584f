-- What the live queries of the tests read: every way in which a result can depend on a relation.
CREATE EXTENSION threefactor;
CREATE EXTENSION pg_stat_statements;

CREATE TABLE orders (id integer PRIMARY KEY, who integer NOT NULL, v text);
CREATE TABLE items (
  id serial PRIMARY KEY,
  order_id integer NOT NULL REFERENCES orders ON UPDATE CASCADE ON DELETE CASCADE,
  n integer NOT NULL
);

CREATE TABLE parts (id integer, k integer, v integer, PRIMARY KEY (id, k)) PARTITION BY LIST (k);
CREATE TABLE parts1 PARTITION OF parts FOR VALUES IN (1);
CREATE TABLE parts2 PARTITION OF parts FOR VALUES IN (2) PARTITION BY RANGE (id);
CREATE TABLE parts2_low PARTITION OF parts2 FOR VALUES FROM (0) TO (5);
CREATE TABLE parts2_high PARTITION OF parts2 FOR VALUES FROM (5) TO (100);

CREATE TABLE notes (id integer PRIMARY KEY, text text);
CREATE TABLE old_notes (PRIMARY KEY (id)) INHERITS (notes);

-- Written by a trigger alone.
CREATE TABLE journal (id bigserial PRIMARY KEY, removed integer NOT NULL);
CREATE FUNCTION note_removed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO journal (removed) SELECT count(*) FROM removed HAVING count(*) > 0;
  RETURN NULL;
END $$;
CREATE TRIGGER note_removed AFTER DELETE ON items REFERENCING OLD TABLE AS removed
  FOR EACH STATEMENT EXECUTE FUNCTION note_removed();

CREATE VIEW totals AS SELECT who, count(*) AS orders FROM orders GROUP BY who;
CREATE VIEW named AS SELECT id, who, v FROM orders WHERE v IS NOT NULL;
CREATE VIEW busiest AS SELECT t.who, t.orders FROM totals t ORDER BY t.orders DESC, t.who LIMIT 2;
CREATE FUNCTION number_of_items(of_order integer) RETURNS bigint STABLE LANGUAGE sql
BEGIN ATOMIC
  SELECT count(*) FROM items WHERE order_id = of_order;
END;
CREATE VIEW filled AS SELECT id, number_of_items(id) AS items FROM orders;
CREATE MATERIALIZED VIEW summary AS SELECT order_id, sum(n) AS n FROM items GROUP BY order_id;
CREATE UNIQUE INDEX ON summary (order_id);

-- Writes through a view whose rows are elsewhere.
CREATE VIEW inbox AS SELECT id, text FROM notes;
CREATE FUNCTION file_note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO old_notes VALUES (NEW.id, NEW.text) ON CONFLICT (id) DO UPDATE SET text = excluded.text;
  RETURN NEW;
END $$;
CREATE TRIGGER file_note INSTEAD OF INSERT ON inbox FOR EACH ROW EXECUTE FUNCTION file_note();

-- Commits in its middle.
CREATE PROCEDURE rename_in_steps(some_who integer, name text) LANGUAGE plpgsql AS $$
BEGIN
  UPDATE orders SET v = name || '-1' WHERE who = some_who;
  COMMIT;
  UPDATE items SET n = n + 1 WHERE order_id IN (SELECT id FROM orders WHERE who = some_who);
  ROLLBACK;
  UPDATE orders SET v = name || '-2' WHERE who = some_who AND id % 2 = 0;
END $$;

CREATE TABLE crowd (id integer PRIMARY KEY, v integer NOT NULL);
INSERT INTO crowd SELECT id, 0 FROM generate_series(1, 50) AS id;

CREATE TABLE popular (v integer);
INSERT INTO popular VALUES (0);

CREATE VIEW moving AS SELECT id FROM notes;

-- Its run can be met in the middle: the snapshot is taken, the result not yet told.
CREATE VIEW slow AS SELECT v FROM crowd CROSS JOIN pg_sleep(1) AS pause WHERE id = 1;

-- Partitions are root fields of their own only where they are tracked.
SELECT threefactor.track_table(t) FROM unnest('{parts1,parts2,parts2_low}'::regclass[]) AS t;
