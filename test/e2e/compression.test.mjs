// gzip over HTTP: answers for those who accept it, and bodies that come so.
import assert from 'node:assert/strict';
import http from 'node:http';
import { gunzipSync, gzipSync } from 'node:zlib';

import { kSecret, scenario } from './harness.mjs';

// Not fetch, which decompresses by itself. Returns {status, headers, body}.
function send(system, { path = '/v1/graphql', headers = {}, body }) {
  return new Promise((resolve, reject) => {
    const request = http.request(`${system.gatewayUrl}${path}`, {
      method: 'POST',
      agent: false,
      headers: { 'content-type': 'application/json', 'x-hasura-admin-secret': kSecret, ...headers },
    });
    request.on('error', reject).on('response', (response) => {
      const parts = [];
      response.on('data', (part) => parts.push(part)).on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(parts) }));
    });
    request.end(body);
  });
}

const ask = (query, variables) => JSON.stringify({ query, variables });

scenario('gzip', {}, async (system, step) => {
  const insert = `INSERT INTO orders (order_id, user_id, restaurant_id, address) SELECT $1 || n, 'u', 1, md5(n::text) FROM generate_series(1, $2::int) n`;
  const orders = ask('{ orders(order_by: {order_id: asc}) { order_id address } }');

  await step('for those who accept it', async () => {
    await system.sql(insert, ['a-', 50]);
    const plain = await send(system, { body: orders });
    assert.equal(plain.headers['content-encoding'], undefined);
    assert.equal(plain.headers.vary, 'Accept-Encoding');
    for (const accepted of ['gzip', 'br, gzip;q=0.5']) {
      const compressed = await send(system, { body: orders, headers: { 'accept-encoding': accepted } });
      assert.equal(compressed.headers['content-encoding'], 'gzip');
      assert.equal(compressed.headers.vary, 'Accept-Encoding');
      assert.equal(Number(compressed.headers['content-length']), compressed.body.length);
      assert.ok(compressed.body.length < plain.body.length);
      assert.deepEqual(gunzipSync(compressed.body), plain.body);
    }
    const refused = await send(system, { body: orders, headers: { 'accept-encoding': 'gzip;q=0, br' } });
    assert.deepEqual(refused.body, plain.body);
  });

  await step('not where it gains nothing', async () => {
    const small = await send(system, { body: ask('{ __typename }'), headers: { 'accept-encoding': 'gzip' } });
    assert.equal(small.headers['content-encoding'], undefined);
    assert.equal(small.headers.vary, undefined);
  });

  await step('a large answer, in pieces, while others are served; batches, errors, the metadata API', async () => {
    await system.sql(insert, ['b-', 60_000]);
    const headers = { 'accept-encoding': 'gzip' };
    const [large, ...small] = await Promise.all([
      send(system, { body: orders, headers }),
      ...Array.from({ length: 20 }, () => send(system, { body: ask('{ __typename }'), headers })),
    ]);
    assert.equal(JSON.parse(gunzipSync(large.body)).data.orders.length, 60_050);
    for (const { body } of small) assert.deepEqual(JSON.parse(body), { data: { __typename: 'query_root' } });
    const batch = await send(system, { body: `[${orders},${orders}]`, headers });
    assert.equal(JSON.parse(gunzipSync(batch.body)).length, 2);
    const error = await send(system, { body: ask(`{ orders { ${'x'.repeat(2000)} } }`), headers });
    assert.match(gunzipSync(error.body).toString(), /not found in type/);
    const sql = JSON.stringify({ type: 'run_sql', args: { sql: 'SELECT * FROM orders' } });
    assert.equal(JSON.parse(gunzipSync((await send(system, { path: '/v2/query', body: sql, headers })).body)).result.length, 60_051);
  });

  await step('bodies of requests', async () => {
    const headers = { 'content-encoding': 'gzip' };
    const { body } = await send(system, { headers, body: gzipSync(ask('{ __typename }')) });
    assert.deepEqual(JSON.parse(body), { data: { __typename: 'query_root' } });
    const sql = gzipSync(JSON.stringify({ type: 'run_sql', args: { sql: 'SELECT 1 AS one' } }));
    assert.deepEqual(JSON.parse((await send(system, { path: '/v2/query', headers, body: sql })).body).result, [['one'], ['1']]);
    assert.equal((await send(system, { headers, body: ask('{ __typename }') })).status, 400);
    const brotli = await send(system, { headers: { 'content-encoding': 'br' }, body: 'x' });
    assert.equal(brotli.status, 415);
    assert.equal(brotli.headers['accept-encoding'], 'gzip, identity');
  });

  await step('a bomb', async () => {
    const bomb = gzipSync(Buffer.alloc(100 << 20, ' '));
    const { status, body } = await send(system, { headers: { 'content-encoding': 'gzip' }, body: bomb });
    assert.equal(status, 413);
    assert.match(body.toString(), /larger than 16777216 bytes when decompressed/);
    const stranger = await send(system, { headers: { 'content-encoding': 'gzip', 'x-hasura-admin-secret': 'wrong' }, body: bomb });
    assert.match(stranger.body.toString(), /access-denied/); // before it is looked into
  });
});

scenario('gzip switched off', { app: false, gatewayArguments: ['--gzip-level', '0'] }, async (system) => {
  const { headers } = await send(system, { body: ask('{ __schema { types { name fields { name } } } }'), headers: { 'accept-encoding': 'gzip' } });
  assert.equal(headers['content-encoding'], undefined);
  assert.equal(headers.vary, undefined);
});
