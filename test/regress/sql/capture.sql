-- Which changes become events, and with what.
CREATE SCHEMA capture;
SET search_path = capture;
TRUNCATE threefactor.outbox;
CREATE TABLE orders (order_id text PRIMARY KEY, address text NOT NULL, approved boolean NOT NULL DEFAULT false, paid boolean, amount numeric);
SELECT threefactor.create_event_trigger('every', 'orders', 'https://example.com/');
SELECT threefactor.create_event_trigger('approved', 'orders', 'https://example.com/',
  condition => 'NEW.approved AND OLD.approved IS NOT TRUE', payload => '{order_id,approved}');
SELECT threefactor.create_event_trigger('paid', 'orders', 'https://example.com/', operations => '{UPDATE}', columns => '{paid,amount}',
  payload => '{paid}');
CREATE VIEW seen AS
  SELECT operation, table_schema || '.' || table_name AS relation, event_triggers, old_row, new_row FROM threefactor.events ORDER BY position;

INSERT INTO orders VALUES ('1', 'a "street"', false, NULL, 1.50), ('2', E'b\n', true, false, 2);
SELECT * FROM seen; TRUNCATE threefactor.outbox;
-- Nothing changed: no event. Equal values of another spelling: no change.
UPDATE orders SET address = address;
UPDATE orders SET amount = '1.5' WHERE order_id = '1';
SELECT * FROM seen; TRUNCATE threefactor.outbox;
-- One event for all the event triggers that match.
UPDATE orders SET approved = true, amount = 3;
SELECT * FROM seen; TRUNCATE threefactor.outbox;
UPDATE orders SET address = 'c' WHERE order_id = '1';
DELETE FROM orders WHERE order_id = '1';
SELECT * FROM seen; TRUNCATE threefactor.outbox;
-- A change twice in one statement's transaction is two events; upsert; CTE; MERGE; order of change.
WITH moved AS (DELETE FROM orders RETURNING *) INSERT INTO orders SELECT order_id, 'moved', approved, paid, amount FROM moved;
TRUNCATE orders;
INSERT INTO orders VALUES ('3', 'x') ON CONFLICT (order_id) DO UPDATE SET address = excluded.address;
INSERT INTO orders VALUES ('3', 'y') ON CONFLICT (order_id) DO UPDATE SET address = excluded.address;
INSERT INTO orders VALUES ('3', 'z') ON CONFLICT DO NOTHING;
MERGE INTO orders USING (VALUES ('3', 'm'), ('4', 'n')) AS v (id, address) ON order_id = v.id
  WHEN MATCHED THEN UPDATE SET address = v.address WHEN NOT MATCHED THEN INSERT VALUES (v.id, v.address);
SELECT operation, new_row ->> 'order_id' AS new_id, new_row ->> 'address' AS address FROM seen; TRUNCATE threefactor.outbox;
COPY orders (order_id, address) FROM stdin;
5	copied
6	copied too
\.
SELECT operation, new_row ->> 'order_id' AS id, new_row ->> 'address' AS address FROM seen; TRUNCATE threefactor.outbox;

-- Payloads of event triggers that match the same change: their union, in the table's order.
SELECT threefactor.create_event_trigger('every', 'orders', 'https://example.com/', operations => '{UPDATE}', payload => '{amount,order_id}', replace => true);
UPDATE orders SET amount = 1 WHERE order_id = '5';
UPDATE orders SET approved = true, amount = 2 WHERE order_id = '5';
SELECT * FROM seen; TRUNCATE threefactor.outbox;

-- Who acts, and in which trace; what is not JSON is ignored.
SET hasura."user" = '{"x-hasura-role": "user"}';
SET hasura.tracecontext = '{"trace_id": "1"}';
UPDATE orders SET amount = 5 WHERE order_id = '5';
UPDATE orders SET amount = 5.5 WHERE order_id = '5';
SET hasura."user" = 'not json';
SET hasura.tracecontext = '';
UPDATE orders SET amount = 6 WHERE order_id = '5';
SELECT set_config('hasura.user', repeat('[', 100000), false) IS NULL AS no;
UPDATE orders SET amount = 7 WHERE order_id = '5';
RESET hasura."user";
SELECT new_row ->> 'amount' AS amount, session_variables, trace_context FROM threefactor.events ORDER BY position; TRUNCATE threefactor.outbox;

-- A payload past the limit leaves a marker, and the write works.
SET threefactor.max_payload_size = '1kB';
UPDATE orders SET amount = 10, address = repeat('x', 2000) WHERE order_id = '5';
SELECT threefactor.create_event_trigger('every', 'orders', 'https://example.com/', replace => true);
UPDATE orders SET address = repeat('y', 2000) WHERE order_id = '5';
INSERT INTO orders VALUES ('big', repeat('"', 600));
SELECT operation, old_row, new_row FROM seen; TRUNCATE threefactor.outbox;
-- The old and the new row are judged each by itself, by the size of its own JSON.
CREATE TABLE sized (id integer PRIMARY KEY, fixed text, changing text);
SELECT threefactor.create_event_trigger('sized', 'sized', 'https://example.com/');
CREATE VIEW sizes AS
  SELECT operation, CASE WHEN old_row::text LIKE '{"threefactor_omitted": true%' THEN old_row ->> 'bytes' ELSE 'kept ' || octet_length(old_row::text) END AS old,
         CASE WHEN new_row::text LIKE '{"threefactor_omitted": true%' THEN new_row ->> 'bytes' ELSE 'kept ' || octet_length(new_row::text) END AS new
    FROM threefactor.events WHERE table_name = 'sized' ORDER BY position;
