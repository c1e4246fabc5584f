-- A table that goes to another role takes its event triggers along: what they deliver by, and what was captured.
\set SHOW_CONTEXT never
\set VERBOSITY default
CREATE ROLE regress_giver LOGIN IN ROLE threefactor_admin;
CREATE ROLE regress_taker LOGIN IN ROLE threefactor_admin;
CREATE ROLE regress_third LOGIN IN ROLE threefactor_admin;
CREATE SCHEMA given;
GRANT USAGE, CREATE ON SCHEMA given TO regress_giver, regress_taker, regress_third;
TRUNCATE threefactor.outbox;
-- What a worker would run, as whom: null where the statement is not its owner's.
CREATE VIEW given.statements AS
  SELECT t.name, t.owner, d.apply, d.apply_role,
         threefactor_private.role_of(d.apply_role, d.apply_role_id) = n.owner AS runs
    FROM threefactor.event_trigger t JOIN threefactor.definition d USING (definition_id)
    JOIN threefactor_private.names n ON n.trigger_id = t.trigger_id WHERE t.name LIKE 'given%' ORDER BY t.name;

SET ROLE regress_giver;
CREATE TABLE given.things (id integer, secret text);
SELECT threefactor.create_event_trigger('given', 'given.things', 'https://example.com/', apply => 'SELECT $1, $2');
RESET ROLE;
TABLE given.statements;

-- The new owner would have the answers of a webhook of its own go into a statement that runs as the old one; or run a statement that the
-- old one wrote.
ALTER TABLE given.things OWNER TO regress_taker;
TABLE given.statements;
SET ROLE regress_taker;
SELECT threefactor.alter_event_trigger('given', webhook => 'https://taker.example.com/');
SELECT threefactor.alter_event_trigger('given', columns => '{id}');
SELECT threefactor.alter_event_trigger('given', webhook => 'https://taker.example.com/', apply => 'SELECT $1, $2');
RESET ROLE;
TABLE given.statements;
REASSIGN OWNED BY regress_taker TO regress_third;
TABLE given.statements;
SET ROLE regress_third;
SELECT threefactor.alter_event_trigger('given', reset => '{apply}', columns => '{id}');
RESET ROLE;
TABLE given.statements;

-- A role is known by its number: renamed it is the same, and a namesake is another.
SET ROLE regress_third;
SELECT threefactor.alter_event_trigger('given', apply => 'SELECT $1, $2');
RESET ROLE;
ALTER ROLE regress_third RENAME TO regress_renamed;
CREATE ROLE regress_third LOGIN;
SELECT name, runs FROM given.statements;
ALTER TABLE given.things OWNER TO regress_third;
SELECT name, runs FROM given.statements;
ALTER TABLE given.things OWNER TO regress_renamed;
DROP ROLE regress_third;
SELECT name, runs FROM given.statements;

-- A topic is its maker's, whoever alters it: a superuser who changes the body lends the statement no rights.
SET ROLE regress_giver;
SELECT threefactor.create_event_trigger('given_topic', topic => 'given', webhook => 'https://example.com/', apply => 'SELECT $1');
RESET ROLE;
SELECT threefactor.alter_event_trigger('given_topic', body => 'supabase');
SELECT threefactor.alter_event_trigger('given_topic', apply => 'SELECT $2');
TABLE given.statements;

-- What was captured for the last owner of a table that is dropped is not for those who made its event trigger, or had the table before.
INSERT INTO given.things VALUES (1, 'rowsecret');
DROP TABLE given.things;
SET ROLE regress_giver;
SELECT new_row FROM threefactor.events;
SELECT threefactor.drop_event_trigger('given');
SET ROLE regress_renamed;
SELECT new_row FROM threefactor.events;
SELECT threefactor.drop_event_trigger('given');
SELECT new_row FROM threefactor.events;
SET ROLE regress_giver;
SELECT new_row FROM threefactor.events;

-- Endpoints are their owner's: the limits of one role throttle nobody else, nor does the view tell of a URL that others post to.
SELECT threefactor.create_event_trigger('given_slow', topic => 'slow', webhook => 'https://example.com/pathsecret', endpoint => '{"rate": 0.001}');
SELECT threefactor.create_event_trigger('given_slower', topic => 'slow', webhook => 'https://example.com/pathsecret', endpoint => '{"concurrency": 1}');
SET ROLE regress_taker;
SELECT threefactor.create_event_trigger('given_fast', topic => 'fast', webhook => 'https://example.com/pathsecret');
SELECT endpoint, concurrency, rate, event_triggers FROM threefactor.endpoints WHERE event_triggers && '{given_slow,given_fast}' ORDER BY event_triggers::text;
RESET ROLE;
SELECT count(DISTINCT threefactor_private.endpoint_key(d.webhook, d.endpoint, n.owner))
  FROM threefactor.event_trigger JOIN threefactor.definition d USING (definition_id) JOIN threefactor_private.names n ON n.trigger_id = d.trigger_id
 WHERE webhook LIKE '%pathsecret';

SELECT threefactor.drop_event_trigger(name) FROM threefactor.event_triggers WHERE name LIKE 'given%';
DROP SCHEMA given CASCADE;
DROP ROLE regress_giver, regress_taker, regress_renamed;
