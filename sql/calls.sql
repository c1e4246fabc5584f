-- Whose rights count. A function of the API in the language "threefactor" is PL/pgSQL that runs with the rights of its owner, as
-- SECURITY DEFINER does, with a pinned search_path; but it knows whose call it serves, whatever SET ROLE and other functions did
-- before, and its errors carry no CONTEXT. Every such function asks for the rights of its caller: nothing else protects the tables.
-- extension/rights/caller.hpp; why so: extension/DECISIONS.md.
CREATE FUNCTION threefactor_private.call_handler() RETURNS language_handler
  LANGUAGE c AS 'MODULE_PATHNAME', 'threefactor_call';
CREATE LANGUAGE threefactor HANDLER threefactor_private.call_handler VALIDATOR pg_catalog.plpgsql_validator;

-- Private. The role whose call is served, and its search_path.
CREATE FUNCTION threefactor_private.caller() RETURNS oid
  LANGUAGE c STABLE AS 'MODULE_PATHNAME', 'threefactor_caller';
CREATE FUNCTION threefactor_private.caller_path() RETURNS text
  LANGUAGE c STABLE AS 'MODULE_PATHNAME', 'threefactor_caller_path';

-- Private. Whether the caller has the rights of the role. What has no owner any more (null) is the superusers'.
CREATE FUNCTION threefactor_private.caller_acts_for(role oid) RETURNS boolean
  LANGUAGE sql STABLE RETURN pg_has_role(threefactor_private.caller(), coalesce(role, 10), 'USAGE');

-- Private, of the views: whether their reader may see the rows, responses and errors of what belongs to the role.
CREATE FUNCTION threefactor_private.reader_owns(role oid) RETURNS boolean
  LANGUAGE sql STABLE RETURN pg_has_role('threefactor_admin', 'USAGE') AND pg_has_role(coalesce(role, 10), 'USAGE');

-- Private. What of an error those see who may not see the rest: its kind, which holds no value (for errors of apply, SQLSTATE and condition).
CREATE FUNCTION threefactor_private.public_error(error text) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN split_part(error, ': ', 1);

-- Private. Raises unless the caller owns the relation.
CREATE FUNCTION threefactor_private.require_owner(relation regclass) RETURNS void
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  class pg_class;
BEGIN
  SELECT * INTO class FROM pg_class WHERE oid = relation;
  IF class.oid IS NULL THEN
    RAISE EXCEPTION 'there is no relation with OID %', coalesce(relation::oid::text, 'null') USING ERRCODE = 'undefined_table';
  END IF;
  IF NOT threefactor_private.caller_acts_for(class.relowner) THEN
    RAISE EXCEPTION 'must be owner of table %', relation USING ERRCODE = 'insufficient_privilege';
  END IF;
END $$;

-- Private. Whether the caller owns every function of that name that there is; raises otherwise.
CREATE FUNCTION threefactor_private.caller_owns_functions(schema_name text, name text) RETURNS boolean
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT NOT EXISTS (SELECT FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
                      WHERE n.nspname = schema_name AND p.proname = caller_owns_functions.name AND NOT threefactor_private.caller_acts_for(p.proowner))
$$;
CREATE FUNCTION threefactor_private.require_function_owner(schema_name text, name text) RETURNS void
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT threefactor_private.caller_owns_functions(schema_name, name) THEN
    RAISE EXCEPTION 'must be owner of function %.%', quote_ident(schema_name), quote_ident(name) USING ERRCODE = 'insufficient_privilege';
  END IF;
END $$;

-- Private. Whether the caller owns the database; raises otherwise.
CREATE FUNCTION threefactor_private.caller_owns_database() RETURNS boolean
  LANGUAGE sql STABLE RETURN threefactor_private.caller_acts_for((SELECT datdba FROM pg_database WHERE datname = current_database()));
CREATE FUNCTION threefactor_private.require_database_owner() RETURNS void
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT threefactor_private.caller_owns_database() THEN
    RAISE EXCEPTION 'must be owner of database %', quote_ident(current_database()) USING ERRCODE = 'insufficient_privilege';
  END IF;
END $$;

-- JSON as an argument: a value of json, jsonb or text, or a literal, so that none of them needs a cast. It is kept as it is written.
CREATE TYPE threefactor.payload;
CREATE FUNCTION threefactor_private.payload_in(cstring) RETURNS threefactor.payload
  LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'json_in';
CREATE FUNCTION threefactor_private.payload_out(threefactor.payload) RETURNS cstring
  LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'json_out';
CREATE FUNCTION threefactor_private.payload_recv(internal) RETURNS threefactor.payload
  LANGUAGE internal STABLE STRICT PARALLEL SAFE AS 'json_recv';
CREATE FUNCTION threefactor_private.payload_send(threefactor.payload) RETURNS bytea
  LANGUAGE internal STABLE STRICT PARALLEL SAFE AS 'json_send';
CREATE TYPE threefactor.payload (INPUT = threefactor_private.payload_in, OUTPUT = threefactor_private.payload_out, RECEIVE = threefactor_private.payload_recv,
  SEND = threefactor_private.payload_send, LIKE = text);
CREATE CAST (json AS threefactor.payload) WITHOUT FUNCTION AS IMPLICIT;
CREATE CAST (threefactor.payload AS json) WITHOUT FUNCTION AS IMPLICIT;
CREATE CAST (jsonb AS threefactor.payload) WITH INOUT AS IMPLICIT;
CREATE CAST (text AS threefactor.payload) WITH INOUT AS IMPLICIT;
CREATE CAST (varchar AS threefactor.payload) WITH INOUT AS IMPLICIT;
