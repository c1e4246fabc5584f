-- Row triggers name their event trigger: elsewhere they capture nothing, and say so once. Their function is everybody's, as who
-- makes a partition of a table that has event triggers needs that.
\set SHOW_CONTEXT never
CREATE ROLE regress_owner IN ROLE threefactor_admin;
CREATE ROLE regress_plain;
CREATE SCHEMA row_triggers;
GRANT ALL ON SCHEMA row_triggers TO regress_owner, regress_plain;
SET search_path = row_triggers;
TRUNCATE threefactor.outbox;
CREATE VIEW seen AS SELECT operation, table_name, event_triggers, coalesce(new_row, old_row) AS row FROM threefactor.events ORDER BY position;

-- The owner of a partitioned table who is no administrator of event triggers (any more).
SET ROLE regress_owner;
CREATE TABLE parted (id integer, region text, note text) PARTITION BY LIST (region);
SELECT threefactor.create_event_trigger('plain', 'parted', 'https://example.com/');
SELECT threefactor.create_event_trigger('with_condition', 'parted', 'https://example.com/', condition => '10 / NEW.id > 0');
SELECT threefactor.create_event_trigger(repeat('long_name_', 12), 'parted', 'https://example.com/', operations => '{INSERT,DELETE}');
RESET ROLE;
SELECT tgname, (string_to_array(encode(tgargs, 'escape'), '\000'))[1] AS event_trigger FROM pg_trigger
 WHERE tgrelid = 'parted'::regclass ORDER BY tgname COLLATE "C";
REVOKE threefactor_admin FROM regress_owner;
SET ROLE regress_owner;
CREATE TABLE parted_a PARTITION OF parted FOR VALUES IN ('a');
CREATE TABLE parted_b (LIKE parted INCLUDING ALL);
ALTER TABLE parted ATTACH PARTITION parted_b FOR VALUES IN ('b');
CREATE TABLE parted_c PARTITION OF parted FOR VALUES IN ('c', 'd') PARTITION BY LIST (region);
CREATE TABLE parted_d PARTITION OF parted_c FOR VALUES IN ('d');
CREATE TABLE base (id integer);
CREATE TABLE heir (more integer) INHERITS (base);
INSERT INTO parted VALUES (1, 'a'), (2, 'b'), (3, 'd');
UPDATE parted SET region = 'a' WHERE id = 2;
ALTER TABLE parted DETACH PARTITION parted_b;
ALTER TABLE parted ATTACH PARTITION parted_b FOR VALUES IN ('b');
CREATE INDEX parted_a_id ON parted_a (id);
CLUSTER parted_a USING parted_a_id;
INSERT INTO parted VALUES (4, 'b');
RESET ROLE;
ALTER TABLE parted OWNER TO regress_plain;
ALTER TABLE parted RENAME TO renamed;
CREATE SCHEMA row_triggers_2;
GRANT USAGE ON SCHEMA row_triggers_2 TO regress_plain;
ALTER TABLE renamed SET SCHEMA row_triggers_2;
SET ROLE regress_plain;
INSERT INTO row_triggers_2.renamed VALUES (5, 'a');
RESET ROLE;
SELECT operation, table_name, event_triggers, row ->> 'id' AS id FROM seen; TRUNCATE threefactor.outbox;
-- A row trigger that is renamed goes on, as do those of a move.
ALTER TRIGGER "00_threefactor_plain_insert" ON row_triggers_2.renamed RENAME TO "another name";
ALTER TRIGGER "00_threefactor_with_condition_move_in" ON row_triggers_2.renamed RENAME TO "yet another";
INSERT INTO row_triggers_2.renamed VALUES (6, 'b');
UPDATE row_triggers_2.renamed SET region = 'd' WHERE id = 6;
SELECT operation, table_name, event_triggers, row ->> 'id' AS id FROM seen; TRUNCATE threefactor.outbox;
SELECT count(threefactor.drop_event_trigger(name)) FROM threefactor.event_triggers;
SELECT count(*) AS left_over FROM pg_trigger WHERE tgfoid = 'threefactor.capture'::regproc;

