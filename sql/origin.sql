-- Which database this is. A copy (restored dump, clone, template) has the origin of another one and delivers nothing until
-- adopt(). A restored dump has two rows: its own, and the one that was dumped. A promoted standby is the same database.
-- Without a key, since both may be equal: a dump that is restored into the database that it was made of.
CREATE FUNCTION threefactor.this_database() RETURNS text
  LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'threefactor_this_database';

CREATE TABLE threefactor.origin (
  database text NOT NULL,     -- identifier of the cluster and OID of the database
  set_aside_at timestamptz,   -- when set_aside() was called last (moving.sql); null: what is undelivered is delivered here
  set_aside_to pg_snapshot    -- all that it shows is set aside; null: not done yet
);
ALTER TABLE threefactor.origin REPLICA IDENTITY FULL;  -- else no row can go while FOR ALL TABLES is published
INSERT INTO threefactor.origin VALUES (threefactor.this_database());
SELECT pg_catalog.pg_extension_config_dump('threefactor.origin', '');
