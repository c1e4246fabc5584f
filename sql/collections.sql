-- Metadata that is not about one table or function: the version of all of it, what tools keep beside it, query collections, the allow-list and
-- limits. It concerns every user of the database, so the owner of the database changes it.

-- One row: which state of the metadata this is. Not dumped: a copy counts its own changes.
CREATE TABLE threefactor.metadata_state (
  only_row         boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  id               uuid    NOT NULL DEFAULT gen_random_uuid(),
  resource_version bigint  NOT NULL DEFAULT 1,  -- higher after each transaction that changes metadata
  changed_by       xid8                         -- the transaction that counted last
);
INSERT INTO threefactor.metadata_state DEFAULT VALUES;

CREATE TABLE threefactor.metadata_part (
  name  text PRIMARY KEY CHECK (name IN ('source', 'api_limits', 'cli_state', 'console_state')),
  value json NOT NULL
);

CREATE TABLE threefactor.query_collection (
  name    text PRIMARY KEY CHECK (name <> ''),
  comment text,
  queries json NOT NULL  -- [{"name", "query"}], in the order given
);

CREATE TABLE threefactor.allowlist (
  collection text PRIMARY KEY REFERENCES threefactor.query_collection ON UPDATE CASCADE,
  roles      text[]  -- null: every role
);

-- What replace_metadata was told to keep although it cannot be made: no table of the name, say. Tried again by reload_metadata.
CREATE TABLE threefactor.inconsistent_object (
  kind         text NOT NULL,             -- the list of the metadata that it stands in: table, object_relationships, event_triggers ...
  table_schema text NOT NULL DEFAULT '',  -- of the table or function that it belongs to; empty: it belongs to none
  table_name   text NOT NULL DEFAULT '',
  name         text NOT NULL,
  definition   json NOT NULL,             -- as the metadata has it
  reason       text NOT NULL,
  owner        text NOT NULL,             -- who stored it: threefactor_private.role_of
  owner_id     text NOT NULL,
  PRIMARY KEY (kind, table_schema, table_name, name)
);

SELECT pg_catalog.pg_extension_config_dump('threefactor.metadata_part', '');
SELECT pg_catalog.pg_extension_config_dump('threefactor.query_collection', '');
SELECT pg_catalog.pg_extension_config_dump('threefactor.allowlist', '');
SELECT pg_catalog.pg_extension_config_dump('threefactor.inconsistent_object', '');

-- Private. Counts a transaction that changes metadata, once. Later ones wait for its end, so that who has read a version knows all before it.
CREATE FUNCTION threefactor_private.count_change() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE threefactor.metadata_state AS s SET resource_version = s.resource_version + 1, changed_by = pg_current_xact_id()
   WHERE s.changed_by IS DISTINCT FROM pg_current_xact_id();
  RETURN NULL;
END $$;
CREATE TRIGGER count_change AFTER INSERT OR UPDATE OR DELETE ON threefactor.tracked_table FOR EACH ROW EXECUTE FUNCTION threefactor_private.count_change();
CREATE TRIGGER count_change AFTER INSERT OR UPDATE OR DELETE ON threefactor.relationship FOR EACH ROW EXECUTE FUNCTION threefactor_private.count_change();
CREATE TRIGGER count_change AFTER INSERT OR UPDATE OR DELETE ON threefactor.tracked_function FOR EACH ROW EXECUTE FUNCTION threefactor_private.count_change();
CREATE TRIGGER count_change AFTER INSERT OR UPDATE OR DELETE ON threefactor.computed_field FOR EACH ROW EXECUTE FUNCTION threefactor_private.count_change();
CREATE TRIGGER count_change AFTER INSERT OR UPDATE OR DELETE ON threefactor.permission FOR EACH ROW EXECUTE FUNCTION threefactor_private.count_change();
CREATE TRIGGER count_change AFTER INSERT OR UPDATE OR DELETE ON threefactor.function_permission FOR EACH ROW EXECUTE FUNCTION threefactor_private.count_change();
CREATE TRIGGER count_change AFTER INSERT OR UPDATE OR DELETE ON threefactor.inherited_role FOR EACH ROW EXECUTE FUNCTION threefactor_private.count_change();
CREATE TRIGGER count_change AFTER INSERT OR UPDATE OR DELETE ON threefactor.query_collection FOR EACH ROW EXECUTE FUNCTION threefactor_private.count_change();
CREATE TRIGGER count_change AFTER INSERT OR UPDATE OR DELETE ON threefactor.allowlist FOR EACH ROW EXECUTE FUNCTION threefactor_private.count_change();
CREATE TRIGGER count_change AFTER INSERT OR UPDATE OR DELETE ON threefactor.inconsistent_object FOR EACH ROW EXECUTE FUNCTION threefactor_private.count_change();
-- What tools keep is no metadata; what the worker does is no change of a definition.
CREATE TRIGGER count_change AFTER INSERT OR UPDATE ON threefactor.metadata_part FOR EACH ROW WHEN (NEW.name NOT LIKE '%\_state')
  EXECUTE FUNCTION threefactor_private.count_change();