-- Anybody may make triggers that call the function: they capture nothing, whatever they say, and fail no write.
CREATE TABLE victim (id integer);
SELECT threefactor.create_event_trigger('victim', 'victim', 'https://example.com/');
SELECT definition_id AS victim FROM threefactor.event_trigger WHERE name = 'victim' \gset
\set victim_moves :victim ' moves'
SET ROLE regress_plain;
CREATE TABLE own (id integer);
CREATE FUNCTION many_arguments(count integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE TRIGGER many AFTER INSERT OR UPDATE OR DELETE ON own FOR EACH ROW EXECUTE FUNCTION threefactor.capture(%s)',
                 (SELECT string_agg(quote_literal(CASE i % 7 WHEN 0 THEN '' ELSE repeat('x', i) END), ', ') FROM generate_series(1, count) AS i));
END $$;
CREATE TRIGGER none AFTER INSERT OR UPDATE OR DELETE ON own FOR EACH ROW EXECUTE FUNCTION threefactor.capture();
CREATE TRIGGER named AFTER INSERT OR UPDATE OR DELETE ON own FOR EACH ROW EXECUTE FUNCTION threefactor.capture('victim');
CREATE TRIGGER same AFTER INSERT OR UPDATE OR DELETE ON own FOR EACH ROW EXECUTE FUNCTION threefactor.capture('victim', :'victim');
CREATE TRIGGER "00_threefactor_victim_insert" AFTER INSERT ON own FOR EACH ROW EXECUTE FUNCTION threefactor.capture('victim', :'victim', '', '', '', '', '');
CREATE TRIGGER numbered AFTER INSERT OR UPDATE OR DELETE ON own FOR EACH ROW EXECUTE FUNCTION threefactor.capture(:'victim');
CREATE TRIGGER moving AFTER INSERT OR UPDATE OR DELETE ON own FOR EACH ROW EXECUTE FUNCTION threefactor.capture('victim', :'victim_moves');
CREATE TRIGGER large AFTER INSERT OR UPDATE OR DELETE ON own FOR EACH ROW EXECUTE FUNCTION threefactor.capture('99999999999999999999', '-1', '0x1');
CREATE TRIGGER truncating AFTER TRUNCATE ON own FOR EACH STATEMENT EXECUTE FUNCTION threefactor.capture('victim', :'victim');
CREATE CONSTRAINT TRIGGER constraining AFTER INSERT ON own DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION threefactor.capture('victim', :'victim');
SELECT many_arguments(1000);
\set VERBOSITY terse
INSERT INTO own VALUES (1), (2);
\set VERBOSITY default
-- Once for each trigger.
UPDATE own SET id = id + 1;
DELETE FROM own;
TRUNCATE own;
-- In a partition: once for the trigger of the table.
CREATE TABLE own_parted (id integer) PARTITION BY LIST (id);
CREATE TABLE own_parted_1 PARTITION OF own_parted FOR VALUES IN (1);
CREATE TABLE own_parted_2 PARTITION OF own_parted FOR VALUES IN (2);
CREATE TRIGGER parted AFTER INSERT OR UPDATE OR DELETE ON own_parted FOR EACH ROW EXECUTE FUNCTION threefactor.capture('victim', :'victim');
INSERT INTO own_parted VALUES (1), (2);
UPDATE own_parted SET id = 3 - id;
-- What is no AFTER trigger for each row cannot come from us.
DROP TABLE own, own_parted;
CREATE TABLE own (id integer);
CREATE VIEW own_view AS TABLE own;
CREATE TRIGGER before BEFORE INSERT ON own FOR EACH ROW EXECUTE FUNCTION threefactor.capture('victim', :'victim');
CREATE TRIGGER statement AFTER UPDATE ON own FOR EACH STATEMENT EXECUTE FUNCTION threefactor.capture('victim', :'victim');
CREATE TRIGGER truncating BEFORE TRUNCATE ON own FOR EACH STATEMENT EXECUTE FUNCTION threefactor.capture();
CREATE TRIGGER instead INSTEAD OF INSERT ON own_view FOR EACH ROW EXECUTE FUNCTION threefactor.capture('victim', :'victim');
INSERT INTO own VALUES (1);
UPDATE own SET id = 1;
TRUNCATE own;
INSERT INTO own_view VALUES (1);
SELECT threefactor.capture();
CREATE EVENT TRIGGER mine ON ddl_command_end EXECUTE FUNCTION threefactor.capture();
RESET ROLE;
-- An owner who takes the name and number of another event trigger of his.
CREATE TABLE second (id integer);
CREATE TRIGGER borrowed AFTER INSERT ON second FOR EACH ROW EXECUTE FUNCTION threefactor.capture('victim', :'victim');
INSERT INTO second VALUES (1);
-- A definition that has been replaced captures no more.
SELECT threefactor.create_event_trigger('victim', 'victim', 'https://example.com/', operations => '{INSERT}', replace => true);
CREATE TRIGGER outdated AFTER INSERT ON victim FOR EACH ROW EXECUTE FUNCTION threefactor.capture('victim', :'victim');
INSERT INTO victim VALUES (1);
SELECT operation, table_name, event_triggers, row FROM seen; TRUNCATE threefactor.outbox;
-- Neither does the trigger of somebody else stand in the way of dropping the event trigger; what bears its name on its table goes, too.
SELECT threefactor.drop_event_trigger('victim');
SELECT tgrelid::regclass AS relation, tgname FROM pg_trigger WHERE tgfoid = 'threefactor.capture'::regproc ORDER BY 1, 2;

