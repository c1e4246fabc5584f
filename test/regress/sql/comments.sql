-- Whoever looks with \df+, \dv+ or into pg_settings is told what a thing is: every function that a role of the extension may call by name,
-- every view that one may read and every column of it, every setting, type, language and schema has a comment.
SELECT p.oid::regprocedure AS function FROM pg_proc AS p
 WHERE pronamespace IN ('threefactor'::regnamespace, 'threefactor_json'::regnamespace) AND obj_description(p.oid, 'pg_proc') IS NULL ORDER BY 1;
SELECT c.oid::regclass AS view FROM pg_class AS c WHERE relnamespace = 'threefactor'::regnamespace AND relkind = 'v' AND obj_description(c.oid, 'pg_class') IS NULL ORDER BY 1;
SELECT a.attrelid::regclass AS view, a.attname AS "column" FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid
 WHERE c.relnamespace = 'threefactor'::regnamespace AND c.relkind = 'v' AND a.attnum > 0 AND col_description(c.oid, a.attnum) IS NULL ORDER BY 1, 2;
SELECT name FROM pg_settings WHERE name LIKE 'threefactor.%' AND coalesce(short_desc, '') = '';
SELECT pg_describe_object(classid, objid, 0) FROM pg_depend
 WHERE refclassid = 'pg_extension'::regclass AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'threefactor') AND deptype = 'e'
   AND classid IN ('pg_language'::regclass, 'pg_namespace'::regclass) AND obj_description(objid, classid::regclass::name) IS NULL ORDER BY 1;
