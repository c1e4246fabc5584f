-- The canonical food-ordering app, then tables whose names and types are unusual. Loaded into a scratch database.
SET client_min_messages = warning;
CREATE EXTENSION threefactor;
CREATE EXTENSION ltree;
CREATE EXTENSION citext;

CREATE TABLE orders (
  order_id text PRIMARY KEY, user_id text NOT NULL, restaurant_id integer NOT NULL, address text NOT NULL,
  placed boolean NOT NULL DEFAULT false, approved boolean NOT NULL DEFAULT false,
  driver_assigned boolean NOT NULL DEFAULT false, food_picked boolean NOT NULL DEFAULT false,
  delivered boolean NOT NULL DEFAULT false, order_valid boolean DEFAULT false, payment_valid boolean,
  created timestamptz NOT NULL DEFAULT '2024-05-01 12:00:00+00');
CREATE TABLE menu_items (name text NOT NULL);
CREATE TABLE items (id serial PRIMARY KEY, order_id text NOT NULL REFERENCES orders ON DELETE CASCADE, item text NOT NULL);
CREATE TABLE assignment (order_id text NOT NULL REFERENCES orders ON DELETE CASCADE, driver_id integer NOT NULL);
CREATE TABLE payments (
  id serial PRIMARY KEY, order_id text NOT NULL REFERENCES orders ON DELETE CASCADE, type text NOT NULL,
  amount integer NOT NULL);
CREATE TABLE order_errors (order_id text, code integer, message text, created timestamptz DEFAULT now());
CREATE VIEW number_orders AS SELECT count(*) AS count FROM orders;
CREATE VIEW number_order_approved AS SELECT count(*) AS count FROM orders WHERE approved;

INSERT INTO menu_items VALUES ('Burger'), ('Pizza'), ('Salad');
INSERT INTO orders (order_id, user_id, restaurant_id, address, approved, payment_valid, created) VALUES
  ('o1', 'ada', 1, '1 "Quoted" Street', true, true, '2024-05-01 10:00:00+00'),
  ('o2', 'bob', 2, E'2 Back\\slash\nNew line', false, NULL, '2024-05-01 11:00:00+00'),
  ('o3', 'ada', 1, '3 O''Hara Ünïcode 🍕', true, false, '2024-05-01 12:00:00+00'),
  ('o4', 'cyd', 3, '', false, NULL, '2024-05-01 13:00:00+00');
INSERT INTO items (order_id, item) VALUES
  ('o1', 'Burger'), ('o1', 'Pizza'), ('o2', 'Salad'), ('o3', 'Pizza'), ('o3', 'Salad'), ('o3', 'Burger');
INSERT INTO assignment VALUES ('o1', 7), ('o3', 9);
INSERT INTO payments (order_id, type, amount) VALUES ('o1', 'card', 1200), ('o3', 'cash', 800), ('o3', 'card', 50);

-- Names that need quotes.
CREATE TABLE "MixedCase" (
  "Id" serial PRIMARY KEY, "camelCase" text, "select" integer, "has space" integer DEFAULT 5,
  "Parent" integer REFERENCES "MixedCase");
INSERT INTO "MixedCase" ("camelCase", "select", "Parent") VALUES ('first', 1, NULL), ('second', 2, 1);
CREATE SCHEMA other;
CREATE TABLE other.notes (id integer PRIMARY KEY, order_id text REFERENCES orders ON DELETE CASCADE, body text);
INSERT INTO other.notes VALUES (1, 'o1', 'call first');

-- Types.
CREATE TYPE mood AS ENUM ('sad', 'ok', 'it''s "fine"');
CREATE DOMAIN positive AS integer CHECK (value > 0);
CREATE TABLE kinds (
  id integer PRIMARY KEY, small smallint, big bigint, f4 real, f8 double precision, num numeric, price numeric(8,2),
  cash money, flag boolean, short varchar(5), padded char(4), ident uuid, day date, clock time, local timestamp,
  instant timestamptz, span interval, bytes bytea, address inet, plain json, doc jsonb, mood mood, ints integer[],
  words text[], grid integer[], moods mood[], rank positive, during int4range);