CREATE TRIGGER count_removal AFTER DELETE ON threefactor.metadata_part FOR EACH ROW WHEN (OLD.name NOT LIKE '%\_state')
  EXECUTE FUNCTION threefactor_private.count_change();
CREATE TRIGGER count_change AFTER INSERT OR UPDATE OF definition_id, manual ON threefactor.event_trigger FOR EACH ROW
  WHEN (NEW.name NOT LIKE 'once:%') EXECUTE FUNCTION threefactor_private.count_change();
CREATE TRIGGER count_removal AFTER DELETE ON threefactor.event_trigger FOR EACH ROW WHEN (OLD.name NOT LIKE 'once:%')
  EXECUTE FUNCTION threefactor_private.count_change();
CREATE TRIGGER count_change AFTER UPDATE OF webhook ON threefactor.definition FOR EACH ROW EXECUTE FUNCTION threefactor_private.count_change();
CREATE TRIGGER count_change AFTER INSERT OR UPDATE OF cron, time_zone, payload, comment, tolerance, include_in_metadata ON threefactor.schedule
  FOR EACH ROW EXECUTE FUNCTION threefactor_private.count_change();

-- The version of the metadata. With `expected`: raises unless it is that one, and keeps others from changing it until the transaction ends.
CREATE FUNCTION threefactor.resource_version(expected bigint DEFAULT NULL) RETURNS bigint
  LANGUAGE threefactor AS $$
DECLARE
  present bigint;
BEGIN
  IF expected IS NULL THEN
    RETURN (SELECT s.resource_version FROM threefactor.metadata_state AS s);
  END IF;
  SELECT s.resource_version INTO present FROM threefactor.metadata_state AS s FOR UPDATE;
  IF present <> expected THEN
    RAISE EXCEPTION 'metadata resource version referenced (%) did not match current version', expected USING ERRCODE = 'TFVER',
      HINT = format('The metadata has version %s now: export it, make the change again, and send that version.', present);
  END IF;
  RETURN present;
END $$;

-- Counts a change although nothing is changed, as reload_metadata does.
CREATE FUNCTION threefactor.count_reload() RETURNS void
  LANGUAGE threefactor AS $$
BEGIN
  UPDATE threefactor.metadata_state AS s SET resource_version = s.resource_version + 1, changed_by = pg_current_xact_id()
   WHERE s.changed_by IS DISTINCT FROM pg_current_xact_id();
END $$;

-- Whether requests may name the metadata's source so; "default" always stands for it.
CREATE FUNCTION threefactor.check_source(name text) RETURNS void
  LANGUAGE threefactor STABLE AS $$
BEGIN
  IF check_source.name <> 'default' AND check_source.name IS DISTINCT FROM (SELECT p.value ->> 'name' FROM threefactor.metadata_part AS p WHERE p.name = 'source') THEN
    RAISE EXCEPTION 'source with name "%" does not exist', check_source.name USING ERRCODE = 'TFNEX';
  END IF;
END $$;

-- Private. Keeps one of the parts there is at most one of; null removes it.
CREATE FUNCTION threefactor_private.set_part(name text, value json) RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM threefactor_private.require_database_owner();
  IF value IS NULL THEN
    DELETE FROM threefactor.metadata_part AS p WHERE p.name = set_part.name;
  ELSE
    INSERT INTO threefactor.metadata_part AS p VALUES (set_part.name, set_part.value)
    ON CONFLICT ON CONSTRAINT metadata_part_pkey DO UPDATE SET value = excluded.value WHERE p.value::text <> excluded.value::text;
  END IF;
END $$;

-- What the metadata says of the database beside its tables: {"name", "kind", "configuration", ...}.
CREATE FUNCTION threefactor.set_source(source json) RETURNS void
  LANGUAGE threefactor AS $$