-- A dump of a table, restored by its owner where another event trigger has the same number.
GRANT CREATE ON SCHEMA public TO regress_owner;
GRANT threefactor_admin TO regress_owner;
SET ROLE regress_owner;
CREATE TABLE public.payments (id integer, amount numeric);
SELECT threefactor.create_event_trigger('payments', 'public.payments', 'https://example.com/', condition => '1 / NEW.amount > 0');
RESET ROLE;
REVOKE threefactor_admin FROM regress_owner;
SELECT definition_id AS payments FROM threefactor.event_trigger WHERE name = 'payments' \gset
CREATE DATABASE sql_tests_staging;
\c sql_tests_staging
\set SHOW_CONTEXT never
CREATE EXTENSION threefactor;
GRANT CREATE ON SCHEMA public TO regress_owner;
CREATE TABLE unrelated (id integer);
SELECT count(setval('threefactor.definition_definition_id_seq', :payments, false));
SELECT threefactor.create_event_trigger('unrelated', 'unrelated', 'https://example.com/');
\! pg_dump -d sql_tests -t public.payments | PGOPTIONS='-c role=regress_owner' psql -Xq -v ON_ERROR_STOP=1 -d sql_tests_staging
SELECT definition_id = :payments AS same_number FROM threefactor.event_trigger WHERE name = 'unrelated';
INSERT INTO payments VALUES (1, 0.5);
INSERT INTO payments VALUES (2, 0.5);
SELECT count(*) FROM threefactor.events;
-- Made there, it captures; what came with the dump goes.
SELECT threefactor.create_event_trigger('payments', 'payments', 'https://example.com/');
INSERT INTO payments VALUES (3, 0);
SELECT event_triggers, new_row FROM threefactor.events;
-- Dumped, dropped and restored: the event trigger is of the table that is gone.
\! pg_dump -d sql_tests_staging -t payments -f results.dump && psql -Xq -d sql_tests_staging -c 'DROP TABLE payments' && psql -Xq -v ON_ERROR_STOP=1 -d sql_tests_staging -f results.dump; rm -f results.dump
INSERT INTO payments VALUES (4, 1);
SELECT threefactor.create_event_trigger('payments', 'payments', 'https://example.com/', replace => true);
INSERT INTO payments VALUES (5, 1);
SELECT event_triggers, new_row FROM threefactor.events;
\c sql_tests
DROP DATABASE sql_tests_staging;
SELECT count(threefactor.drop_event_trigger(name)) FROM threefactor.event_triggers;
TRUNCATE threefactor.outbox;
SET client_min_messages = warning;
DROP TABLE public.payments;
DROP SCHEMA row_triggers, row_triggers_2 CASCADE;
REVOKE CREATE ON SCHEMA public FROM regress_owner;
DROP ROLE regress_owner, regress_plain;
