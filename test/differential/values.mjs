// Random values of every type, many of them at the edge of what it holds or past it. A value is the same thing said three
// times, each for itself: {json: in variables, literal: in the document, sql}. Where `sql` is null, the value must be refused.
export const quote = (text) => `'${text.replaceAll("'", "''")}'`;

const kNumbers = [
  '0', '-0', '1', '-1', '1.0', '1.10', '1.5', '-2.50', '1e3', '1E-3', '2.5e+1', '0e40', '0.1', '0.30000000000000004',
  '12345678901234567890.5', '12345678901234567890123', '123456789012345678.5', '9007199254740993', '-9007199254740993.0',
  '9223372036854775807', '9223372036854775808', '-9223372036854775808', '-9223372036854775809', '18446744073709551616',
  '2147483647', '2147483648', '-2147483648', '-2147483649', '32767', '32768', '-32769', '99999.9995', '0.0049', '0.005',
  '92233720368547758.07', '92233720368547758.08', '3.4028235e38', '3.5e38', '1.7976931348623157e308', '1.8e308', '4.9e-324',
  '1e-400', '1e400', '1e131071', '1e131072', '0.000000000000000000000000000000000000000001', '1.000000000000000000000000000',
]; // prettier-ignore

const digits = (random, count) => Array.from({ length: count }, () => random.below(10)).join('');

export function number(random) {
  if (random.below(3) > 0) return random.one(kNumbers);
  const whole = random.below(2) ? '0' : `${1 + random.below(9)}${digits(random, random.below(22))}`;
  const fraction = random.below(2) ? '' : `.${digits(random, 1 + random.below(20))}`;
  const exponent = random.below(4) ? '' : `${random.one(['e', 'E'])}${random.one(['', '+', '-'])}${random.below(20)}`;
  return `${random.one(['', '-'])}${whole}${fraction}${exponent}`;
}

// The integer that a decimal text is; null: it has a fraction, or is so large that no type holds it.
export function integer(text) {
  const [, sign, whole, fraction = '', exponent = '0'] = text.match(/^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/);
  const all = (whole + fraction).replace(/^0+/, '');
  if (all === '') return 0n;
  const shift = Number(exponent) - fraction.length;
  if (shift > 100 || all.length > 200) return null;
  if (shift >= 0) return BigInt(`${sign}${all}${'0'.repeat(shift)}`);
  const kept = all.slice(0, shift);
  return /^0*$/.test(all.slice(shift)) ? BigInt(`${sign}${kept || '0'}`) : null;
}

// Without the length or precision of the column, which a cast would enforce in another way than storing does.
export const bare = (type) => ({ 'varchar(8)': 'varchar', 'char(5)': 'bpchar', 'numeric(12,3)': 'numeric', 'bit(5)': '"bit"' })[type] ?? type;

// A decimal text without its exponent: money_in knows none.
export function plain(text) {
  const [, sign, whole, fraction = '', exponent = '0'] = text.match(/^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/);
  const shift = Number(exponent);
  const digits = `${'0'.repeat(Math.max(0, -shift))}${whole}${fraction}${'0'.repeat(Math.max(0, shift - fraction.length))}`;
  const point = digits.length - Math.max(0, fraction.length - shift);
  return `${sign}${digits.slice(0, point) || '0'}.${digits.slice(point) || '0'}`;
}

const text = (value, type) => {
  const json = JSON.stringify(value);
  return { json, literal: json, sql: `${quote(value)}::${bare(type)}` };
};

// Of the variables, as JSON has it; in a document an Int has no fraction for Postgres either.
const numeric = (digitsSent, sql) => ({ json: digitsSent, literal: digitsSent, sql });

// Small ones meet each other, in filters and in keys.
const small = (random) => random.one(['', '-']) + random.one(['0', '1', '2', '12', '1.0', '2e1', '0.0', '120e-1']);

