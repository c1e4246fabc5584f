-- An administrator reaches what it owns, and nothing else: of the tables, event triggers and schedules of others it sees no row, no
-- response, no error's text, no secret, and changes nothing.
\set SHOW_CONTEXT never
\set VERBOSITY default
CREATE ROLE regress_alice LOGIN IN ROLE threefactor_admin;
CREATE ROLE regress_shop NOLOGIN;
CREATE ROLE regress_mallory IN ROLE threefactor_admin;
CREATE ROLE regress_watcher IN ROLE threefactor_monitor;
GRANT regress_shop TO regress_alice;
CREATE SCHEMA owners;
GRANT USAGE, CREATE ON SCHEMA owners TO regress_alice, regress_shop, regress_mallory;
GRANT USAGE ON SCHEMA owners TO regress_watcher;
TRUNCATE threefactor.outbox;

SET ROLE regress_alice;
CREATE TABLE owners.cards (id integer PRIMARY KEY, number text);
ALTER TABLE owners.cards OWNER TO regress_shop;
GRANT SELECT ON owners.cards TO regress_mallory;
CREATE TABLE owners.paid (id integer);
CREATE FUNCTION owners.find(integer) RETURNS owners.cards LANGUAGE sql STABLE AS 'SELECT * FROM owners.cards WHERE id = $1';
SELECT threefactor.create_event_trigger('cards', 'owners.cards', 'https://hooks.example.com/T0/B0/pathsecret?token=querysecret',
  headers => '{"Authorization": "headersecret"}', secrets => '{whsec_c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0}', error_webhook => 'https://hooks.example.com/errorsecret');
SELECT threefactor.create_event_trigger('paid', 'owners.paid', 'https://example.com/', apply => $$ SELECT 'statementsecret', $2 $$);
SELECT threefactor.create_event_trigger('topical', topic => 'cards', webhook => 'https://example.com/topicsecret');
SELECT threefactor.schedule('daily', 'https://example.com/dailysecret', '0 0 * * *', payload => '{"daily": "payloadsecret"}');
SELECT threefactor.schedule_once('https://example.com/oncesecret', now() + interval '1 day', '{"once": "payloadsecret"}') IS NOT NULL AS scheduled;
INSERT INTO owners.cards VALUES (1, 'rowsecret');
SELECT threefactor.emit('cards', '{"emitted": "rowsecret"}') IS NOT NULL AS emitted;
SELECT threefactor.track_table('owners.cards'), threefactor.track_function('owners', 'find', NULL);
CREATE FUNCTION owners.last(owners.cards) RETURNS text LANGUAGE sql STABLE AS $$ SELECT right($1.number, 4) $$;
SELECT threefactor.add_computed_field('owners.cards', 'last', 'owners', 'last');
RESET ROLE;
-- What a delivery leaves behind.
INSERT INTO threefactor.attempt (partition, sequence, event_xid, event_position, event_id, trigger_id, idempotency_key, attempt, outcome, started_at, duration, status, response, error)
  SELECT 0, row_number() OVER (), xid, position, event_id, trigger_id, gen_random_uuid(), 1, 'dead', now(), 1, 200, 'responsesecret',
         'apply failed, 22P02 invalid_text_representation: invalid input syntax for type integer: "errorvalue: secret"'
    FROM threefactor.outbox JOIN threefactor.definition ON definition_id = ANY (definitions);
INSERT INTO threefactor.parked (event_id, trigger_id, definition_id, idempotency_key, state, attempts, last_status, last_error, event_xid, event_position, created_at, operation, new_row)
  SELECT event_id, trigger_id, definition_id, gen_random_uuid(), 'dead', 1, 200, 'apply failed, 22P02 invalid_text_representation: invalid input syntax for type integer: "errorvalue: secret"',
         xid, position, now(), operation, new_row
    FROM threefactor.outbox JOIN threefactor.definition ON definition_id = ANY (definitions);

-- All that one sees of all views, as text.
CREATE FUNCTION owners.seen() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  all_rows text := '';
  part text;
  name text;
BEGIN
  FOREACH name IN ARRAY '{event_triggers,events,deliveries,attempts,dead_letters,schedules,scheduled_events,endpoints,status}'::text[] LOOP
    EXECUTE format('SELECT string_agg(to_json(v)::text, %L) FROM threefactor.%I AS v', E'\n', name) INTO part;
    all_rows := all_rows || name || coalesce(part, '');
  END LOOP;
  RETURN all_rows;