INSERT INTO kinds VALUES
  (1, 2, 9007199254740993, 1.5, 0.1, 12344.5700, 10.50, '12.30', true, 'abc', 'ab',
   '0b6a1f0c-9d1b-4b43-8f2e-5f7ad3b0c001', '2024-02-29', '15:22:23', '2004-10-19 10:23:54',
   '2015-10-17 14:42:43+00', '01:03:02', '\xdeadbeef', '10.0.0.1', '{"a" : [1, 2]}',
   '{"a": {"b": [10, {"c d": "x"}]}, "tags": ["p", "q"]}', 'it''s "fine"', '{1,NULL,3}', '{"a b","c\"d",NULL}',
   '{{1,2},{3,4}}', '{ok,"it''s \"fine\""}', 3, '[1,5)'),
  (2, NULL, NULL, 'NaN', 'Infinity', 'NaN', NULL, NULL, NULL, NULL, NULL, NULL, 'infinity', NULL, NULL, '-infinity',
   NULL, NULL, NULL, NULL, 'null', NULL, NULL, '{}', NULL, NULL, NULL, NULL);
CREATE TABLE defaults (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, label text NOT NULL DEFAULT 'none', amount integer DEFAULT 7,
  twice integer GENERATED ALWAYS AS (amount * 2) STORED, UNIQUE (label, amount));

-- Keys: a table that refers to itself, two keys to one table, a key of two columns, a one-to-one.
CREATE TABLE employees (
  id integer PRIMARY KEY, name text NOT NULL, manager_id integer REFERENCES employees, salary integer,
  department text);
INSERT INTO employees VALUES (1, 'Root', NULL, 100, 'top'), (2, 'Left', 1, 60, 'a'), (3, 'Right', 1, 70, 'a'),
  (4, 'Leaf', 2, NULL, 'b');
CREATE TABLE desks (employee_id integer PRIMARY KEY REFERENCES employees, room text);
INSERT INTO desks VALUES (1, '101'), (3, '103');
CREATE TABLE reviews (
  id integer PRIMARY KEY, author_id integer NOT NULL REFERENCES employees, subject_id integer REFERENCES employees,
  stars integer);
INSERT INTO reviews VALUES (1, 2, 1, 5), (2, 3, 1, 3), (3, 1, NULL, 4);
CREATE TABLE shelves (aisle integer, level integer, PRIMARY KEY (aisle, level));
CREATE TABLE boxes (id integer PRIMARY KEY, aisle integer, level integer, FOREIGN KEY (aisle, level) REFERENCES shelves);
INSERT INTO shelves VALUES (1, 1), (1, 2);
INSERT INTO boxes VALUES (1, 1, 1), (2, 1, 2), (3, NULL, 2);

-- A partitioned table, an updatable view, a materialized view.
CREATE TABLE measures (day integer NOT NULL, value integer, PRIMARY KEY (day)) PARTITION BY RANGE (day);
CREATE TABLE measures_low PARTITION OF measures FOR VALUES FROM (0) TO (10);
CREATE TABLE measures_high PARTITION OF measures FOR VALUES FROM (10) TO (20);
INSERT INTO measures VALUES (1, 10), (11, 110), (2, 20);
CREATE VIEW approved_orders AS SELECT order_id, user_id, restaurant_id FROM orders WHERE approved;
CREATE MATERIALIZED VIEW item_counts AS SELECT item, count(*) AS total FROM items GROUP BY item;

-- Rights of one role: some columns, some rows.
CREATE ROLE golden_customer;
GRANT USAGE ON SCHEMA public TO golden_customer;
GRANT SELECT (order_id, user_id, address), INSERT (order_id, user_id, restaurant_id, address), DELETE ON orders
  TO golden_customer;
GRANT SELECT ON items TO golden_customer;
ALTER TABLE orders ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_orders ON orders TO golden_customer
  USING (user_id = current_setting('hasura.user', true)::json ->> 'x-hasura-user-id'
         AND EXISTS (SELECT FROM menu_items));
GRANT SELECT ON menu_items TO golden_customer;

