-- threefactor_json writes what to_json writes, whatever the value; and it takes nothing for a template that is none.
CREATE TABLE json_values (
  i2 smallint, i4 integer, i8 bigint, f4 real, f8 double precision, n numeric, b boolean, t text, v varchar(40), c char(4), u uuid,
  d date, ts timestamp, tz timestamptz, j json, jb jsonb);
CREATE DOMAIN json_amount AS numeric CHECK (VALUE >= 0);
INSERT INTO json_values VALUES
  (-32768, -2147483648, -9223372036854775808, 'NaN', '-Infinity', 'NaN', true, E'q"\\/\b\f\n\r\t\x01\x1f\x7f é 𝄞', E'\\', 'ab',
   '00000000-0000-0000-0000-0000000000ff', 'infinity', '-infinity', 'infinity', ' {"a" : [1 ,2]}', '{"b": "\"", "a": 1e3}'),
  (32767, 2147483647, 9223372036854775807, 1.5e-20, 1e300, 12345678901234567890.1234567890, false, '', 'x', '', gen_random_uuid(),
   '0044-03-15 BC', '2024-02-29 23:59:59.999999', '1999-12-31 23:59:59.5+05:30', 'null', '[]'),
  (0, 0, 0, 0, '-0', 0.00, false, repeat('a long text "with quotes" ', 10000), repeat('y', 40), '    ', NULL, '2024-01-01', now(), now(), '""', '"x"'),
  (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO json_values (t) SELECT repeat('x', n) || chr(m) || repeat('y', 9 - n) FROM generate_series(0, 9) AS n, generate_series(1, 160) AS m;
SET TIME ZONE 'Asia/Kolkata';
SET DateStyle = 'German, DMY';
SET extra_float_digits = 0;

CREATE VIEW json_wanted AS SELECT json_build_object('i2', i2, 'i4', i4, 'i8', i8, 'f4', f4, 'f8', f8, 'n', n, 'b', b, 't', t, 'v', v, 'c', c,
  'u', u, 'd', d, 'ts', ts, 'tz', tz, 'j', j, 'jb', jb)::text AS wanted,
  threefactor_json.object('{"i2" : %v, "i4" : %v, "i8" : %v, "f4" : %v, "f8" : %v, "n" : %v, "b" : %v, "t" : %v, "v" : %v, "c" : %v, '
    '"u" : %v, "d" : %v, "ts" : %v, "tz" : %v, "j" : %v, "jb" : %v}', i2, i4, i8, f4, f8, n, b, t, v, c, u, d, ts, tz, j, jb) AS made
  FROM json_values;
SELECT count(*), count(*) FILTER (WHERE made = wanted) AS same FROM json_wanted;
SELECT left(made, 300) FROM json_wanted WHERE made <> wanted;
SELECT threefactor_json.object('%v %v', n::json_amount, to_json(ARRAY[1, 2])) FROM json_values WHERE n > 1;
SELECT threefactor_json.object('%r|%r|%%', '[1]'::text, NULL::text), threefactor_json.object('{}'), threefactor_json.object('%%');

-- A list: of every row in its order, of no row, of groups, long ones.
SELECT threefactor_json.list('{"n":%v,"t":%r}', g, (SELECT threefactor_json.list('%v', h) FROM generate_series(1, g) AS h)) FROM generate_series(1, 3) AS g;
SELECT threefactor_json.list('%v', g), threefactor_json.list('{}') FROM generate_series(1, 0) AS g;
SELECT g % 2, threefactor_json.list('%v', g ORDER BY g DESC) FROM generate_series(1, 6) AS g GROUP BY 1 ORDER BY 1;
SELECT threefactor_json.list('%v', t)::jsonb = json_agg(t)::jsonb AS same FROM (SELECT t FROM json_values WHERE t IS NOT NULL) AS s;

SELECT threefactor_json.object(NULL::text);
SELECT threefactor_json.object(1);
SELECT threefactor_json.object('%v');
SELECT threefactor_json.object('', 1);
SELECT threefactor_json.object('%', 1);
SELECT threefactor_json.object('%x', 1);
SELECT threefactor_json.object('%v', ARRAY[1]);
SELECT threefactor_json.object('%v', ROW(1, 2));
SELECT threefactor_json.object('%r', 1);
SELECT threefactor_json.object(VARIADIC ARRAY['%v', 'x']);
SELECT threefactor_json.object(CASE g WHEN 1 THEN 'a%v' ELSE 'b%v' END, g) FROM generate_series(1, 2) AS g;
SELECT threefactor_json.list('%v', g) OVER () FROM generate_series(1, 2) AS g;

-- Every role may call them, and none of these may look into the schema of the extension.
CREATE ROLE regress_json NOLOGIN;
SET ROLE regress_json;
SELECT threefactor_json.object('%v', 1), threefactor_json.list('%v', 2);
SELECT count(*) FROM threefactor.outbox;
RESET ROLE;
DROP ROLE regress_json;
DROP VIEW json_wanted;
DROP TABLE json_values;
DROP DOMAIN json_amount;