function ofNumber(random, type) {
  const sent = random.below(2) ? small(random) : number(random);
  if (random.below(4) === 0) return text(sent, type);
  if (type === 'money') return numeric(sent, /e\d{5,}/i.test(sent) ? null : `${quote(plain(sent))}::money`);
  if (!/^(int[248]|count)$/.test(type)) return numeric(sent, `${quote(sent)}::${bare(type)}`);
  const whole = integer(sent);
  return numeric(sent, whole === null ? null : `${quote(String(whole))}::${type}`);
}

const kKeys = ['a', 'b', 'c_1', 'd'];

function document(random, depth) {
  switch (random.below(depth > 0 ? 8 : 5)) {
    case 0:
      return { json: 'null', literal: 'null' };
    case 1:
      return { json: 'true', literal: 'true' };
    case 2: {
      const json = JSON.stringify(random.one(['', 'x', 'ü"\\', '1.10', '\n', '{}', '𝄞']));
      return { json, literal: json };
    }
    case 5: {
      const items = Array.from({ length: random.below(4) }, () => document(random, depth - 1));
      return { json: `[${items.map((item) => item.json)}]`, literal: `[${items.map((item) => item.literal)}]` };
    }
    case 6:
    case 7: {
      const members = Array.from({ length: random.below(4) }, () => [random.one(kKeys), document(random, depth - 1)]);
      return {
        json: `{${members.map(([name, value]) => `"${name}":${value.json}`)}}`,
        literal: `{${members.map(([name, value]) => `${name}:${value.literal}`)}}`,
      };
    }
    default: {
      const sent = number(random);
      return { json: sent, literal: sent };
    }
  }
}

function ofJson(random, type) {
  const { json, literal } = document(random, 3);
  return json === 'null' ? { json: '[null]', literal: '[null]', sql: `'[null]'::${type}` } : { json, literal, sql: `${quote(json)}::${type}` };
}

function list(random, item, type) {
  const items = Array.from({ length: random.below(4) }, () => item());
  const refused = items.some((each) => each.sql === null);
  return {
    json: `[${items.map((each) => each.json)}]`,
    literal: `[${items.map((each) => each.literal)}]`,
    sql: refused ? null : `ARRAY[${items.map((each) => each.sql)}]::${type}`,
  };
}

