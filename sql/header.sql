\echo Use "CREATE EXTENSION threefactor" to load this file. \quit

-- Fails with its hint when the library is not preloaded; asks the launcher for a worker at commit.
CREATE FUNCTION threefactor.start_worker() RETURNS void
  LANGUAGE c STRICT AS 'MODULE_PATHNAME', 'threefactor_start_worker';
REVOKE ALL ON FUNCTION threefactor.start_worker() FROM PUBLIC;
SELECT threefactor.start_worker();
