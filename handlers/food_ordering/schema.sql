-- The tables of the food-ordering app. May be run again.

CREATE TABLE IF NOT EXISTS orders (
  order_id        text PRIMARY KEY,
  user_id         text NOT NULL,
  restaurant_id   integer NOT NULL,
  address         text NOT NULL,
  placed          boolean NOT NULL DEFAULT false,
  approved        boolean NOT NULL DEFAULT false,
  driver_assigned boolean NOT NULL DEFAULT false,
  food_picked     boolean NOT NULL DEFAULT false,
  delivered       boolean NOT NULL DEFAULT false,
  order_valid     boolean DEFAULT false,
  payment_valid   boolean,
  created         timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE IF NOT EXISTS menu_items (
  name text NOT NULL
);

INSERT INTO menu_items (name)
SELECT name
FROM unnest(ARRAY['pizza', 'pasta', 'salad', 'soup', 'tiramisu', 'water']) AS name
WHERE NOT EXISTS (SELECT FROM menu_items);

CREATE TABLE IF NOT EXISTS items (
  id       serial PRIMARY KEY,
  order_id text NOT NULL REFERENCES orders,
  item     text NOT NULL
);

CREATE TABLE IF NOT EXISTS assignment (
  order_id  text NOT NULL REFERENCES orders,
  driver_id integer NOT NULL
);

CREATE TABLE IF NOT EXISTS payments (
  id       serial PRIMARY KEY,
  order_id text NOT NULL REFERENCES orders,
  type     text NOT NULL,
  amount   integer NOT NULL
);

-- What went wrong with an order. A failure is a fact like any other: it is recorded, makes an event, and a function resolves it.
CREATE TABLE IF NOT EXISTS order_errors (
  order_id text NOT NULL REFERENCES orders,
  code     integer NOT NULL,
  message  text NOT NULL,
  created  timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX IF NOT EXISTS items_order ON items (order_id);
CREATE INDEX IF NOT EXISTS assignment_order ON assignment (order_id);
CREATE INDEX IF NOT EXISTS payments_order ON payments (order_id);
CREATE INDEX IF NOT EXISTS order_errors_order ON order_errors (order_id);

CREATE OR REPLACE VIEW number_orders AS
  SELECT count(*) AS count FROM orders;
CREATE OR REPLACE VIEW number_order_validated AS
  SELECT count(*) AS count FROM orders WHERE order_valid;
CREATE OR REPLACE VIEW number_order_payment_valid AS
  SELECT count(*) AS count FROM orders WHERE payment_valid;
CREATE OR REPLACE VIEW number_order_approved AS
  SELECT count(*) AS count FROM orders WHERE approved;
CREATE OR REPLACE VIEW number_order_driver_assigned AS
  SELECT count(*) AS count FROM orders WHERE driver_assigned;
