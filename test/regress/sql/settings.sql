-- Every setting is in README.md with its default and with when it takes effect, and nothing is there that does not exist.
CREATE TEMP TABLE readme (before text, name text, value text, takes_effect text, meaning text, after text);
\copy readme FROM PROGRAM 'grep "^| .threefactor[.]" README.md' WITH (DELIMITER '|')
CREATE TEMP VIEW documented AS SELECT btrim(name, ' `') AS name, btrim(value, ' `') AS value, btrim(takes_effect) AS takes_effect FROM readme;
SELECT count(*) > 5 AS found FROM documented;
SELECT coalesce(d.name, s.name) AS setting, d.value AS documented, s.boot_val || coalesce(s.unit, '') AS "default", d.takes_effect, s.context
  FROM documented AS d
  FULL JOIN (SELECT * FROM pg_settings WHERE name LIKE 'threefactor.%') AS s ON s.name = d.name
 WHERE s.name IS NULL OR d.name IS NULL
    OR d.value <> CASE WHEN s.setting = s.boot_val THEN current_setting(s.name) ELSE s.boot_val END
    OR d.takes_effect <> CASE s.context WHEN 'sighup' THEN 'reload' WHEN 'postmaster' THEN 'restart' WHEN 'superuser' THEN 'superuser' ELSE 'session' END
 ORDER BY 1;
