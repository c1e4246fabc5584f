-- What the views and the functions share: whose an event trigger is, and what of it is a secret.

-- Private. The names of the headers; values only where they are names of environment variables.
CREATE FUNCTION threefactor_private.masked_headers(headers jsonb) RETURNS jsonb
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN (SELECT coalesce(jsonb_object_agg(key, CASE jsonb_typeof(value) WHEN 'object' THEN value ELSE '"***"' END), '{}')
            FROM jsonb_each(headers));

-- Private. A URL without its user, password, query and fragment.
CREATE FUNCTION threefactor_private.masked_url(url text) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN regexp_replace(regexp_replace(url, '^([A-Za-z]+://)[^/?#]*@', '\1***@'), '[?#].*$', '?***');

-- Private. What of a URL those see who may not see the rest: where it leads, not its path, which may be a secret.
CREATE FUNCTION threefactor_private.shown_url(url text, readable boolean) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN CASE WHEN readable THEN threefactor_private.masked_url(url)
              ELSE regexp_replace(threefactor_private.masked_url(url), '^([A-Za-z]+://[^/?#]*|\{\{[A-Za-z_][A-Za-z0-9_]*\}\})[/?#].+$', '\1/***') END;

-- Private. A role by number, in this cluster; and the role of a name and number: by its number, so that it may be renamed and nobody takes its
-- place by name, in another cluster (a restored dump) by its name. Null: it is gone.
CREATE FUNCTION threefactor_private.role_id(role oid) RETURNS text
  LANGUAGE sql STABLE RETURN split_part(threefactor.this_database(), '/', 1) || '/' || role;
CREATE FUNCTION threefactor_private.role_of(name text, id text) RETURNS oid
  LANGUAGE sql STABLE
  RETURN CASE WHEN split_part(id, '/', 1) = split_part(threefactor.this_database(), '/', 1)
              THEN (SELECT r.oid FROM pg_roles AS r WHERE r.oid = split_part(id, '/', 2)::oid)
              ELSE (SELECT r.oid FROM pg_roles AS r WHERE r.rolname = name) END;

-- Private. The names of the event triggers, also of those that were dropped, and the role whose they are: the owner of the table, else
-- the one that made it; null: it is gone. The event trigger of an error webhook belongs to that of its event trigger.
CREATE VIEW threefactor_private.names AS
  SELECT t.trigger_id, t.name, coalesce(c.relowner, threefactor_private.role_of(coalesce(p.owner, t.owner), coalesce(p.owner_id, t.owner_id))) AS owner
    FROM threefactor.event_trigger AS t
    LEFT JOIN threefactor.event_trigger AS p ON p.trigger_id = t.errors_of
    LEFT JOIN threefactor.definition AS d ON d.definition_id = coalesce(p.definition_id, t.definition_id)
    LEFT JOIN pg_catalog.pg_class AS c ON c.oid = d.relation
  UNION ALL
  SELECT t.trigger_id, t.name || ' (dropped)', threefactor_private.role_of(t.owner, t.owner_id) FROM threefactor.dropped_event_trigger AS t;

-- Private. The names of the event triggers that definitions belong to. With the owner's rights, for readers of the views.
CREATE FUNCTION threefactor_private.event_trigger_names(definitions integer[]) RETURNS text[]
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  RETURN ARRAY(SELECT DISTINCT n.name FROM threefactor.definition AS d JOIN threefactor_private.names AS n USING (trigger_id)
                WHERE d.definition_id = ANY (definitions) ORDER BY n.name);

-- Private. Whose an event trigger of that name is, or will be: the owner of the table's; of no table, that of what has the name; else the caller's.
CREATE FUNCTION threefactor_private.owner_of(name text, relation oid) RETURNS oid
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
  RETURN coalesce((SELECT c.relowner FROM pg_class AS c WHERE c.oid = relation),
                  (SELECT n.owner FROM threefactor.event_trigger AS t JOIN threefactor_private.names AS n USING (trigger_id) WHERE t.name = owner_of.name),
                  threefactor_private.caller());

-- Private. Event triggers go with their tables to new owners (extension/capture/owners.hpp): their endpoints and apply statements too, and they
-- stay with the last owner when the table is dropped, so that nobody reads what was captured after the table had ceased to be his.
CREATE FUNCTION threefactor_private.follow_owners() RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  moved record;
BEGIN
  FOR moved IN
    UPDATE threefactor.event_trigger AS t SET owner = pg_get_userbyid(c.relowner), owner_id = threefactor_private.role_id(c.relowner)
      FROM threefactor.definition AS d JOIN pg_class AS c ON c.oid = d.relation
     WHERE d.definition_id = t.definition_id AND t.owner_id IS DISTINCT FROM threefactor_private.role_id(c.relowner)
    RETURNING t.name, d.apply_role, d.apply IS NOT NULL AND threefactor_private.role_of(d.apply_role, d.apply_role_id) IS DISTINCT FROM c.relowner AS stops
  LOOP
    PERFORM threefactor_private.definitions_changed();
    IF moved.stops THEN
      RAISE WARNING 'event trigger "%" has an apply statement of role "%", whose it is no more', moved.name, moved.apply_role
        USING DETAIL = 'Its deliveries fail until somebody gives one who owns it now.',
              HINT = $h$Use threefactor.alter_event_trigger with apply => ..., or with reset => '{apply}'.$h$;
    END IF;
  END LOOP;
END $$;
