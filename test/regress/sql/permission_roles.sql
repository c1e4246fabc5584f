-- Inherited roles, functions, views and computed fields by permissions; what the gateway is told; why a role sees what it sees.
\set VERBOSITY terse
\set SHOW_CONTEXT never
CREATE SCHEMA staff;
SET search_path = staff, public;
CREATE TABLE worker (id integer PRIMARY KEY, name text, salary integer, boss integer, note text DEFAULT 'none');
INSERT INTO worker VALUES (1, 'Ann', 10, NULL), (2, 'Bob', 20, 1), (3, 'Cid', 30, 1);
CREATE VIEW tall AS SELECT id, name FROM worker WHERE id > 1;
CREATE FUNCTION found() RETURNS SETOF worker LANGUAGE sql STABLE AS 'SELECT * FROM staff.worker';
CREATE FUNCTION label(worker) RETURNS text LANGUAGE sql STABLE AS $$ SELECT 'worker ' || $1.id $$;
REVOKE ALL ON FUNCTION found(), label(worker) FROM PUBLIC;
SELECT threefactor.track_function('staff', 'found'), threefactor.add_computed_field('worker', 'label', 'staff', 'label');

-- Functions.
SELECT threefactor.create_function_permission('staff', 'found', 'regress_clerk');
SELECT threefactor.create_function_permission('staff', 'found', 'regress_clerk');
SELECT threefactor.create_function_permission('staff', 'nothing', 'regress_clerk');
SELECT has_function_privilege('regress_clerk', 'found()', 'EXECUTE');
SELECT threefactor.drop_function_permission('staff', 'found', 'regress_clerk');
SELECT threefactor.drop_function_permission('staff', 'found', 'regress_clerk');
SELECT has_function_privilege('regress_clerk', 'found()', 'EXECUTE');
SELECT threefactor.create_function_permission('staff', 'found', 'regress_clerk');
SELECT threefactor.untrack_function('staff', 'found');
SELECT has_function_privilege('regress_clerk', 'found()', 'EXECUTE');

-- Computed fields.
SELECT threefactor.create_permission('worker', 'regress_clerk', 'select', '{"columns": ["id", "name"], "computed_fields": ["label"], "filter": {"id": {"_gt": 1}}, "limit": 5, "allow_aggregations": true, "query_root_fields": ["select"]}');
SET ROLE regress_clerk;
SELECT id, name FROM worker ORDER BY id;
RESET ROLE;
SELECT has_function_privilege('regress_clerk', 'label(worker)', 'EXECUTE');
SELECT threefactor.create_permission('worker', 'regress_other', 'select', '{"columns": ["id"], "filter": {"label": {"_eq": "x"}}}');

-- Views have no policies.
SELECT threefactor.create_permission('tall', 'regress_clerk', 'select', '{"columns": ["id"], "filter": {"id": 2}}');
SELECT threefactor.create_permission('tall', 'regress_clerk', 'insert', '{"columns": ["id"], "check": {}, "set": {"name": "x"}}');
SELECT threefactor.create_permission('tall', 'regress_clerk', 'select', '{"columns": ["id"], "filter": {}}');
SET ROLE regress_clerk;
SELECT id FROM tall ORDER BY id;
SELECT name FROM tall;
RESET ROLE;
SELECT threefactor.drop_permission('tall', 'regress_clerk', 'select');
SELECT has_any_column_privilege('regress_clerk', 'tall', 'SELECT');

-- The comment of a permission is that of its policy.
SELECT threefactor.set_permission_comment('worker', 'regress_clerk', 'select', 'for clerks');
SELECT obj_description(oid, 'pg_policy') FROM pg_policy WHERE polrelid = 'worker'::regclass;
SELECT threefactor.set_permission_comment('worker', 'regress_clerk', 'select', NULL);
SELECT obj_description(oid, 'pg_policy') FROM pg_policy WHERE polrelid = 'worker'::regclass;
SELECT threefactor.set_permission_comment('worker', 'regress_clerk', 'update', 'x');

-- Inherited roles: the rows of each, where that is exact.
SELECT threefactor.create_permission('worker', 'regress_self', 'select', '{"columns": ["name", "id"], "computed_fields": [], "filter": {"id": "X-Hasura-User-Id"}}');
SELECT threefactor.add_inherited_role('regress_both', '{regress_clerk,regress_self}');
SELECT threefactor.drop_permission('worker', 'regress_self', 'select');
SELECT threefactor.create_permission('worker', 'regress_self', 'select', '{"columns": ["name", "id"], "computed_fields": ["label"], "filter": {"id": "X-Hasura-User-Id"}, "limit": 2}');
SELECT threefactor.add_inherited_role('regress_both', '{regress_clerk,regress_self}');
SET ROLE regress_both;
SET request.jwt.claims = '{"x-hasura-user-id": "1"}';
SELECT id, name FROM worker ORDER BY id;
SELECT salary FROM worker;
RESET ROLE;
SELECT threefactor.create_permission('worker', 'regress_pay', 'select', '{"columns": ["id", "salary"], "filter": {"boss": "X-Hasura-User-Id"}}');
SELECT threefactor.add_inherited_role('regress_all', '{regress_both,regress_pay}');
SELECT threefactor.add_inherited_role('regress_self', '{regress_both}');
SELECT threefactor.add_inherited_role('regress_both', '{regress_both}');
SELECT threefactor.add_inherited_role('regress_more', '{regress_none}');
SELECT threefactor.add_inherited_role('regress_more', '{}');
SELECT threefactor.add_inherited_role('admin', '{regress_self}');
SELECT threefactor.add_inherited_role('regress_more', '{admin}');
SELECT threefactor.add_inherited_role('regress_more', '{regress_both}');
SELECT threefactor.drop_inherited_role('regress_both');
-- a permission that would make it inexact afterwards
SELECT threefactor.create_permission('worker', 'regress_clerk', 'update', '{"columns": ["name"], "filter": {"id": 1}, "check": {}}');
SELECT threefactor.create_permission('worker', 'regress_self', 'update', '{"columns": ["note"], "filter": {"id": 2}, "check": {}}');
SELECT threefactor.create_permission('worker', 'regress_self', 'update', '{"columns": ["name"], "filter": {"id": 2}, "check": {"id": 2}}');
SELECT threefactor.create_permission('worker', 'regress_self', 'update', '{"columns": ["name"], "filter": {"id": 2}, "check": {}}');
SELECT threefactor.create_permission('worker', 'regress_self', 'insert', '{"columns": ["id"], "check": {}, "set": {"name": "X-Hasura-Name"}, "backend_only": true}');
SELECT role_name, operation FROM threefactor.permission WHERE relation = 'worker'::regclass ORDER BY 1, 2;
-- A preset holds for whoever has the role.
SET ROLE regress_more;
SET request.jwt.claims = '{"x-hasura-name": "Dan", "x-hasura-user-id": "4"}';
INSERT INTO worker (id) VALUES (4);
SELECT id, name FROM worker WHERE id = 4;
RESET ROLE;

