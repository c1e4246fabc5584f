// Every digit of a number that a client sends reaches Postgres, by every way in, and a key that a request gives twice is
// refused where which of the two counts would depend on the reader.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';

import { WebSocket } from '../clients/clients.mjs';
import { parse, show } from '../differential/json.mjs';
import { eventually, kGateway, kSecret, scenario } from './harness.mjs';
import { Gateway } from './support/gateway.mjs';

const kNumbers = [
  '12345678901234567890.5', '123456789012345678.5', '1.10', '100', '-0', '0e40', '1E400', '12345678901234567890123',
  '0.1000000000000000000000000000000000000000000000000001', '-9223372036854775809', '9007199254740993',
]; // prettier-ignore
const kAll = kNumbers.join(',');
const kInsert = `mutation ($n: [numeric!], $json: json, $jsonb: jsonb, $one: numeric) {
  insert_numbers_one(object: {n: $n, json: $json, jsonb: $jsonb, one: $one}) { id } }`;
const kVariables = `{"n":[${kAll}],"json":{"a":[${kAll},{"b":[${kAll}]}]},"jsonb":[${kAll}],"one":12345678901234567890.50}`;
const kInit = JSON.stringify({ type: 'connection_init', payload: { headers: { 'x-hasura-admin-secret': kSecret } } });

const body = (query, variables, more = '') => `{"query":${JSON.stringify(query)},"variables":${variables}${more}}`;

// The first answer to an operation over a WebSocket.
async function overSocket(system, subprotocol, type, payload) {
  const socket = new WebSocket(`${system.gatewayUrl.replace('http', 'ws')}/v1/graphql`, [subprotocol]);
  const heard = [];
  socket.on('open', () => [kInit, `{"id":"1","type":"${type}","payload":${payload}}`].forEach((message) => socket.send(message)));
  socket.on('message', (text) => heard.push(String(text)));
  const answer = await eventually('an answer', () => heard.find((text) => ['next', 'data', 'error'].includes(JSON.parse(text).type)));
  socket.terminate();
  return parse(answer).payload;
}

