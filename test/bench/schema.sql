-- The tables that every writing is measured on: the order of the example application, and events of a chosen size.
CREATE TABLE orders (
  order_id text PRIMARY KEY, user_id text NOT NULL, restaurant_id integer NOT NULL, address text NOT NULL,
  placed boolean DEFAULT false NOT NULL, approved boolean DEFAULT false NOT NULL,
  driver_assigned boolean DEFAULT false NOT NULL, food_picked boolean DEFAULT false NOT NULL,
  delivered boolean DEFAULT false NOT NULL, order_valid boolean DEFAULT false, payment_valid boolean,
  created timestamptz DEFAULT now() NOT NULL);
CREATE TABLE message (eid text PRIMARY KEY, pad text NOT NULL);
CREATE TABLE note (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), author integer NOT NULL, body text NOT NULL);
CREATE TABLE counter (id integer PRIMARY KEY, value integer NOT NULL);
INSERT INTO counter SELECT n, 0 FROM generate_series(1, 1000) AS n;
INSERT INTO note (id, author, body) SELECT ('00000000-0000-0000-0000-' || lpad(n::text, 12, '0'))::uuid, n, 'a note'
  FROM generate_series(1, 10000) AS n;
