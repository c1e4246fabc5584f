-- What a policy may ask about who asks. Both read the setting request.jwt.claims, or hasura.user where that is not set: JSON objects,
-- which the gateway sets for the transaction. Written (SELECT threefactor.claim('user_id')) it is evaluated once per statement.
CREATE FUNCTION threefactor.claim(name text, missing_ok boolean DEFAULT false) RETURNS text
  LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'threefactor_claim';

-- True, or an error. In a policy it comes first, and is evaluated once, at the first row that the plan looks at: no OR hides that a variable
-- is missing.
CREATE FUNCTION threefactor.require_claims(VARIADIC names text[]) RETURNS boolean
  LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'threefactor_require_claims';

-- Private. Runs a statement with the rights of the role, as a security-restricted operation under search_path pg_catalog.
CREATE FUNCTION threefactor_private.run_as(role oid, statement text) RETURNS void
  LANGUAGE c VOLATILE STRICT AS 'MODULE_PATHNAME', 'threefactor_run_as';

-- Functions that policies and triggers of permissions call. Nobody has USAGE of the schema: what a policy has stored runs without it, and
-- nobody calls one with arguments of his own.
CREATE SCHEMA threefactor_policy;