END $$;
CREATE VIEW owners.secrets AS SELECT DISTINCT m[1] AS secret FROM regexp_matches(owners.seen(), '[a-z]+secret|errorvalue', 'g') AS m;
GRANT SELECT ON owners.secrets TO PUBLIC;
SET ROLE regress_mallory;
SELECT * FROM owners.secrets;
SELECT DISTINCT last_error FROM threefactor.dead_letters;
SELECT DISTINCT error, response FROM threefactor.attempts;
SELECT regexp_replace(name, '[0-9]+$', '...') AS name, webhook, error_webhook, headers, secrets, apply, owner FROM threefactor.event_triggers ORDER BY 1;
SET ROLE regress_watcher;
SELECT * FROM owners.secrets;
SELECT event_trigger, dead FROM threefactor.status WHERE event_trigger NOT LIKE 'once%' ORDER BY 1;
SET ROLE regress_alice;
SELECT * FROM owners.secrets ORDER BY secret;
RESET ROLE;
SELECT * FROM owners.secrets ORDER BY secret;

-- Each attempt fails, and says whose it is. Nothing has changed thereafter.
CREATE VIEW owners.state AS SELECT md5(string_agg(line, E'\n' ORDER BY line)) FROM (
  SELECT t::text FROM threefactor.event_trigger AS t UNION ALL SELECT t::text FROM threefactor.definition AS t UNION ALL SELECT t::text FROM threefactor.schedule AS t
  UNION ALL SELECT t::text FROM threefactor.scheduled_event AS t UNION ALL SELECT t::text FROM threefactor.parked AS t UNION ALL SELECT t::text FROM threefactor.outbox AS t
  UNION ALL SELECT t::text FROM threefactor.tracked_table AS t UNION ALL SELECT t::text FROM threefactor.tracked_function AS t UNION ALL SELECT t::text FROM threefactor.computed_field AS t
  UNION ALL SELECT t::text FROM threefactor.permission AS t UNION ALL SELECT t::text FROM threefactor.relationship AS t UNION ALL SELECT t::text FROM threefactor.inherited_role AS t) AS all_rows (line);