-- Small to large, large to small, large to large, small beside what does not change, both below the limit, and above it together.
INSERT INTO sized VALUES (1, 'é', 'small'), (2, repeat('f', 700), '');
TRUNCATE threefactor.outbox;
CREATE TABLE expected (old text, new text);
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO expected VALUES (octet_length(row_to_json(OLD)::text), octet_length(row_to_json(NEW)::text));
  RETURN NULL;
END $$;
CREATE TRIGGER note AFTER UPDATE OR DELETE ON sized FOR EACH ROW EXECUTE FUNCTION note();
UPDATE sized SET changing = repeat(E'l"\n', 300) WHERE id = 1;
UPDATE sized SET changing = repeat('x', 1900) WHERE id = 1;
UPDATE sized SET changing = 'small' WHERE id = 1;
UPDATE sized SET changing = repeat('c', 200) WHERE id = 2;
UPDATE sized SET changing = repeat('d', 400) WHERE id = 2;
UPDATE sized SET changing = repeat('e', 200) WHERE id = 2;
UPDATE sized SET fixed = repeat('g', 900), changing = '' WHERE id = 2;
UPDATE sized SET id = 3, fixed = repeat('h', 900) WHERE id = 2;
DELETE FROM sized WHERE id = 1;
UPDATE sized SET fixed = repeat('g', 2000);
DELETE FROM sized;
SELECT s.*, regexp_replace(s.old, 'kept ', '') = e.old AND regexp_replace(s.new, 'kept ', '') IS NOT DISTINCT FROM e.new AS right FROM
  (SELECT row_number() OVER () AS n, * FROM sizes) AS s JOIN (SELECT row_number() OVER () AS n, * FROM expected) AS e USING (n) ORDER BY n;
-- What is kept is whole.
SELECT operation, old_row FROM threefactor.events WHERE table_name = 'sized' AND old_row ->> 'changing' = 'small';
TRUNCATE threefactor.outbox;
-- Values that are larger than the limit are not read.
CREATE TABLE large (id integer, t text, b bytea, j json, doc jsonb);
SELECT threefactor.create_event_trigger('large', 'large', 'https://example.com/');
INSERT INTO large VALUES (1, repeat('t', 3000)), (2, NULL), (3, NULL), (4, NULL);
UPDATE large SET b = convert_to(repeat('b', 2000), 'UTF8') WHERE id = 2;
UPDATE large SET j = to_json(repeat('j', 2000)) WHERE id = 3;
UPDATE large SET doc = jsonb_build_array(repeat('d', 2000)) WHERE id = 4;
SELECT l.id, e.bytes, octet_length(row_to_json(l)::text) AS size FROM large AS l
  JOIN (SELECT row_number() OVER (ORDER BY position) AS id, new_row ->> 'bytes' AS bytes FROM threefactor.events WHERE new_row ->> 'bytes' IS NOT NULL) AS e USING (id) ORDER BY 1;
TRUNCATE threefactor.outbox;
-- A column that is called like the marker is none.
CREATE TABLE marked (threefactor_omitted boolean, bytes integer, filler text);
SELECT threefactor.create_event_trigger('marked', 'marked', 'https://example.com/');
INSERT INTO marked VALUES (true, 1, 'small');
UPDATE marked SET filler = repeat('x', 2000);
UPDATE marked SET bytes = 2, filler = 'small';
UPDATE marked SET bytes = 3;
SELECT operation, old_row, new_row FROM threefactor.events ORDER BY position;
TRUNCATE threefactor.outbox;
RESET threefactor.max_payload_size;
UPDATE orders SET address = (SELECT string_agg(md5(i::text), '') FROM generate_series(1, 700000) AS i) WHERE order_id = '5';  -- 22 MB
SELECT operation, old_row ->> 'order_id' AS old_id, new_row FROM seen; TRUNCATE threefactor.outbox;

-- The event's own columns.
INSERT INTO orders VALUES ('7', 'h') RETURNING order_id;
SELECT substr(event_id::text, 15, 1) AS version, created_at = (SELECT created_at FROM threefactor.events) AS at,
       xid <= pg_current_xact_id() AS xid, definitions = ARRAY(SELECT definition_id FROM threefactor.event_trigger WHERE name = 'every') AS definitions
  FROM threefactor.outbox; TRUNCATE threefactor.outbox;

-- A table full of event triggers: more than one event can list.
SELECT count(threefactor.create_event_trigger('many_' || i, 'orders', 'https://example.com/', operations => '{DELETE}')) FROM generate_series(1, 70) AS i;
DELETE FROM orders WHERE order_id = '7';
SELECT operation, array_length(event_triggers, 1) AS event_triggers FROM seen; TRUNCATE threefactor.outbox;
SELECT count(threefactor.drop_event_trigger(name)) FROM threefactor.event_triggers;
SET client_min_messages = warning;
DROP SCHEMA capture CASCADE;
