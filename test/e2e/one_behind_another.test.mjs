// Operations that are sent before those ahead of them on the same connection are answered.
import assert from 'node:assert/strict';

import { eventually, scenario } from './harness.mjs';

const kIncrement = 'mutation ($id: Int!) { update_counters_by_pk(pk_columns: {id: $id}, _inc: {value: 1}) { id value } }';
const kGate = 'query ($id: Int!) { gate(where: {id: {_eq: $id}}) { id passed } }';
const kDoor = 8; // of the gate
const kOther = 7;

const kSchema = `
  CREATE TABLE counters (id integer PRIMARY KEY, value integer NOT NULL);
  INSERT INTO counters SELECT n, 1 FROM generate_series(1, 100) AS n;
  CREATE FUNCTION pass(id integer) RETURNS boolean LANGUAGE plpgsql AS
    $$ BEGIN IF id = 1 THEN PERFORM pg_advisory_xact_lock_shared(${kDoor}); END IF; RETURN true; END $$;
  CREATE VIEW gate AS SELECT id, pass(id) AS passed FROM counters;
  CREATE VIEW occupied AS SELECT 1 AS one FROM pg_advisory_xact_lock_shared(${kOther});`;

const increments = (system, ids) => Promise.all(ids.map((id) => system.graphql(kIncrement, { id })));
const passages = (system, ids) => Promise.all(ids.map((id) => system.graphql(kGate, { id })));
const many = Array.from({ length: 40 }, (_, i) => 50 + i);

// The gateway learns on both connections that they are quick.
async function warmUp(system) {
  for (let round = 0; round < 10; ++round) {
    await increments(system, [50, 51]);
    await passages(system, [50, 51]);
  }
}
const waiting = async (system) => (await system.sql("SELECT count(*)::int AS n FROM pg_stat_activity WHERE wait_event_type = 'Lock'"))[0].n;
const valueOf = async (system, id) => (await system.sql('SELECT value FROM counters WHERE id = $1', [id]))[0].value;

// Where the disk is slow, no mutation is quick.
const kOptions = { settings: { synchronous_commit: 'off' }, app: false, gateway: false };

scenario('several connections', { ...kOptions, gatewayArguments: ['--threads', '1', '--pool-size', '2'] }, async (system, step) => {
  await system.sql(kSchema);
  await system.startGateway();
  const holder = await system.cluster.open();

  // While the other connection is taken, sends the query with id 1, which will wait, and at once others after it, so that they are sent
  // behind it; then frees the other. Returns the first, after those behind it were answered. `last`: done before.
  const socket = system.connect();
  async function behind(query, last = () => {}) {
    await warmUp(system);
    await holder.query(`SELECT pg_advisory_lock(${kOther})`);
    const occupied = system.graphql('{ occupied { one } }');
    await eventually('one connection is taken', async () => (await waiting(system)) === 1);
    const [first, ...others] = [1, 2, 3, 4].map((id) => socket.subscribe(query, { id }));
    await eventually('both are', async () => (await waiting(system)) === 2);
    last(first);
    await holder.query(`SELECT pg_advisory_unlock(${kOther})`);
    await occupied;
    for (const other of others) await other.until('an answer', () => true);
    return first;
  }

  await step('a mutation that waits for a lock delays nobody; it is carried out once', async () => {
    await socket.subscribe(kIncrement, { id: 50 }).until('connected', () => true);
    await holder.query('BEGIN; SELECT FROM counters WHERE id = 1 FOR UPDATE');
    const first = await behind(kIncrement);
    assert.deepEqual([first.results, first.errors], [[], []]);
    await holder.query('COMMIT');
    await first.until('an answer', ({ update_counters_by_pk }) => update_counters_by_pk.value === 2);
    assert.deepEqual(await Promise.all([1, 2, 3, 4].map((id) => valueOf(system, id))), [2, 2, 2, 2]);
  });

  await step('nor does a query', async () => {
    await holder.query(`SELECT pg_advisory_lock(${kDoor})`);
    const first = await behind(kGate);
    assert.deepEqual([first.results, first.errors], [[], []]);
    await holder.query(`SELECT pg_advisory_unlock(${kDoor})`);
    await first.until('an answer', ({ gate }) => gate[0].passed);
  });

  await step('a query that nobody waits for any more is cancelled, those behind it are answered', async () => {
    await holder.query(`SELECT pg_advisory_lock(${kDoor})`);
    await behind(kGate, (first) => first.stop());
    await eventually('nothing waits', async () => (await waiting(system)) === 0);
    await holder.query(`SELECT pg_advisory_unlock(${kDoor})`);
  });
  await holder.end();
});

scenario('one connection', { ...kOptions, gatewayArguments: ['--threads', '1', '--pool-size', '1'] }, async (system, step) => {
  await system.sql(kSchema);
  await system.startGateway();
  await warmUp(system);

  await step('an error is that of one operation alone', async () => {
    const failing = 'mutation ($id: Int!, $value: Int!) { update_counters_by_pk(pk_columns: {id: $id}, _inc: {value: $value}) { id } }';
    for (let round = 0; round < 3; ++round) {
      const before = await valueOf(system, 51);
      const answers = await Promise.all(many.map((id, i) => system.post('/v1/graphql', { query: failing, variables: { id, value: i % 2 ? 1 : 2147483647 } })));
      assert.deepEqual(answers.map(({ body }) => 'data' in body), many.map((_, i) => i % 2 === 1));
      assert.equal(await valueOf(system, 51), before + 1);
    }
  });

  await step('prepared statements that the server has lost: all are sent again, and carried out once', async () => {
    const before = await Promise.all(many.map((id) => valueOf(system, id)));
    const lose = system.post('/v2/query', { type: 'run_sql', args: { sql: 'DEALLOCATE ALL' } });
    const [{ status }] = await Promise.all([lose, increments(system, many)]);
    assert.equal(status, 200);
    assert.deepEqual(await Promise.all(many.map((id) => valueOf(system, id))), before.map((value) => value + 1));
  });

  await step('a large answer among others: libpq gives its buffer back, nothing is lost', async () => {
    const large = system.post('/v2/query', { type: 'run_sql', args: { sql: "CREATE VIEW large AS SELECT repeat('x', 6000000) AS text" } });
    assert.equal((await large).status, 200);
    for (let round = 0; round < 3; ++round) {
      const [{ large: rows }] = await Promise.all([system.graphql('{ large { text } }'), increments(system, many), passages(system, many)]);
      assert.equal(rows[0].text.length, 6000000);
    }
  });
});