-- What the gateway is told.
SELECT jsonb_pretty(threefactor.metadata()::jsonb #- '{permissions,0,oid}' -> 'permissions' -> 0) AS both;
SELECT p - 'oid' AS permission FROM jsonb_array_elements(threefactor.metadata()::jsonb -> 'permissions') AS p WHERE (p ->> 'oid')::oid = 'worker'::regclass ORDER BY p ->> 'role';

-- Why.
GRANT SELECT (note) ON worker TO PUBLIC;
CREATE POLICY hours ON worker AS RESTRICTIVE USING (id < 100);
SELECT * FROM threefactor.explain_rights('regress_more', 'worker');
SELECT * FROM threefactor.explain_rights('postgres', 'worker');
CREATE ROLE regress_stranger;
SELECT * FROM threefactor.explain_rights('regress_stranger', 'worker');
GRANT USAGE ON SCHEMA staff TO regress_stranger;
SELECT * FROM threefactor.explain_rights('regress_stranger', 'worker');
GRANT SELECT ON tall TO regress_stranger;
SELECT * FROM threefactor.explain_rights('regress_stranger', 'tall') WHERE allowed;

-- Natively: GRANTs and policies with claim() alone.
CREATE TABLE invoice (id integer, customer_id integer);
INSERT INTO invoice VALUES (1, 7), (2, 8);
GRANT SELECT ON invoice TO regress_stranger;
ALTER TABLE invoice ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON invoice TO regress_stranger USING (customer_id = (SELECT threefactor.claim('user_id'))::integer);
SET ROLE regress_stranger;
SET request.jwt.claims = '{"x-hasura-user-id": "7"}';
SELECT * FROM invoice;
SET request.jwt.claims = '{}';
SELECT * FROM invoice;
RESET ROLE;

-- A prefix keeps the roles of the API apart from others.
SET threefactor_gateway.role_prefix = 'regress_app_';
SELECT threefactor.create_permission('invoice', 'user', 'select', '{"columns": "*", "filter": {}}');
SELECT polname, polroles::regrole[] FROM pg_policy WHERE polrelid = 'invoice'::regclass ORDER BY 1;
RESET threefactor_gateway.role_prefix;
SELECT threefactor.drop_permission('invoice', 'user', 'select');

-- What 0.1 stored becomes rights when somebody says so.
INSERT INTO threefactor.permission VALUES ('invoice', 'regress_old', 'select', '{"columns": ["id"], "filter": {"customer_id": 8}}');
SELECT threefactor.apply_permissions();
SELECT threefactor.apply_permissions();
SET ROLE regress_old;
SELECT id FROM invoice;
RESET ROLE;

-- An app lets a role see its own dead letters, by a function of an administrator and a view.
CREATE ROLE regress_operator IN ROLE threefactor_admin;
GRANT USAGE, CREATE ON SCHEMA staff TO regress_operator;
SET ROLE regress_operator;
CREATE FUNCTION own_dead_letters() RETURNS TABLE (event_id uuid, event_trigger text, error text) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$ SELECT event_id, event_trigger, last_error FROM threefactor.dead_letters WHERE new_row ->> 'user_id' = threefactor.claim('user_id') $$;
REVOKE ALL ON FUNCTION own_dead_letters() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION own_dead_letters() TO regress_stranger;
CREATE VIEW dead_letters AS SELECT * FROM own_dead_letters();
RESET ROLE;
GRANT SELECT ON dead_letters TO regress_stranger;
SET ROLE regress_stranger;
SET request.jwt.claims = '{"x-hasura-user-id": "7"}';
SELECT * FROM dead_letters;
SELECT * FROM threefactor.dead_letters;
RESET ROLE;

SELECT threefactor.drop_inherited_role('regress_more');
SELECT threefactor.drop_inherited_role('regress_both');
SELECT threefactor.drop_inherited_role('regress_both');
SELECT count(*) FROM pg_auth_members WHERE member IN ('regress_more'::regrole, 'regress_both'::regrole);
DROP TABLE worker CASCADE;
DROP TABLE invoice;
SELECT count(*) FROM pg_proc WHERE pronamespace = 'threefactor_policy'::regnamespace;
SELECT count(*) FROM threefactor.permission_part AS p WHERE p.role_name LIKE 'regress%';
