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
-- Nothing that a session has set shows in a payload: the same row is the same text.
CREATE DOMAIN table_name AS regclass;
CREATE TYPE names AS RANGE (subtype = regclass, multirange_type_name = names_multi);
CREATE TYPE inner_pair AS (r regtype, m money, t timestamptz);
CREATE TABLE "Odd name" (id integer);
CREATE TABLE canonical (id integer, cls regclass, classes regclass[], dom table_name, doms table_name[], proc regproc, procedure regprocedure, op regoper,
  operator regoperator, typ regtype, types regtype[], config regconfig, dict regdictionary, coll regcollation, role regrole, space regnamespace, spaces regnamespace[],
  ranges names, multi names_multi, nested inner_pair, many inner_pair[], cash money, cashes money[], f8 float8, f8s float8[], p point, box box, ivs interval[], iv interval,
  ba bytea, bas bytea[], tz timestamptz, tzs timestamptz[], tzr tstzrange, tr tsrange, dr daterange, tt timetz, x xml, m mood, moods mood[]);
SELECT threefactor.create_event_trigger('canonical', 'canonical', 'https://example.com/', operations => '{INSERT}');
CREATE TABLE settings (name text, value text);
INSERT INTO settings VALUES ('quote_all_identifiers', 'on'), ('datestyle', 'SQL, DMY'), ('datestyle', 'German'), ('datestyle', 'Postgres, MDY'), ('intervalstyle', 'iso_8601'),
  ('intervalstyle', 'postgres_verbose'), ('timezone', 'Asia/Kathmandu'), ('bytea_output', 'escape'), ('extra_float_digits', '-10'), ('extra_float_digits', '3'),
  ('xmlbinary', 'hex'), ('xmloption', 'document'), ('lc_monetary', 'C'), ('lc_monetary', 'C.utf8'), ('lc_numeric', 'C.utf8'), ('lc_time', 'C.utf8'), ('search_path', 'types, pg_temp'),
  ('search_path', 'public, pg_catalog'), ('search_path', 'pg_temp'), ('client_encoding', 'LATIN1'), ('array_nulls', 'off'), ('standard_conforming_strings', 'off'),
  ('timezone_abbreviations', 'India'), ('default_text_search_config', 'simple'), ('transform_null_equals', 'on'), ('row_security', 'off');
CREATE FUNCTION write() RETURNS void LANGUAGE sql AS $$
  INSERT INTO types.canonical VALUES (1, 'types."Odd name"', '{types.few,pg_catalog.pg_class}', 'types.few', '{types.few}', 'types.own_json', 'types.own_json(types.own)', '|/',
    '+(integer,integer)', 'types.mood', '{types.mood,integer}', 'english', 'english_stem', '"C"', 'postgres', 'types', '{types,public}', '[types.few,types.few]',
    '{[types.few,types.few]}', '(types.mood,1.50,"2020-01-02 03:04:05+00")', ARRAY['(types.own,2.25,"2020-01-02 03:04:05+00")'::types.inner_pair],
    1234567.89, '{1.50}', 0.1::float8 + 0.2, ARRAY[0.1::float8 + 0.2], point(1.0/3, 2.0/3), box(point(1.0/3, 0), point(0, 2.0/3)), ARRAY[interval '1 year 2 days -3 hours'],
    '1 mon -2 days 03:04:05.6', '\xdeadbeef', ARRAY['\x00ff'::bytea], '2020-01-02 03:04:05.6+00', ARRAY['2020-07-02 03:04:05+00'::timestamptz],
    '[2020-01-01 00:00+00,2020-07-01 00:00+00)', '[2020-01-01,2020-07-01)', '[2020-01-01,2020-07-01)', '03:04:05+02', '<a>b</a>', 'ok', '{sad}');
$$;
TRUNCATE threefactor.outbox;
SELECT write();
DO $$
DECLARE
  setting record;
BEGIN
  FOR setting IN SELECT * FROM types.settings LOOP
    PERFORM pg_catalog.set_config(setting.name, setting.value, true);
    INSERT INTO types.canonical SELECT * FROM types.canonical LIMIT 1;
    PERFORM pg_catalog.set_config(setting.name, reset_val, true) FROM pg_catalog.pg_settings WHERE name = setting.name;
  END LOOP;
  -- And all of them.
  PERFORM pg_catalog.set_config(name, value, true) FROM types.settings;
  INSERT INTO types.canonical SELECT * FROM types.canonical LIMIT 1;
END $$;
SELECT count(*) > 25 AS rows, count(DISTINCT new_row::text) AS texts FROM threefactor.events;
SELECT key, value FROM threefactor.events, json_each(new_row) WHERE position = (SELECT min(position) FROM threefactor.events);
-- A type changes under a session that has captured it.
ALTER TYPE own ADD ATTRIBUTE y text;
ALTER TYPE mood ADD VALUE 'happy';
INSERT INTO few VALUES (3, NULL, NULL, '(1,z)');
SELECT new_row FROM threefactor.events ORDER BY position DESC LIMIT 1;
SELECT count(threefactor.drop_event_trigger(name)) FROM threefactor.event_triggers;
TRUNCATE threefactor.outbox;
SET client_min_messages = warning;
DROP SCHEMA types CASCADE;