BEGIN
  PERFORM threefactor_private.set_part('source', source);
END $$;

-- Limits of requests of roles other than admin, as the metadata API checks them; null: none.
CREATE FUNCTION threefactor.set_api_limits(limits json) RETURNS void
  LANGUAGE threefactor AS $$
BEGIN
  PERFORM threefactor_private.set_part('api_limits', limits);
END $$;

-- What a tool (cli, console) keeps beside the metadata.
CREATE FUNCTION threefactor.set_catalog_state(tool text, state json) RETURNS void
  LANGUAGE threefactor AS $$
BEGIN
  IF tool IS NULL OR tool NOT IN ('cli', 'console') THEN
    RAISE EXCEPTION 'there is a state of cli and of console, not of "%"', tool USING ERRCODE = 'invalid_parameter_value';
  END IF;
  PERFORM threefactor_private.set_part(tool || '_state', state);
END $$;
CREATE FUNCTION threefactor.catalog_state() RETURNS json
  LANGUAGE threefactor STABLE AS $$
BEGIN
  RETURN (SELECT json_build_object(
            'id', s.id, 'cli_state', coalesce((SELECT p.value FROM threefactor.metadata_part AS p WHERE p.name = 'cli_state'), '{}'),
            'console_state', coalesce((SELECT p.value FROM threefactor.metadata_part AS p WHERE p.name = 'console_state'), '{}'))
            FROM threefactor.metadata_state AS s);
END $$;

-- Private. The collection, locked; raises where there is none.
CREATE FUNCTION threefactor_private.find_collection(name text) RETURNS threefactor.query_collection
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  wanted threefactor.query_collection;
BEGIN
  PERFORM threefactor_private.require_database_owner();
  SELECT * INTO wanted FROM threefactor.query_collection AS c WHERE c.name = find_collection.name FOR UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'query collection with name "%" does not exist', name USING ERRCODE = 'TFNEX';
  END IF;
  RETURN wanted;
END $$;

-- Private. Raises where a query has no name, or two have the same.
CREATE FUNCTION threefactor_private.check_queries(queries json) RETURNS void
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  wrong text;
BEGIN
  SELECT coalesce(q ->> 'name', '') INTO wrong FROM json_array_elements(queries) AS q
   GROUP BY 1 HAVING count(*) > 1 OR coalesce(q ->> 'name', '') = '' ORDER BY 1 LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'the name "%" of a query is empty, or given twice', wrong USING ERRCODE = 'TFEXI';
  END IF;
END $$;

CREATE FUNCTION threefactor.create_query_collection(name text, queries json DEFAULT '[]', comment text DEFAULT NULL) RETURNS void
  LANGUAGE threefactor AS $$
BEGIN
  PERFORM threefactor_private.require_database_owner(), threefactor_private.check_queries(create_query_collection.queries);
  IF coalesce(create_query_collection.name, '') = '' THEN
    RAISE EXCEPTION 'a query collection needs a name' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  INSERT INTO threefactor.query_collection AS c
  VALUES (create_query_collection.name, create_query_collection.comment, create_query_collection.queries) ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'query collection with name "%" already exists', name USING ERRCODE = 'TFEXI';
  END IF;
END $$;

CREATE FUNCTION threefactor.rename_query_collection(name text, new_name text) RETURNS void
  LANGUAGE threefactor AS $$
BEGIN
  PERFORM threefactor_private.find_collection(rename_query_collection.name);
  IF EXISTS (SELECT FROM threefactor.query_collection AS c WHERE c.name = rename_query_collection.new_name) THEN
    RAISE EXCEPTION 'query collection with name "%" already exists', new_name USING ERRCODE = 'TFEXI';
  END IF;
  UPDATE threefactor.query_collection AS c SET name = rename_query_collection.new_name WHERE c.name = rename_query_collection.name;
END $$;

-- With "cascade" also from the allow-list.
CREATE FUNCTION threefactor.drop_query_collection(name text, "cascade" boolean DEFAULT false) RETURNS void
  LANGUAGE threefactor AS $$