scenario('exact numbers', { app: false, gateway: false }, async (system, step) => {
  const { sql } = system;
  await sql(`CREATE EXTENSION threefactor;
    CREATE TABLE numbers (id serial PRIMARY KEY, n numeric[], json json, jsonb jsonb, one numeric);
    CREATE TABLE amounts (id int PRIMARY KEY, small int2, whole int4, large int8, single float4, double float8, amount money, n numeric)`);
  await system.startGateway();

  const expected = { n: `{${kAll}}`, json: `{"a":[${kAll},{"b":[${kAll}]}]}`, jsonb: `[${kAll}]`, one: '12345678901234567890.50' };
  // What the newest row holds is what Postgres makes of the very text that was sent.
  async function arrived(columns = Object.keys(expected)) {
    const [{ same, ...row }] = await sql(
      `SELECT n = $1::numeric[] AND n::text = $1::numeric[]::text AND json::text = $2 AND jsonb::text = $3::jsonb::text
              AND one::text = $4 AS same, n::text, json::text, jsonb::text, one::text FROM numbers ORDER BY id DESC LIMIT 1`,
      columns.map((column) => expected[column]),
    );
    assert.ok(same, JSON.stringify(row));
    await sql('TRUNCATE numbers');
  }

  await step('POST, a batch, literals of a document', async () => {
    await system.post('/v1/graphql', body(kInsert, kVariables));
    await arrived();
    await system.post('/v1/graphql', body(kInsert, kVariables)); // as it is cached now
    await arrived();
    await system.post('/v1/graphql', `[${body(kInsert, kVariables)},${body('{ __typename }', '{}')}]`);
    await arrived();
    const literals = `mutation { insert_numbers(objects: [{n: [${kAll}], json: {a: [${kAll}, {b: [${kAll}]}]}, jsonb: [${kAll}], one: 12345678901234567890.50}]) { affected_rows } }`;
    await system.post('/v1/graphql', body(literals, '{}'));
    await arrived();
    const nested = 'mutation ($o: [numbers_insert_input!]!) { insert_numbers(objects: $o) { affected_rows } }';
    await system.post('/v1/graphql', body(nested, `{"o":[${kVariables}]}`));
    await arrived();
  });

  await step('GET', async () => {
    await system.post('/v1/graphql', body(kInsert, kVariables));
    for (const [type, value] of [['numeric', '12345678901234567890.50'], ['numeric', '"12345678901234567890.50"']]) {
      const query = `query ($one: ${type}) { numbers(where: {one: {_eq: $one}}) { one } }`;
      const parameters = new URLSearchParams({ query, variables: `{"one":${value}}` });
      const response = await fetch(`${system.gatewayUrl}/v1/graphql?${parameters}`, { headers: { 'x-hasura-admin-secret': kSecret } });
      assert.equal(show(parse(await response.text())), '{"data":{"numbers":[{"one":12345678901234567890.50}]}}');
      const other = new URLSearchParams({ query, variables: '{"one":12345678901234567890.51}' });
      const none = await fetch(`${system.gatewayUrl}/v1/graphql?${other}`, { headers: { 'x-hasura-admin-secret': kSecret } });
      assert.deepEqual(await none.json(), { data: { numbers: [] } });
    }
    await arrived();
  });

  await step('both WebSocket protocols', async () => {
    await overSocket(system, 'graphql-transport-ws', 'subscribe', body(kInsert, kVariables));
    await arrived();
    await overSocket(system, 'graphql-ws', 'start', body(kInsert, kVariables));
    await arrived();
    await sql(`INSERT INTO numbers (n, one) VALUES ('{1.10}', 12345678901234567890.5), ('{1.1}', 12345678901234567890.4)`);
    const live = 'subscription ($one: numeric) { numbers(where: {one: {_eq: $one}}) { n } }';
    const payload = await overSocket(system, 'graphql-transport-ws', 'subscribe', body(live, '{"one":12345678901234567890.5}'));
    assert.equal(show(payload), '{"data":{"numbers":[{"n":[1.10]}]}}');
    await sql('TRUNCATE numbers');
  });

  await step('persisted documents, explain', async () => {
    const hash = createHash('sha256').update(kInsert).digest('hex');
    const extensions = `{"persistedQuery":{"version":1,"sha256Hash":"${hash}"}}`;
    await system.post('/v1/graphql', body(kInsert, kVariables, `,"extensions":${extensions}`));
    await arrived();
    await system.post('/v1/graphql', `{"variables":${kVariables},"extensions":${extensions}}`);
    await arrived();
    const query = 'query ($one: numeric) { numbers(where: {one: {_eq: $one}}) { id } }';
    const { text } = await system.post('/v1/graphql/explain', `{"query":${body(query, '{"one":12345678901234567890.50}')}}`);
    assert.match(text, /12345678901234567890\.50/);
  });

  await step('the metadata API: rows, filters, payloads', async () => {
    const insert = `{"type":"insert","args":{"table":"numbers","objects":[${kVariables}],"returning":["one"]}}`;
    assert.equal((await system.post('/v1/query', insert)).text, '{"affected_rows" : 1, "returning" : [{"one":12345678901234567890.50}]}');
    const select = `{"type":"select","args":{"table":"numbers","columns":["one"],"where":{"one":{"$eq":12345678901234567890.5}}}}`;
    assert.equal(show(parse((await system.post('/v1/query', select)).text)), '[{"one":12345678901234567890.50}]');
    const update = `{"type":"update","args":{"table":"numbers","where":{},"$mul":{"one":1.000000000000000000000001},"returning":["one"]}}`;
    assert.equal(
      show(parse((await system.post('/v1/query', update)).text)),
      '{"affected_rows":1,"returning":[{"one":12345678901234567890.50001234567890123456789050}]}',
    );
    await sql(`UPDATE numbers SET one = ${expected.one}`);
    await arrived();

    const once = `{"type":"create_scheduled_event","args":{"webhook":"http://127.0.0.1:1","schedule_at":"2099-01-01T00:00:00Z","payload":{"n":[${kAll}]}}}`;
    const { body: made, text } = await system.post('/v1/metadata', once);
    assert.ok(made?.event_id, text);
    const [{ payload }] = await sql('SELECT payload::text FROM threefactor.scheduled_event');
    assert.ok(payload.includes(`[${kAll}]`), payload);
  });

  await step('each type takes what Postgres takes, and no other number', async () => {
    const query = 'mutation ($o: amounts_insert_input!) { insert_amounts_one(object: $o, on_conflict: {constraint: amounts_pkey, update_columns: [small, whole, large, single, double, amount, n]}) { id } }';
    const insert = async (column, value) => (await system.post('/v1/graphql', body(query, `{"o":{"id":1,"${column}":${value}}}`))).body;
    const stored = async (column) => (await sql(`SELECT ${column}::text AS value FROM amounts`))[0].value;
    for (const [column, value, text] of [
      ['large', '9223372036854775807', '9223372036854775807'],
      ['large', '"-9223372036854775808"', '-9223372036854775808'],
      ['large', '1e3', '1000'],
      ['whole', '1.0', '1'],
      ['small', '-0', '0'],
      ['double', '1.7976931348623157e308', '1.7976931348623157e+308'],
      ['double', '0.1', '0.1'],
      ['double', '"NaN"', 'NaN'],
      ['single', '16777217', '1.6777216e+07'],
      ['n', '1.10', '1.10'],
      ['n', '1E-20', '0.00000000000000000001'],
      ['amount', '1.5e3', '$1,500.00'],
      ['amount', '1e-2', '$0.01'],
      ['amount', '92233720368547758.07', '$92,233,720,368,547,758.07'],
      ['amount', '"$12.30"', '$12.30'],
    ]) {
      const { errors } = await insert(column, value);
      assert.equal(errors, undefined, `${column}: ${value}: ${JSON.stringify(errors)}`);
      assert.equal(await stored(column), text, `${column}: ${value}`);
    }
    for (const [column, value, code] of [
      ['large', '9223372036854775808', 'parse-failed'],
      ['large', '-9223372036854775809', 'parse-failed'],
      ['large', '1.5', 'parse-failed'],
      ['large', '123456789012345678.5', 'parse-failed'],
      ['large', '"9223372036854775808"', 'data-exception'],
      ['whole', '2147483648', 'parse-failed'],
      ['whole', '1e1000000000000', 'parse-failed'],
      ['small', '32768', 'parse-failed'],
      ['double', '1e400', 'data-exception'],
      ['n', '1e1000000000', 'data-exception'],
      ['n', '1e131073', 'data-exception'],
      ['amount', '1e30', 'data-exception'],
      ['amount', '1e1000000000', 'parse-failed'],
    ]) {
      const { errors } = await insert(column, value);
      assert.equal(errors?.[0].extensions.code, code, `${column}: ${value}: ${JSON.stringify(errors)}`);
    }
  });

  await step('JSON nested deeper than documents may be, and no deeper than its own limit', async () => {
    const nested = (levels) => `${'['.repeat(levels)}1.10${']'.repeat(levels)}`;
    const query = 'mutation ($v: jsonb) { insert_numbers_one(object: {jsonb: $v}) { jsonb } }';
    const { text } = await system.post('/v1/graphql', body(query, `{"v":${nested(1500)}}`));
    assert.equal(text, `{"data":{"insert_numbers_one":{"jsonb":${nested(1500)}}}}`);
    const deep = await system.post('/v1/graphql', body(query, `{"v":${nested(100_000)}}`));
    assert.match(deep.body.errors[0].message, /nested deeper than 2000 levels/);
    await sql('TRUNCATE numbers');
  });

  await step('a key that is given twice', async () => {
    const query = '{ numbers { id } }';
    const twice = [
      `{"query":"{ a }","query":${JSON.stringify(query)}}`,
      `{"query":${JSON.stringify(query)},"variables":{},"variables":{"a":1}}`,
      `{"query":"query ($one: numeric) { numbers(where: {one: {_eq: $one}}) { id } }","variables":{"one":1,"one":2}}`,
      `{"query":${JSON.stringify(query)},"extensions":{"a":1,"a":2}}`,
    ];
    for (const text of twice) {
      const { status, body: answer } = await system.post('/v1/graphql', text);
      assert.equal(status, 400, text);
      assert.match(answer.errors[0].message, /twice/);
    }
    const input = 'query ($w: numbers_bool_exp!) { numbers(where: $w) { id } }';
    const { body: answer } = await system.post('/v1/graphql', body(input, '{"w":{"one":{"_eq":1,"_eq":2}}}'));
    assert.equal(answer.errors[0].extensions.code, 'validation-failed');
    assert.match(answer.errors[0].extensions.path, /where\.one/);
    const parameters = `query=${encodeURIComponent(query)}&query=${encodeURIComponent('{ a }')}`;
    const response = await fetch(`${system.gatewayUrl}/v1/graphql?${parameters}`, { headers: { 'x-hasura-admin-secret': kSecret } });
    assert.equal(response.status, 400);
    await response.text();
    const { body: refused } = await system.post('/v1/query', '{"type":"run_sql","args":{"sql":"SELECT 1","sql":"SELECT 2"}}');
    assert.deepEqual([refused.code, refused.path], ['parse-failed', '$.args']);

    // What Postgres keeps of it is up to Postgres.
    await system.post('/v1/graphql', body('mutation ($v: jsonb, $w: json) { insert_numbers_one(object: {jsonb: $v, json: $w}) { id } }', '{"v":{"a":1,"a":2},"w":{"a":1,"a":2}}'));
    const [row] = await sql('SELECT jsonb::text, json::text FROM numbers');
    assert.deepEqual(row, { jsonb: '{"a": 2}', json: '{"a":1,"a":2}' });
    await sql('TRUNCATE numbers');
  });

  await step('numbers as strings: aggregates of the types that JavaScript does not hold, as well', async () => {
    await sql(`TRUNCATE amounts; INSERT INTO amounts VALUES (1, 1, 1, 9007199254740993, 1.5, 0.1, 1, 1.10), (2, 2, 2, 1, 2.5, 0.2, 2, 2.20)`);
    const gateway = await Gateway.start(kGateway, system.cluster.url(), kSecret, ['--stringify-numeric-types', 'true']);
    const fields = (list) => `{ ${list} }`;
    const { data, errors } = await gateway.post('/v1/graphql', {
      query: `{ amounts_aggregate { aggregate { count
        avg ${fields('small whole large single double n')} stddev ${fields('large double n')} variance ${fields('large n')}
        var_pop ${fields('n')} sum ${fields('small whole large single double n')} max ${fields('large double n small')} } } }`,
    });
    await gateway.stop();
    assert.equal(errors, undefined, JSON.stringify(errors));
    const { aggregate } = data.amounts_aggregate;
    const kinds = (group) => Object.fromEntries(Object.entries(aggregate[group]).map(([name, value]) => [name, typeof value]));
    const [number, string] = ['number', 'string'];
    assert.equal(typeof aggregate.count, number);
    assert.deepEqual(kinds('avg'), { small: number, whole: number, large: string, single: number, double: string, n: string });
    assert.deepEqual(kinds('stddev'), { large: string, double: string, n: string });
    assert.deepEqual(kinds('variance'), { large: string, n: string });
    assert.deepEqual(kinds('sum'), { small: number, whole: number, large: string, single: number, double: string, n: string });
    assert.deepEqual(kinds('max'), { large: string, double: string, n: string, small: number });
    assert.deepEqual([aggregate.avg.n, aggregate.sum.large, aggregate.var_pop.n], ['1.6500000000000000', '9007199254740994', '0.30250000000000000000']);
  });
});
