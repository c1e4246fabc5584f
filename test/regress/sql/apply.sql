-- What an apply statement may be, and as whom it runs.
\set SHOW_CONTEXT never
CREATE ROLE regress_apply_owner LOGIN;
CREATE ROLE regress_apply_nologin;
CREATE ROLE regress_apply_admin LOGIN IN ROLE threefactor_admin, regress_apply_owner;
CREATE SCHEMA apply;
GRANT USAGE, CREATE ON SCHEMA apply TO regress_apply_owner, regress_apply_nologin;
CREATE TABLE apply.orders (id integer PRIMARY KEY, approved boolean);
ALTER TABLE apply.orders OWNER TO regress_apply_owner;
CREATE TABLE apply.mine (id integer);
CREATE TABLE apply.nologin (id integer);
ALTER TABLE apply.nologin OWNER TO regress_apply_nologin;
CREATE FUNCTION pg_temp.try(statement text, relation regclass DEFAULT 'apply.orders') RETURNS void LANGUAGE sql AS
  $$ SELECT threefactor.create_event_trigger('apply', relation, 'https://example.com/', apply => statement, replace => true) $$;

-- By the search_path of its author, parameters $1 and $2 of type json.
SELECT pg_temp.try('UPDATE orders SET approved = true');
SET search_path = apply, public;
SELECT pg_temp.try('UPDATE orders SET approved = ($2 ->> ''approved'')::boolean WHERE id = ($1 #>> ''{event,data,new,id}'')::integer');
SELECT apply_role, apply_path FROM threefactor.definition JOIN threefactor.event_trigger USING (definition_id) WHERE name = 'apply';
SELECT pg_temp.try('SELECT 1'), pg_temp.try('DELETE FROM orders'), pg_temp.try('WITH gone AS (DELETE FROM orders RETURNING id) INSERT INTO mine SELECT id FROM gone'),
  pg_temp.try('MERGE INTO orders USING mine ON orders.id = mine.id WHEN MATCHED THEN DELETE');

-- What is none.
SELECT pg_temp.try('UPDATE orders SET nothing = 1');
SELECT pg_temp.try('UPDATE');
SELECT pg_temp.try('');
SELECT pg_temp.try('SELECT 1; DROP TABLE orders');
SELECT pg_temp.try('DROP TABLE orders');
SELECT pg_temp.try('SET ROLE postgres');
SELECT pg_temp.try('COMMIT');
SELECT pg_temp.try('SELECT $3');
SELECT pg_temp.try('UPDATE orders SET approved = $2');
SELECT pg_temp.try('SELECT 1', 'nologin');

-- The owner of the table, not its author; of a topic, the author.
SET ROLE regress_apply_admin;
SELECT threefactor.create_event_trigger('apply_topic', topic => 'x', webhook => 'https://example.com/', apply => 'SELECT $2');
SELECT threefactor.create_event_trigger('apply_mine', 'mine', 'https://example.com/', apply => 'SELECT $2');
RESET ROLE;
SELECT name, apply_role FROM threefactor.definition JOIN threefactor.event_trigger USING (definition_id) WHERE name LIKE 'apply%' ORDER BY name COLLATE "C";

-- Nobody writes past that; who is no member of the owner any more makes no statement that would run as it.
SET ROLE regress_apply_admin;
UPDATE threefactor.definition SET apply_role = 'postgres' WHERE apply_role = 'regress_apply_admin';
SET ROLE regress_apply_owner;
SELECT threefactor.accept('x');
RESET ROLE;
REVOKE regress_apply_owner FROM regress_apply_admin;
SET ROLE regress_apply_admin;
SELECT threefactor.alter_event_trigger('apply', apply => 'SELECT 2');
SELECT pg_temp.try('SELECT 2');
SELECT threefactor.create_event_trigger('apply', topic => 'x', webhook => 'https://example.com/', apply => 'SELECT $2', replace => true);
RESET ROLE;

SELECT threefactor.drop_event_trigger('apply'), threefactor.drop_event_trigger('apply_topic');
RESET search_path;
SET client_min_messages = warning;
DROP SCHEMA apply CASCADE;
DROP ROLE regress_apply_owner, regress_apply_nologin, regress_apply_admin;
