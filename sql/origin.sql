-- Which database this is. A copy (restored dump, clone, template) has the origin of another one and delivers nothing until
-- adopt(). A restored dump has two rows: its own, and the one that was dumped. A promoted standby is the same database.
CREATE FUNCTION threefactor.this_database() RETURNS text
  LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'threefactor_this_database';

CREATE TABLE threefactor.origin (
  database text NOT NULL  -- identifier of the cluster and OID of the database
);
INSERT INTO threefactor.origin VALUES (threefactor.this_database());
SELECT pg_catalog.pg_extension_config_dump('threefactor.origin', '');
