-- What CREATE EXTENSION makes, and who may use it.
CREATE EXTENSION threefactor;
SELECT rolname, rolcanlogin FROM pg_roles WHERE rolname LIKE 'threefactor%' ORDER BY 1;
-- Nothing is for PUBLIC but what the triggers of conditions call.
SELECT proname FROM pg_proc WHERE pronamespace = 'threefactor'::regnamespace AND has_function_privilege('public', oid, 'EXECUTE');
SELECT relname FROM pg_class WHERE relnamespace = 'threefactor'::regnamespace AND relkind IN ('r', 'p', 'v')
   AND has_table_privilege('public', oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE');
SELECT has_schema_privilege('public', 'threefactor', 'USAGE') AS public_usage;
-- The worker's tables are not dumped, the definitions are.
SELECT unnest(extconfig)::regclass FROM pg_extension WHERE extname = 'threefactor' ORDER BY 1;
