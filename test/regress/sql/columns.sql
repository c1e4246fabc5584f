-- Columns and tables of odd kinds: generated, inherited, with names that need quotes, of domains and composites.
CREATE SCHEMA "Spalten ""ä""";
SET search_path = "Spalten ""ä""";
\set SHOW_CONTEXT never
TRUNCATE threefactor.outbox;
CREATE VIEW seen AS SELECT operation, table_schema || '.' || table_name AS relation, event_triggers, old_row, new_row FROM threefactor.events ORDER BY position;
-- Names.
CREATE TABLE "Bestellungen 'ö'" ("Schlüssel" integer PRIMARY KEY, "der Preis, ""netto""" numeric, "%s\" text);
SELECT threefactor.create_event_trigger('named', '"Bestellungen ''ö''"', 'https://example.com/',
  columns => ARRAY['der Preis, "netto"', '%s\'], payload => ARRAY['Schlüssel', 'der Preis, "netto"'], order_by => ARRAY['Schlüssel'],
  condition => 'NEW."der Preis, ""netto""" IS DISTINCT FROM OLD."der Preis, ""netto"""');
INSERT INTO "Bestellungen 'ö'" VALUES (1, 1.5, 'x');
UPDATE "Bestellungen 'ö'" SET "%s\" = 'y';
UPDATE "Bestellungen 'ö'" SET "der Preis, ""netto""" = 2;
SELECT *, (SELECT cardinality(order_keys) FROM threefactor.outbox LIMIT 1) AS keys FROM seen; TRUNCATE threefactor.outbox;
SELECT threefactor.create_event_trigger('bad', '"Bestellungen ''ö''"', 'https://example.com/', columns => ARRAY['der preis']);
SELECT threefactor.create_event_trigger('bäd', '"Bestellungen ''ö''"', 'https://example.com/');
SELECT threefactor.create_event_trigger('named', '"Bestellungen ''ö''"', 'https://example.com/');

-- Generated columns, defaults of a fast ADD COLUMN, a column that is gone.
CREATE TABLE made (id integer PRIMARY KEY, a integer, twice integer GENERATED ALWAYS AS (a * 2) STORED, n integer GENERATED ALWAYS AS IDENTITY);
SELECT threefactor.create_event_trigger('made', 'made', 'https://example.com/', columns => '{twice}', condition => 'NEW.twice > 2 OR OLD.twice > 2');
INSERT INTO made (id, a) VALUES (1, 1), (2, 2);
UPDATE made SET a = 3 WHERE id = 1;
ALTER TABLE made ADD COLUMN later text DEFAULT 'was not there';
UPDATE made SET a = 4 WHERE id = 1;
ALTER TABLE made DROP COLUMN n;
UPDATE made SET a = 5, later = NULL WHERE id = 1;
DELETE FROM made;
SELECT operation, old_row, new_row FROM seen; TRUNCATE threefactor.outbox;

-- Columns are compared by value: collations, domains, composites, arrays, values stored elsewhere.
CREATE COLLATION ignore_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE DOMAIN price AS numeric CHECK (VALUE >= 0);
CREATE TYPE pair AS (x price, y text COLLATE ignore_case);
CREATE TYPE odd_pair AS (x price, j json);
CREATE TABLE compared (id integer, word text COLLATE ignore_case, amount price, p pair, odd odd_pair, prices price[], f float8, wide text);
ALTER TABLE compared ALTER COLUMN wide SET STORAGE EXTERNAL;
SELECT threefactor.create_event_trigger('compared', 'compared', 'https://example.com/', operations => '{UPDATE}');
SELECT threefactor.create_event_trigger('wide', 'compared', 'https://example.com/', operations => '{UPDATE}', columns => '{wide}');
INSERT INTO compared VALUES (1, 'Word', 1.0, '(1.0,y)', '(1.0,"{}")', '{1.0}', '-0', repeat('wide', 2000));
UPDATE compared SET word = 'WORD', amount = 1.00, p = '(1.00,y)', prices = '{1.000}', f = 0, wide = repeat('wide', 2000);
SELECT count(*) AS none FROM seen;
UPDATE compared SET odd = '(1.00,"{}")';
UPDATE compared SET wide = repeat('wide', 1999) || 'wides', amount = 1.0;
SELECT event_triggers, left(old_row ->> 'wide', 5) || length(old_row ->> 'wide') AS old_wide, length(new_row ->> 'wide') AS new_wide,
       old_row -> 'amount' AS old_amount, new_row -> 'amount' AS amount, old_row -> 'odd' AS old_odd FROM seen;
TRUNCATE threefactor.outbox;

-- Inheritance: as triggers are, event triggers are of one table; rows of its children are those of the children.
CREATE TABLE child (extra text) INHERITS (made);
SELECT threefactor.create_event_trigger('child', 'child', 'https://example.com/', columns => '{twice}');
INSERT INTO child (id, a, extra) VALUES (7, 7, 'x');
UPDATE made SET a = 8;
SELECT relation, operation, event_triggers, new_row FROM seen; TRUNCATE threefactor.outbox;
-- Foreign keys that set and follow.
CREATE TABLE follower (id integer, made integer REFERENCES made ON UPDATE CASCADE ON DELETE SET NULL);
SELECT threefactor.create_event_trigger('follower', 'follower', 'https://example.com/', operations => '{UPDATE}');
INSERT INTO made (id, a) VALUES (20, 0);
INSERT INTO follower VALUES (1, 20);
UPDATE made SET id = 21 WHERE id = 20;
DELETE FROM made WHERE id = 21;
SELECT relation, old_row, new_row FROM seen; TRUNCATE threefactor.outbox;

-- A dump keeps the triggers of every kind.
SELECT threefactor.create_event_trigger('kinds', 'made', 'https://example.com/', operations => '{INSERT,UPDATE,TRUNCATE}', columns => '{a,later}',
  payload => '{id,twice}', order_by => '{id,a}', condition => '100 / NEW.id > 0', on_replica => true);
CREATE TABLE parted (id integer, at integer) PARTITION BY LIST (at);
CREATE TABLE parted_1 PARTITION OF parted FOR VALUES IN (1);
CREATE TABLE parted_2 PARTITION OF parted FOR VALUES IN (2);
SELECT threefactor.create_event_trigger('parted', 'parted', 'https://example.com/', operations => '{UPDATE}', on_replica => true);
CREATE VIEW triggers AS SELECT tgrelid::regclass AS relation, tgenabled, regexp_replace(pg_get_triggerdef(oid), '\d+', 'N', 'g') AS definition
  FROM pg_trigger WHERE tgname LIKE '00\_threefactor%' ORDER BY 1, 3;
SELECT * FROM triggers WHERE relation IN ('made'::regclass, 'parted'::regclass, 'parted_1'::regclass);
\copy (SELECT * FROM triggers) TO PROGRAM 'cat > results.triggers'
\! pg_dump -Fc -d sql_tests -f results.dump && createdb sql_tests_restored && pg_restore --exit-on-error -d sql_tests_restored results.dump; rm -f results.dump
\c sql_tests_restored
SET search_path = "Spalten ""ä""";
CREATE TEMPORARY TABLE before (LIKE triggers);
\copy before FROM PROGRAM 'cat results.triggers; rm -f results.triggers'
SELECT * FROM (TABLE before EXCEPT TABLE triggers) AS lost UNION ALL SELECT * FROM (TABLE triggers EXCEPT TABLE before) AS gained;
SELECT name, columns, payload, order_by, on_replica, condition FROM threefactor.event_trigger JOIN threefactor.definition USING (definition_id) WHERE name = 'kinds';
INSERT INTO parted VALUES (1, 1);
SET session_replication_role = replica;
INSERT INTO made (id, a) VALUES (50, 50);
UPDATE parted SET at = 2;
RESET session_replication_role;
INSERT INTO made (id, a) VALUES (0, 50);
SELECT operation, event_triggers, old_row, new_row FROM seen;
\c sql_tests
SET search_path = "Spalten ""ä""";
DROP DATABASE sql_tests_restored;
SELECT count(threefactor.drop_event_trigger(name)) FROM threefactor.event_triggers;
SET client_min_messages = warning;
DROP SCHEMA "Spalten ""ä""" CASCADE;