SELECT md5 AS before FROM owners.state \gset
CREATE FUNCTION pg_temp.refused(statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE statement;
  RETURN NULL;
EXCEPTION WHEN OTHERS THEN
  RETURN regexp_replace(sqlerrm, '[0-9a-f-]{36}', '...');
END $$;
SET ROLE regress_mallory;
SELECT threefactor.create_event_trigger('mine', 'owners.cards', 'https://example.com/');
SELECT threefactor.create_event_trigger('cards', topic => 'mine', webhook => 'https://example.com/', replace => true);
SELECT threefactor.create_event_trigger('topical', topic => 'mine', webhook => 'https://example.com/', replace => true);
SELECT threefactor.alter_event_trigger('cards', webhook => 'https://mallory.example.com/');
SELECT threefactor.alter_event_trigger('topical', webhook => 'https://mallory.example.com/');
SELECT threefactor.alter_event_trigger('cards/error', webhook => 'https://mallory.example.com/');
SELECT threefactor.alter_schedule('daily', webhook => 'https://mallory.example.com/');
SELECT threefactor.pause('cards');
SELECT threefactor.resume('cards');
SELECT threefactor.invoke('paid', '{"id": 1}');
SELECT threefactor.invoke('topical', '{}');
SELECT threefactor.invoke('daily', '{}');
SELECT threefactor.invoke_manually('cards', '{}');
SELECT threefactor.allow_manual('cards', false);
SELECT threefactor.redeliver('cards');
SELECT threefactor.redeliver('cards/error');
SELECT pg_temp.refused(format('SELECT threefactor.redeliver(event => %L)', event_id)) FROM threefactor.events LIMIT 1;
SELECT threefactor.redeliver(since => '-infinity', dead_only => false);
SELECT threefactor.discard('cards');
SELECT sum(threefactor.discard(event_id)) FROM threefactor.events;
SELECT threefactor.drop_event_trigger('cards');
SELECT threefactor.drop_event_trigger('cards/error');
SELECT threefactor.delete_event_trigger('topical');
SELECT threefactor.schedule('daily', 'https://mallory.example.com/', '* * * * *', replace => true);
SELECT threefactor.unschedule('daily');
SELECT pg_temp.refused(format('SELECT threefactor.unschedule(event => %L)', event_id)) FROM threefactor.scheduled_events;
SELECT threefactor.adopt();
SELECT threefactor.track_table('owners.cards');
SELECT threefactor.untrack_table('owners.cards');
SELECT threefactor.set_table_customization('owners.cards', '{"custom_name": "mine"}');
SELECT threefactor.set_table_is_enum('owners.cards', true);
SELECT threefactor.create_array_relationship('owners.cards', 'more', 'owners.cards', '{id}', '{id}');
SELECT threefactor.drop_relationship('owners.cards', 'more');
SELECT threefactor.rename_relationship('owners.cards', 'more', 'less');
SELECT threefactor.add_computed_field('owners.cards', 'mine', 'owners', 'last');
SELECT threefactor.drop_computed_field('owners.cards', 'last');
SELECT threefactor.untrack_function('owners', 'find');
SELECT threefactor.create_permission('owners.cards', 'mallory', 'select', '{"columns": "*", "filter": {}}');
SELECT threefactor.drop_permission('owners.cards', 'mallory', 'select');
SELECT threefactor.create_function_permission('owners', 'find', 'mallory');
SELECT threefactor.add_inherited_role('all', '{admin}');
SELECT threefactor.drop_inherited_role('all');
SELECT threefactor.clear_metadata();
SELECT count(*) FROM threefactor.definition;
UPDATE threefactor.definition SET webhook = 'https://mallory.example.com/';
INSERT INTO threefactor.outbox_0 DEFAULT VALUES;
SELECT nextval('threefactor.once_seq');
-- Not by the parts of which these are made, either.
SELECT threefactor_private.append_event(ARRAY[1], true, NULL, NULL, '{}');
SELECT threefactor_private.make_event_trigger('mine', NULL, false);
SELECT threefactor_private.fire_schedules();
-- Nor by way of the notes of the metadata API.
BEGIN;
SELECT threefactor.note_dependents();
SET LOCAL threefactor.noted_dependents = '[{"kind": "event-trigger", "name": "cards"}]';
ROLLBACK;
-- Nor with objects that the functions might call, or with a setting that changes their meaning.
RESET ROLE;
GRANT CREATE ON DATABASE sql_tests TO regress_mallory;
SET ROLE regress_mallory;
CREATE SCHEMA AUTHORIZATION regress_mallory;
CREATE TABLE regress_mallory.seen (who text, by text);
CREATE FUNCTION regress_mallory.sprung(text, text) RETURNS boolean LANGUAGE plpgsql AS
  $$ BEGIN INSERT INTO regress_mallory.seen VALUES (current_user, 'an operator'); RETURN false; END $$;
CREATE OPERATOR regress_mallory.!~~ (FUNCTION = regress_mallory.sprung, LEFTARG = text, RIGHTARG = text);
CREATE OPERATOR regress_mallory.= (FUNCTION = regress_mallory.sprung, LEFTARG = text, RIGHTARG = text);
CREATE FUNCTION regress_mallory.who(integer) RETURNS boolean LANGUAGE plpgsql STABLE AS
  $$ BEGIN RAISE NOTICE 'the condition runs as %', current_user; RETURN true; END $$;
CREATE TABLE regress_mallory.t (id integer PRIMARY KEY, note text);
SET search_path = regress_mallory, pg_catalog;
SET standard_conforming_strings = off;
SELECT threefactor.create_event_trigger('mallory', 't', 'https://example.com/', operations => '{INSERT,UPDATE}', condition => 'who(NEW.id)');
SELECT threefactor.alter_event_trigger('mallory', columns => '{note}');
SELECT threefactor.pause('mallory'), threefactor.resume('mallory'), threefactor.invoke('mallory', '{}') IS NOT NULL AS invoked, threefactor.redeliver('mallory');
RESET standard_conforming_strings;
SHOW search_path;
INSERT INTO t VALUES (1);
RESET search_path;
-- Whoever writes, not its author.
GRANT USAGE ON SCHEMA regress_mallory TO regress_watcher;
GRANT INSERT ON regress_mallory.t TO regress_watcher;
SET ROLE regress_watcher;
INSERT INTO regress_mallory.t VALUES (2);
SET ROLE regress_mallory;
SELECT * FROM regress_mallory.seen;
-- A condition or statement names what its author may use.
SELECT threefactor.create_event_trigger('mallory', 'regress_mallory.t', 'https://example.com/', apply => 'SELECT * FROM owners.paid', replace => true);
-- A function of somebody else's that is SECURITY DEFINER acts for its owner; a role that was SET acts for itself, whoever logged in.
SET ROLE regress_alice;
CREATE FUNCTION owners.hold() RETURNS void LANGUAGE sql SECURITY DEFINER AS $$ SELECT threefactor.pause('cards') $$;
SET ROLE regress_mallory;
SELECT owners.hold();
SELECT threefactor.resume('cards');
SET ROLE regress_alice;
SELECT threefactor.resume('cards');
RESET ROLE;
SET SESSION AUTHORIZATION regress_alice;
SELECT threefactor.pause('cards'), threefactor.resume('cards');
SET ROLE regress_shop;  -- no member of threefactor_admin
SELECT threefactor.pause('cards');
RESET SESSION AUTHORIZATION;
DELETE FROM threefactor.outbox WHERE table_name = 't';
DELETE FROM threefactor.event_trigger WHERE name = 'mallory';
DELETE FROM threefactor.definition WHERE relation = 'regress_mallory.t'::regclass;
SELECT md5 = :'before' AS unchanged FROM owners.state;

-- Of many, the caller's only: a superuser's are all.
SET ROLE regress_mallory;
DROP TABLE regress_mallory.t;
SELECT threefactor.redeliver(since => '-infinity');
SET ROLE regress_alice;
SELECT threefactor.redeliver(since => '-infinity');
RESET ROLE;
UPDATE threefactor.parked SET state = 'dead', next_attempt_at = NULL;
SELECT threefactor.redeliver(since => '-infinity');

-- The table goes: the event trigger stays with its last owner. That of a topic is of the role that made it, also under another name. That
-- goes, too: it is the superusers', not of whoever takes the name.
UPDATE threefactor.parked SET state = 'dead', next_attempt_at = NULL;
SET client_min_messages = warning;
DROP TABLE owners.cards CASCADE;
RESET client_min_messages;
SET ROLE regress_mallory;
SELECT threefactor.drop_event_trigger('cards');
RESET ROLE;
ALTER ROLE regress_alice RENAME TO regress_carol;
ALTER ROLE regress_mallory RENAME TO regress_alice;
SET ROLE regress_carol;
SELECT threefactor.pause('cards'), threefactor.pause('topical');
SET ROLE regress_alice;
SELECT threefactor.pause('topical');
RESET ROLE;
SELECT name, owner FROM threefactor.event_triggers WHERE name NOT LIKE 'once%' ORDER BY name;
ALTER ROLE regress_alice RENAME TO regress_mallory;
DROP OWNED BY regress_carol CASCADE;
DROP ROLE regress_carol;
CREATE ROLE regress_alice IN ROLE threefactor_admin;
SET ROLE regress_alice;
SELECT threefactor.resume('topical');
RESET ROLE;
SELECT threefactor.resume('topical');
-- The owner of the database adopts it, and gives roles that inherit.
ALTER DATABASE sql_tests OWNER TO regress_mallory;
SET ROLE regress_mallory;
SELECT threefactor.adopt();
SELECT threefactor.add_inherited_role('all', '{a,b}');
SELECT threefactor.drop_inherited_role('all');
RESET ROLE;
ALTER DATABASE sql_tests OWNER TO postgres;

SELECT count(threefactor.drop_event_trigger(name)) FROM threefactor.event_triggers;
SELECT threefactor.clear_metadata();
TRUNCATE threefactor.outbox, threefactor.attempt, threefactor.parked, threefactor.dropped_event_trigger;
SET client_min_messages = warning;
DROP SCHEMA owners CASCADE;
DROP OWNED BY regress_mallory;
DROP ROLE regress_alice, regress_shop, regress_mallory, regress_watcher;
RESET client_min_messages;

-- Roles that were there before are not given rights unless a superuser says so.
CREATE DATABASE sql_tests_roles;
\c sql_tests_roles
\set SHOW_CONTEXT never
CREATE ROLE regress_creator CREATEROLE;
ALTER ROLE threefactor_admin RENAME TO regress_the_real_admin;
SET ROLE regress_creator;
CREATE ROLE threefactor_admin ROLE regress_creator;
COMMENT ON ROLE threefactor_admin IS 'made by the extension threefactor';
ALTER ROLE threefactor_admin SET threefactor.take_over_roles = on;
SET threefactor.take_over_roles = on;
RESET ROLE;
CREATE EXTENSION threefactor;
BEGIN;
SET LOCAL threefactor.take_over_roles = on;
CREATE EXTENSION threefactor;
SELECT pg_has_role('regress_creator', 'threefactor_admin', 'USAGE') AS taken_over;
ROLLBACK;
DROP ROLE threefactor_admin;
ALTER ROLE regress_the_real_admin RENAME TO threefactor_admin;
CREATE EXTENSION threefactor;
DROP ROLE regress_creator;
\c sql_tests
DROP DATABASE sql_tests_roles;