const kTexts = {
  text: ['', 'a', 'Ärger', "it's", '%_\\', 'NULL', '1.10'],
  'varchar(8)': ['', 'a', 'eight ch', 'too long for it'],
  'char(5)': ['', 'a', 'abcde', 'abcdef'],
  uuid: ['00000000-0000-0000-0000-000000000000', 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11', '{a0eebc999c0b4ef8bb6d6bb9bd380a11}', 'no'],
  date: ['2024-02-29', '2023-02-29', '0001-01-01 BC', 'infinity', '5874897-12-31', '5874898-01-01'],
  time: ['00:00:00', '23:59:59.999999', '24:00:00', '24:00:01', '12:34:56.1234567'],
  timetz: ['00:00:00+00', '15:22:23.5-08', '24:00:00+14', '12:00:00+25'],
  timestamp: ['2024-02-29 12:00:00.123456', '-infinity', '294276-12-31 23:59:59.999999', '294277-01-01', '0044-03-15 BC'],
  timestamptz: ['2015-10-17T14:42:43+02', 'infinity', '2024-03-31 02:30:00Europe/Berlin', 'yesterday-ish'],
  interval: ['01:02:03.000004', '-1 year 2 mons -3 days', 'P1Y2M3DT4H5M6.789S', '178000000 years', '200000000 years'],
  bytea: ['\\x', '\\xDEADBEEF', 'a\\000b', '\\x0'],
  'bit(5)': ['10101', '1010', 'x1f'],
  varbit: ['', '1', '0000000000000000000000000000000000000000001', '2'],
  inet: ['192.168.0.1/24', '::1', '10.0.0.256'],
  cidr: ['192.168.0.0/24', '192.168.0.1/24', 'fe80::/10'],
  macaddr: ['08:00:2b:01:02:03', '08002b:010203', '08:00:2b'],
  macaddr8: ['08:00:2b:01:02:03:04:05', 'no'],
  int8range: ['[1,9223372036854775807)', 'empty', '(,5]', '[5,1]', '[1,9223372036854775808)'],
  numrange: ['[1.10,2.000)', '(,)', '[12345678901234567890.5,1e400)', '[2,1]'],
  tstzrange: ['[2024-01-01,2024-02-01)', 'empty'],
  mood: ['sad', 'ok', 'happy', 'none'],
  pair: ['(1,1.10)', '(,)', '(1,12345678901234567890.500)', '(1)'],
  pg_lsn: ['0/0', '16/B374D848', 'G'],
  'text[]': ['{}', '{a,"b c",NULL}', '{{a,b},{c,d}}', '{'],
}; // prettier-ignore

// What each column of the table `things` holds: its type in SQL and in the API.
export const kColumns = [
  ['c_int2', 'int2', 'smallint'],
  ['c_int4', 'int4', 'Int'],
  ['c_int8', 'int8', 'bigint'],
  ['c_float4', 'float4', 'Float'],
  ['c_float8', 'float8', 'float8'],
  ['c_numeric', 'numeric', 'numeric'],
  ['c_scaled', 'numeric(12,3)', 'numeric'],
  ['c_money', 'money', 'money'],
  ['c_count', 'count', 'Int'],
  ['c_exact', 'exact', 'numeric'],
  ['c_bool', 'bool', 'Boolean'],
  ['c_json', 'json', 'json'],
  ['c_jsonb', 'jsonb', 'jsonb'],
  ['c_ints', 'int8[]', '[bigint!]'],
  ['c_numerics', 'numeric[]', '[numeric!]'],
  ['c_texts', 'text[]', '[String!]'],
  ['c_text', 'text', 'String'],
  ['c_varchar', 'varchar(8)', 'String'],
  ['c_char', 'char(5)', 'bpchar'],
  ...['uuid', 'date', 'time', 'timetz', 'timestamp', 'timestamptz', 'interval', 'bytea', 'inet', 'cidr', 'macaddr', 'macaddr8', 'varbit']
    .map((type) => [`c_${type}`, type, type]),
  ...['int8range', 'numrange', 'tstzrange', 'mood', 'pg_lsn'].map((type) => [`c_${type}`, type, type]),
  ['c_bit', 'bit(5)', 'bit'],
  ['c_pair', 'pair', 'pair_scalar'],
].map(([name, type, scalar]) => ({ name, type, scalar, isNumber: /^(int[248]|float[48]|numeric.*|money|count|exact)$/.test(type) })); // prettier-ignore

export function valueOf(random, { type }) {
  if (type === 'bool') {
    if (random.below(4) === 0) return text(random.one(['yes', 'f', 'maybe']), type);
    const json = random.one(['true', 'false']);
    return { json, literal: json, sql: json };
  }
  if (type === 'json' || type === 'jsonb') return ofJson(random, type);
  if (type === 'int8[]') return list(random, () => ofNumber(random, 'int8'), type);
  if (type === 'numeric[]') return list(random, () => ofNumber(random, 'numeric'), type);
  if (type === 'text[]' && random.below(2)) return list(random, () => text(random.one(kTexts.text), 'text'), type);
  return kTexts[type] ? text(random.one(kTexts[type]), type) : ofNumber(random, type);
}

export const kSchema = `
  CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
  CREATE TYPE pair AS (a int4, b numeric);
  CREATE DOMAIN count AS int4 CHECK (VALUE <> 7);
  CREATE DOMAIN exact AS numeric;
  CREATE TABLE owners (id int4 PRIMARY KEY, name text NOT NULL, level numeric NOT NULL);
  CREATE TABLE things (
    id int8 PRIMARY KEY,
    owner_id int4 REFERENCES owners ON DELETE CASCADE,
    ${kColumns.map(({ name, type }) => `${name} ${type}`).join(', ')}
  );
  INSERT INTO owners VALUES (1, 'ada', 1.10), (2, 'bob', 12345678901234567890.500), (3, 'cy', -0.000000000000000000001);`;
