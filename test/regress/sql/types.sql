-- The JSON of every kind of type equals row_to_json's, whatever the session's settings are.
CREATE SCHEMA types;
SET search_path = types;
TRUNCATE threefactor.outbox;
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TYPE pair AS (a integer, t timestamptz);
CREATE DOMAIN positive AS integer CHECK (value > 0);
CREATE DOMAIN moment AS timestamptz;
CREATE TABLE many (
  id integer PRIMARY KEY, b boolean, s smallint, i bigint, r real, d float8, n numeric, t text, v varchar(10), c char(5), nm name,
  u uuid, j json, jb jsonb, dt date, ts timestamp, tz timestamptz, tm time, tmz timetz, iv interval, by bytea, ints integer[], texts text[],
  zones timestamptz[], p pair, m mood, po positive, mo moment, ip inet, rng tstzrange, pt point, bits bit(3), arrj jsonb[],
  o oid, mon money, g tsvector, mr int4multirange);
SELECT threefactor.create_event_trigger('many', 'many', 'https://example.com/');
INSERT INTO many VALUES (1, true, -2, 9223372036854775807, 1.5, 'Infinity', 1.10, E'a"\\/\b\f\n\r\t\x01é€', 'v', 'c', 'nm',
  '00112233-4455-6677-8899-aabbccddeeff', '{"a" : 1}', '{"b":2}', '2020-01-02', '2020-01-02 03:04:05.6', '2020-01-02 03:04:05.6+00',
  '03:04', '03:04+02', '1 day -2 hours', '\xdead00', '{1,NULL}', '{"x y",NULL}', '{2020-01-02 03:04:05+00}',
  '(1,"2020-01-02 03:04:05+00")', 'ok', 5, '2020-01-02 03:04:05+00', '10.0.0.1/8', '[2020-01-01 00:00+00,2020-01-02 00:00+00)', '(1,2)',
  '101', '{"{\"a\":1}"}', 7, 1.5, 'a b', '{[1,3)}');
INSERT INTO many (id, r, d, n, dt, ts, tz) VALUES (2, 'NaN', '-Infinity', 'NaN', 'infinity', '-infinity', 'infinity');
INSERT INTO many (id, r, d, n, dt, ts, tz) VALUES (3, 0.1, 1e300, 1e30, '0044-03-15 BC', '0044-03-15 12:00 BC', '12020-01-01 00:00+00');
INSERT INTO many (id) VALUES (4);
SET timezone = 'UTC'; SET datestyle = 'ISO'; SET intervalstyle = 'postgres';
SELECT whole.id, e.new_row::text = row_to_json(whole)::text AS same FROM many AS whole JOIN threefactor.events AS e ON (e.new_row ->> 'id')::integer = whole.id ORDER BY 1;
SELECT new_row FROM threefactor.events ORDER BY position LIMIT 1;
SET timezone = 'Asia/Tokyo'; SET datestyle = 'German'; SET intervalstyle = 'sql_standard'; SET bytea_output = 'escape'; SET extra_float_digits = -5;
SET search_path = pg_catalog;
UPDATE types.many SET s = 8;
SHOW timezone; SHOW datestyle; SHOW search_path;
RESET ALL;
SET search_path = types; SET timezone = 'UTC'; SET datestyle = 'ISO'; SET intervalstyle = 'postgres';
SELECT whole.id, e.new_row::text = row_to_json(whole)::text AS same FROM many AS whole JOIN threefactor.events AS e ON (e.new_row ->> 'id')::integer = whole.id
 WHERE operation = 'UPDATE' ORDER BY 1;
-- A type with a cast to json, and names of catalog objects (qualified).
CREATE TYPE own AS (x integer);
CREATE FUNCTION own_json(own) RETURNS json LANGUAGE sql IMMUTABLE AS $$ SELECT json_build_object('cast', $1.x) $$;
CREATE TABLE few (id integer, cls regclass, typ regtype[], range own, wide text);
SELECT threefactor.create_event_trigger('few', 'few', 'https://example.com/');
ALTER TABLE few ALTER COLUMN wide SET STORAGE EXTERNAL;
INSERT INTO few VALUES (1, 'few', '{mood,integer}', '(1)', repeat('wide ', 1000));
UPDATE few SET id = 2;
SELECT operation, old_row::jsonb - 'wide' AS old_row, new_row::jsonb - 'wide' AS new_row, length(new_row ->> 'wide') AS wide
  FROM threefactor.events WHERE table_name = 'few' ORDER BY position;
-- A type changes under a session that has captured it.
ALTER TYPE own ADD ATTRIBUTE y text;
ALTER TYPE mood ADD VALUE 'happy';
INSERT INTO few VALUES (3, NULL, NULL, '(1,z)');
SELECT new_row FROM threefactor.events ORDER BY position DESC LIMIT 1;
SELECT count(threefactor.drop_event_trigger(name)) FROM threefactor.event_triggers;
TRUNCATE threefactor.outbox;
SET client_min_messages = warning;
DROP SCHEMA types CASCADE;
