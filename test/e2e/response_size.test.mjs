// A response past --max-response: a clear error, and the gateway's memory stays as it is.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';

import { eventually, scenario } from './harness.mjs';
import { kWithoutFiguresOfMemory } from './support/sanitizers.mjs';

const kMost = 1 << 20;

// Peak of resident memory since the last call, in bytes.
async function peak(system) {
  const path = `/proc/${system.gateway.child.pid}`;
  const bytes = Number(/VmHWM:\s*(\d+)/.exec(await readFile(`${path}/status`, 'utf8'))[1]) * 1024;
  return bytes;
}

const tooLarge = (body, rest = '') => {
  assert.deepEqual(body.errors?.map(({ extensions }) => extensions.code), ['response-too-large'], JSON.stringify(body).slice(0, 300));
  assert.equal(body.errors[0].message, `the response is larger than ${kMost} characters (--max-response)${rest}`);
  assert.equal(body.data, undefined);
};

scenario('a response that is too large', { app: false, gatewayArguments: ['--max-response', '1MiB', '--pool-size', '2'], gateway: false }, async (system, step) => {
  await system.sql(`CREATE EXTENSION threefactor`);
  await system.sql(`CREATE TABLE texts (id integer PRIMARY KEY, text text NOT NULL)`);
  await system.sql(`INSERT INTO texts SELECT n, repeat('x', $1) FROM generate_series(1, 200) n`, [kMost / 2]);
  await system.startGateway();
  const ask = async (query) => (await system.post('/v1/graphql', { query })).body;
  const one = (id) => `texts_by_pk(id: ${id}) { text }`;

  await step('of a query: of 100 MB none arrives', async () => {
    await ask(`{ ${one(1)} }`);
    const before = await peak(system);
    for (let turn = 0; turn < 5; ++turn) tooLarge(await ask('{ texts { text } }'));
    assert.ok((await peak(system)) - before < 4 * kMost, `${before} -> ${await peak(system)}`);
  }, kWithoutFiguresOfMemory);

  await step('of several root fields together', async () => {
    assert.equal((await ask(`{ a: ${one(1)} }`)).data.a.text.length, kMost / 2);
    tooLarge(await ask(`{ a: ${one(1)} b: ${one(2)} }`));
  });

  await step('characters are counted, not bytes', async () => {
    await system.sql(`UPDATE texts SET text = repeat('ü', $1) WHERE id = 1`, [kMost - 100]);
    assert.equal((await ask(`{ ${one(1)} }`)).data.texts_by_pk.text.length, kMost - 100);
    await system.sql(`UPDATE texts SET text = repeat('ü', $1) WHERE id = 1`, [kMost]);
    tooLarge(await ask(`{ ${one(1)} }`));
  });

  await step('a mutation is rolled back', async () => {
    const update = (text) => `update_texts(where: {id: {_lte: 10}}, _set: {text: "${text}"})`;
    tooLarge(await ask(`mutation { delete_texts(where: {id: {_gte: 190}}) { returning { text } } }`));
    assert.equal((await system.sql('SELECT count(*)::integer AS n FROM texts'))[0].n, 200);
    const { data } = await ask(`mutation { ${update('small')} { affected_rows returning { text } } }`);
    assert.equal(data.update_texts.affected_rows, 10);
  });

  await step('fields of a mutation that only together are: carried out', async () => {
    const fields = Array.from({ length: 10 }, (_, i) => `f${i}: delete_texts_by_pk(id: ${i + 11}) { text }`).join(' ');
    tooLarge(await ask(`mutation { ${fields} }`), '; the mutation was carried out');
    assert.equal((await system.sql('SELECT count(*)::integer AS n FROM texts'))[0].n, 190);
  });

  await step('a batch', async () => {
    const { body } = await system.post('/v1/graphql', Array.from({ length: 10 }, (_, i) => ({ query: `{ ${one(i + 21)} }` })));
    assert.equal(body.length, 10);
    assert.equal(body[0].data.texts_by_pk.text.length, kMost / 2);
    assert.equal(body[9].errors[0].extensions.code, 'response-too-large');
  });

  await step('a live query: an error, and results again once it is small enough', async () => {
    const subscription = system.connect().subscribe('subscription { texts(where: {id: {_gte: 100}}) { text } }');
    await eventually('the error', () => subscription.errors.length > 0);
    tooLarge({ errors: subscription.errors[0] });
    await system.sql("UPDATE texts SET text = 'short'");
    await subscription.until('the result', ({ texts }) => texts.length > 0);
  });
});

scenario('large responses that are allowed', { app: false, gatewayArguments: ['--max-response', '64MiB', '--pool-size', '1', '--threads', '1'] }, async (system, step) => {
  await step('leave no memory behind', async () => {
    const query = `SELECT repeat('x', 30000000) AS text`;
    await system.post('/v2/query', { type: 'run_sql', args: { sql: `CREATE VIEW wide AS ${query}` } });
    const resident = async () => Number(/VmRSS:\s*(\d+)/.exec(await readFile(`/proc/${system.gateway.child.pid}/status`, 'utf8'))[1]) * 1024;
    const before = await resident();
    for (let turn = 0; turn < 3; ++turn) {
      assert.equal((await system.graphql('{ wide { text } }')).wide[0].text.length, 30_000_000);
      await system.graphql('{ __typename }');
    }
    await eventually('memory is given back', async () => (await resident()) - before < 8 << 20);
    assert.equal((await fetch(`${system.gatewayUrl}/healthz`)).status, 200);
  }, kWithoutFiguresOfMemory);
});