-- Metadata: functions, computed fields, an enum table, custom names, explicit relationships.
CREATE FUNCTION search_orders(address text, at_most integer DEFAULT 10, boolean DEFAULT NULL) RETURNS SETOF orders
  LANGUAGE sql STABLE
  AS $$ SELECT * FROM orders o WHERE o.address ILIKE '%' || $1 || '%' AND ($3 IS NULL OR o.approved = $3) ORDER BY order_id LIMIT $2 $$;
CREATE FUNCTION last_order() RETURNS orders LANGUAGE sql STABLE AS 'SELECT * FROM orders ORDER BY created DESC LIMIT 1';
CREATE FUNCTION my_orders(session json, wanted boolean DEFAULT true) RETURNS SETOF orders LANGUAGE sql STABLE
  AS $$ SELECT * FROM orders WHERE user_id = session ->> 'x-hasura-user-id' AND wanted $$;
CREATE FUNCTION approve_all(since timestamptz) RETURNS SETOF orders LANGUAGE sql
  AS 'UPDATE orders SET approved = true WHERE created >= since RETURNING *';
CREATE FUNCTION other.latest_notes(kinds kinds) RETURNS SETOF other.notes LANGUAGE sql STABLE
  BEGIN ATOMIC SELECT * FROM other.notes WHERE id = kinds.id; END;
SELECT threefactor.track_function('public', 'search_orders');
SELECT threefactor.track_function('public', 'last_order');
SELECT threefactor.track_function('public', 'my_orders', '{"session_argument": "session"}');
SELECT threefactor.track_function('public', 'approve_all', '{"custom_root_fields": {"function": "approveAll"}}');
SELECT threefactor.track_function('other', 'latest_notes', '{"custom_name": "newest", "exposed_as": "query"}', 'notes of late');

CREATE FUNCTION order_total(orders) RETURNS bigint LANGUAGE sql STABLE AS 'SELECT sum(amount) FROM payments WHERE order_id = $1.order_id';
CREATE FUNCTION order_summary(o orders) RETURNS jsonb LANGUAGE sql STABLE AS $$ SELECT jsonb_build_object('by', jsonb_build_object('user', o.user_id)) $$;
CREATE FUNCTION order_payments(at_least integer, o orders) RETURNS SETOF payments LANGUAGE sql STABLE
  AS 'SELECT * FROM payments p WHERE p.order_id = o.order_id AND p.amount >= at_least';
CREATE FUNCTION order_siblings(o orders) RETURNS SETOF orders LANGUAGE sql STABLE
  AS 'SELECT * FROM orders s WHERE s.user_id = o.user_id AND s.order_id <> o.order_id';
CREATE FUNCTION is_mine(o orders, session json) RETURNS boolean LANGUAGE sql STABLE
  AS $$ SELECT o.user_id = session ->> 'x-hasura-user-id' $$;
SELECT threefactor.add_computed_field('orders', 'total', 'public', 'order_total');
SELECT threefactor.add_computed_field('orders', 'summary', 'public', 'order_summary');
SELECT threefactor.add_computed_field('orders', 'large_payments', 'public', 'order_payments', 'o');
SELECT threefactor.add_computed_field('orders', 'siblings', 'public', 'order_siblings');
SELECT threefactor.add_computed_field('orders', 'is_mine', 'public', 'is_mine', NULL, 'session');

CREATE TABLE colors (value text PRIMARY KEY, comment text);
INSERT INTO colors VALUES ('red', 'like fire'), ('blue', NULL), ('green', 'like grass');
CREATE TABLE paints (id serial PRIMARY KEY, color text NOT NULL REFERENCES colors, litres double precision, glossy boolean,
  path ltree, brand citext UNIQUE);
INSERT INTO paints (color, litres, glossy, path, brand) VALUES
  ('red', 1.5, true, 'wall.inside', 'Acme'), ('blue', 2.5, false, 'wall.outside', 'Best'), ('red', NULL, NULL, 'roof', NULL);
SELECT threefactor.track_table('colors', is_enum => true);
SELECT threefactor.track_table('paints', '{"custom_name": "Paint", "custom_root_fields": {"select": "paintList", "insert_one": "mixPaint"},
  "column_config": {"litres": {"custom_name": "volume"}}}');
SELECT threefactor.create_array_relationship('colors', 'paints', 'paints', '{color}');
SELECT threefactor.track_table('measures_low');
