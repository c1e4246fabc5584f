\echo Use "ALTER EXTENSION threefactor UPDATE" to load this file. \quit

-- The first half of the upgrade from 0.1 to 0.2: what CREATE OR REPLACE cannot do. The second half is made of the parts of the
-- extension script (parts.awk). Writers wait for it as long as it runs, not longer; nothing that is pending is touched.

-- Fails with its hint when the library is not preloaded; its worker starts at commit, and delivers what is pending.
SELECT threefactor.start_worker();
SELECT threefactor.definitions_changed();

-- Made again below, with other columns or arguments.
DROP VIEW threefactor.event_triggers, threefactor.events, threefactor.attempts, threefactor.deliveries, threefactor.dead_letters,
  threefactor.status;
DROP FUNCTION threefactor.create_event_trigger(text, regclass, text, text[], text[], text, text[], jsonb, jsonb, boolean);
DROP FUNCTION threefactor.make_event_trigger(text, regclass, text, text[], text[], text, text[], jsonb, jsonb, boolean, text);
DROP FUNCTION threefactor.create_capture_trigger(regclass, text, text, text[], text[], text);
DROP FUNCTION threefactor.append_event(integer, text, text, json);
DROP FUNCTION threefactor.drop_capture_triggers(integer);
DROP FUNCTION threefactor.redeliver(uuid, text, boolean);
DROP FUNCTION threefactor.drop_relationship(regclass, text);
DROP FUNCTION threefactor.invoke(text, json);
DROP FUNCTION threefactor.retry_number(jsonb, text, numeric, numeric, numeric, boolean);

-- Private functions go where nobody looks (header.sql).
CREATE SCHEMA threefactor_private;
ALTER FUNCTION threefactor.check_enum SET SCHEMA threefactor_private;
ALTER FUNCTION threefactor.check_field_name SET SCHEMA threefactor_private;
ALTER FUNCTION threefactor.check_headers SET SCHEMA threefactor_private;
ALTER FUNCTION threefactor.check_webhook SET SCHEMA threefactor_private;
ALTER FUNCTION threefactor.column_numbers SET SCHEMA threefactor_private;
ALTER FUNCTION threefactor.complete_retry SET SCHEMA threefactor_private;
ALTER FUNCTION threefactor.definitions_changed SET SCHEMA threefactor_private;
ALTER FUNCTION threefactor.describe_function SET SCHEMA threefactor_private;
ALTER FUNCTION threefactor.display_name SET SCHEMA threefactor_private;
ALTER FUNCTION threefactor.enum_values SET SCHEMA threefactor_private;
ALTER FUNCTION threefactor.event_trigger_names SET SCHEMA threefactor_private;
ALTER FUNCTION threefactor.find_event_trigger SET SCHEMA threefactor_private;
ALTER FUNCTION threefactor.find_foreign_key SET SCHEMA threefactor_private;
ALTER FUNCTION threefactor.find_function SET SCHEMA threefactor_private;
ALTER FUNCTION threefactor.masked_headers SET SCHEMA threefactor_private;
ALTER FUNCTION threefactor.parked_changed SET SCHEMA threefactor_private;
ALTER FUNCTION threefactor.start_worker SET SCHEMA threefactor_private;
ALTER FUNCTION threefactor.worker_status SET SCHEMA threefactor_private;

ALTER TABLE threefactor.origin
  ADD COLUMN set_aside_at timestamptz,
  ADD COLUMN set_aside_to pg_snapshot;
REVOKE ALL ON threefactor.origin FROM threefactor_admin;

ALTER TABLE threefactor.outbox ADD COLUMN order_keys bigint[];

DROP INDEX threefactor.parked_due;
ALTER TABLE threefactor.parked
  ADD COLUMN order_key bigint,
  DROP CONSTRAINT parked_state_check,
  ADD CONSTRAINT parked_state_check CHECK (state IN ('retrying', 'blocked', 'dead'));

ALTER TABLE threefactor.event_trigger
  ADD COLUMN pause_reason text,
  ADD COLUMN errors_of integer UNIQUE,
  ADD COLUMN manual boolean NOT NULL DEFAULT true,
  ADD COLUMN owner text,
  ADD COLUMN owner_id text;
UPDATE threefactor.event_trigger AS t SET owner = pg_catalog.pg_get_userbyid(c.relowner)
  FROM threefactor.definition AS d JOIN pg_catalog.pg_class AS c ON c.oid = d.relation WHERE d.definition_id = t.definition_id;

ALTER TABLE threefactor.definition
  ADD COLUMN topic text,
  ADD COLUMN endpoint jsonb NOT NULL DEFAULT '{}',
  ADD COLUMN body text NOT NULL DEFAULT 'hasura',
  ADD COLUMN secrets text[],
  ADD COLUMN order_by text[],
  ADD COLUMN on_dead text NOT NULL DEFAULT 'block',
  ADD COLUMN apply text,
  ADD COLUMN error_webhook text,
  ADD COLUMN on_replica boolean NOT NULL DEFAULT false,
  ADD COLUMN apply_path text,
  ADD COLUMN apply_role text,
  ADD COLUMN condition_path text,
  ADD COLUMN apply_role_id text,
  ADD COLUMN payloads jsonb;

ALTER TABLE threefactor.tracked_function ADD COLUMN function_oid oid;
UPDATE threefactor.tracked_function AS f SET function_oid = p.oid
  FROM pg_catalog.pg_proc AS p JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
 WHERE n.nspname = f.function_schema AND p.proname = f.function_name;
ALTER TABLE threefactor.computed_field ADD COLUMN function_oid oid;
UPDATE threefactor.computed_field AS f SET function_oid = p.oid
  FROM pg_catalog.pg_proc AS p JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
 WHERE n.nspname = f.function_schema AND p.proname = f.function_name;

-- Those that 0.1 has made, or taken. Later versions ask first (rights.sql).
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['threefactor_admin', 'threefactor_monitor', 'threefactor_gateway'] LOOP
    EXECUTE format('ALTER ROLE %I SET threefactor.take_over_roles = on', name);
  END LOOP;
END $$;

-- Permissions that 0.1 has stored become rights by apply_permissions().
ALTER TABLE threefactor.function_permission ADD COLUMN database_role text;
ALTER TABLE threefactor.inherited_role
  ADD COLUMN database_role text,
  ADD COLUMN granted text[];
