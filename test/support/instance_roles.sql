-- Who the gateway of the running instance logs in as, and what its administrators are: neither is a superuser. What the cluster's
-- superuser has made belongs to them too, so that tables of a psql session can be tracked.
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'gateway') THEN CREATE ROLE gateway LOGIN; END IF;
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'gateway_admin') THEN CREATE ROLE gateway_admin CREATEROLE; END IF;
  EXECUTE pg_catalog.format('GRANT %I TO gateway_admin', current_user);
  EXECUTE pg_catalog.format('GRANT CREATE ON DATABASE %I TO gateway_admin', pg_catalog.current_database());
END $$;
GRANT threefactor_gateway, gateway_admin TO gateway;
GRANT threefactor_admin TO gateway_admin;
GRANT ALL ON SCHEMA public TO gateway_admin;