BEGIN
  PERFORM threefactor_private.find_collection(drop_query_collection.name);
  IF coalesce(drop_query_collection."cascade", false) THEN
    DELETE FROM threefactor.allowlist AS a WHERE a.collection = drop_query_collection.name;
  ELSIF EXISTS (SELECT FROM threefactor.allowlist AS a WHERE a.collection = drop_query_collection.name) THEN
    RAISE EXCEPTION 'query collection with name "%" is present in the allowlist; cannot proceed to drop', name USING ERRCODE = 'TFDEP',
      HINT = 'Pass cascade, or drop it from the allowlist first.';
  END IF;
  DELETE FROM threefactor.query_collection AS c WHERE c.name = drop_query_collection.name;
END $$;

CREATE FUNCTION threefactor.add_query_to_collection(collection text, name text, query text) RETURNS void
  LANGUAGE threefactor AS $$
DECLARE
  changed threefactor.query_collection := threefactor_private.find_collection(add_query_to_collection.collection);
BEGIN
  IF EXISTS (SELECT FROM json_array_elements(changed.queries) AS q WHERE q ->> 'name' = add_query_to_collection.name) THEN
    RAISE EXCEPTION 'query with name "%" already exists in collection "%"', name, collection USING ERRCODE = 'TFEXI';
  END IF;
  changed.queries := (SELECT json_agg(q.query ORDER BY q.place) FROM (
    SELECT e.query, e.place FROM json_array_elements(changed.queries) WITH ORDINALITY AS e(query, place)
    UNION ALL SELECT json_build_object('name', add_query_to_collection.name, 'query', add_query_to_collection.query), 2147483647) AS q);
  PERFORM threefactor_private.check_queries(changed.queries);
  UPDATE threefactor.query_collection AS c SET queries = changed.queries WHERE c.name = changed.name;
END $$;

CREATE FUNCTION threefactor.drop_query_from_collection(collection text, name text) RETURNS void
  LANGUAGE threefactor AS $$
DECLARE
  changed threefactor.query_collection := threefactor_private.find_collection(drop_query_from_collection.collection);
BEGIN
  IF NOT EXISTS (SELECT FROM json_array_elements(changed.queries) AS q WHERE q ->> 'name' = drop_query_from_collection.name) THEN
    RAISE EXCEPTION 'query with name "%" not found in collection "%"', name, collection USING ERRCODE = 'TFNEX';
  END IF;
  UPDATE threefactor.query_collection AS c
     SET queries = (SELECT coalesce(json_agg(q.query ORDER BY q.place), '[]')
                      FROM json_array_elements(changed.queries) WITH ORDINALITY AS q(query, place)
                     WHERE q.query ->> 'name' IS DISTINCT FROM drop_query_from_collection.name)
   WHERE c.name = changed.name;
END $$;

-- roles: whose requests it allows, null: everybody's. `replace`: of a collection that is there already.
CREATE FUNCTION threefactor.allow_collection(collection text, roles text[] DEFAULT NULL, replace boolean DEFAULT false) RETURNS void
  LANGUAGE threefactor AS $$
DECLARE
  changed threefactor.query_collection := threefactor_private.find_collection(allow_collection.collection);
BEGIN
  IF allow_collection.roles = '{}' OR array_position(allow_collection.roles, '') IS NOT NULL
     OR (SELECT count(DISTINCT r) < count(*) FROM unnest(allow_collection.roles) AS r) THEN
    RAISE EXCEPTION 'roles must be a list of different roles that is not empty' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  IF replace IS TRUE THEN
    UPDATE threefactor.allowlist AS a SET roles = allow_collection.roles WHERE a.collection = changed.name;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'collection "%" does not exist in the allowlist', collection USING ERRCODE = 'TFNEX';
    END IF;
    RETURN;
  END IF;
  INSERT INTO threefactor.allowlist AS a VALUES (changed.name, allow_collection.roles) ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'collection "%" already exists in the allowlist', collection USING ERRCODE = 'TFEXI';
  END IF;
END $$;

CREATE FUNCTION threefactor.disallow_collection(collection text) RETURNS void
  LANGUAGE threefactor AS $$
BEGIN
  PERFORM threefactor_private.require_database_owner();
  DELETE FROM threefactor.allowlist AS a WHERE a.collection = disallow_collection.collection;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'collection "%" does not exist in the allowlist', collection USING ERRCODE = 'TFNEX';
  END IF;
END $$;

-- Private. Whether the caller may see and drop what that role has stored as inconsistent.
CREATE FUNCTION threefactor_private.caller_stored(wanted threefactor.inconsistent_object) RETURNS boolean
  LANGUAGE sql STABLE RETURN threefactor_private.caller_acts_for(threefactor_private.role_of((wanted).owner, (wanted).owner_id));
