// A ledger under kills: writers commit, roll back, and roll back to savepoints, while the delivery worker, backends and the
// whole server are killed and the receiver fails and hangs. Afterwards: what was committed was delivered, what was not
// was not, and what was delivered twice was in flight at a kill.
import assert from 'node:assert/strict';

import { pg } from '../clients/clients.mjs';
import { eventually, scenario } from './harness.mjs';
import { Sink } from './support/sink.mjs';

const kConcurrency = 16;
const kWriters = 6;
const settings = {
  'threefactor.concurrency': kConcurrency,
  'threefactor.outbox_partition_size': '1MB',
  'threefactor.retention': '0',
};

const random = (n) => Math.floor(Math.random() * n);

// Every fifteenth answer an error; some none at all, until the worker gives up after its timeout.
function misbehave(call, response) {
  const dice = random(150);
  if (dice === 0) return; // hangs
  if (dice < 10) return response.writeHead(dice < 5 ? 500 : 503).end('{"error":"not now"}');
  call.accepted = true;
  response.end('{}');
}

// Transactions of one to three rows until `state.stop`; a kill in between is the point of it.
async function write(cluster, state, writer) {
  let next = 0;
  while (!state.stop) {
    const client = new pg.Client({ connectionString: cluster.url(), application_name: 'writer' });
    client.on('error', () => {});
    try {
      await client.connect();
      if (writer % 2) await client.query('SET synchronous_commit = off');
      while (!state.stop) {
        const insert = () => client.query('INSERT INTO ledger (entry, text) VALUES ($1, $2)', [`${writer}-${next++}`, 'x'.repeat(random(2000))]);
        await client.query('BEGIN');
        await insert();
        if (random(3) === 0) {
          await client.query('SAVEPOINT here');
          await insert();
          if (random(2)) await client.query('ROLLBACK TO here');
          await insert();
        }
        await client.query(random(4) === 0 ? 'ROLLBACK' : 'COMMIT');
      }
    } catch {
      // the server was killed: again
    } finally {
      await client.end().catch(() => {});
    }
  }
}

scenario('committed = delivered, whatever is killed', { settings, app: false, gateway: false }, async (system, step) => {
  const { cluster, sql } = system;
  const sink = await Sink.start();
  sink.behave = misbehave;
  await sql('CREATE EXTENSION threefactor');
  await sql('CREATE TABLE ledger (entry text PRIMARY KEY, text text)');
  await sql(
    `SELECT threefactor.create_event_trigger('ledger', 'ledger', $1,
       retry => '{"attempts": 100, "backoff": "fixed", "interval": 0.1, "timeout": 0.5}')`,
    [`${sink.url}/ledger`],
  );

  const pidOf = async (what) => {
    const [row] = await sql(`SELECT pid FROM pg_stat_activity WHERE ${what} ORDER BY random() LIMIT 1`);
    return row?.pid;
  };
  const killers = {
    worker: async () => process.kill(await eventually('a worker', () => pidOf(`application_name = 'threefactor delivery'`)), 'SIGKILL'),
    backend: async () => process.kill(await eventually('a writer', () => pidOf(`application_name = 'writer'`)), 'SIGKILL'),
    'worker (SIGTERM)': async () =>
      process.kill(await eventually('a worker', () => pidOf(`application_name = 'threefactor delivery'`)), 'SIGTERM'),
    server: async () => {
      await cluster.kill();
      await cluster.start();
    },
  };

  const state = { stop: false };
  const writers = Array.from({ length: kWriters }, (_, writer) => write(cluster, state, writer));
  const victims = ['worker', 'backend', 'server', 'worker (SIGTERM)', 'worker', 'server', 'backend', 'server'];
  try {
    for (const [round, victim] of victims.entries()) {
      await step(`${round + 1}: deliveries go on, and ${victim} is killed`, async () => {
        const before = sink.received.length;
        await eventually('deliveries go on', () => sink.received.length > before + 150);
        await killers[victim]();
      });
    }
  } finally {
    state.stop = true;
    await Promise.all(writers);
  }

  await step('every committed change was delivered, and no other', async () => {
    const committed = await eventually('the server is back', () => sql('SELECT entry FROM ledger'));
    const entries = new Set(committed.map((row) => row.entry));
    const accepted = () => new Set(sink.received.filter((call) => call.accepted).map((call) => call.body.event.data.new.entry));
    await eventually('all delivered', () => [...entries].every((entry) => accepted().has(entry)), 60_000);
    const strangers = new Set(sink.received.map((call) => call.body.event.data.new.entry).filter((entry) => !entries.has(entry)));
    assert.deepEqual([...strangers], [], 'posted, but not committed');
  });

  await step('repeats are of deliveries in flight at a kill, with the same key and body', async () => {
    const calls = new Map();
    for (const call of sink.received) {
      const { entry } = call.body.event.data.new;
      calls.set(entry, [...(calls.get(entry) ?? []), call]);
    }
    let repeats = 0;
    for (const [entry, group] of calls) {
      repeats += group.filter((call) => call.accepted).length - 1;
      assert.equal(new Set(group.map((call) => call.headers['idempotency-key'])).size, 1, `one key for ${entry}`);
      const frozen = group.map(({ body: { delivery_info, ...rest } }) => JSON.stringify(rest));
      assert.equal(new Set(frozen).size, 1, `one body for ${entry}`);
      assert.equal(group[0].headers['idempotency-key'], `"${group[0].body.id}"`);
    }
    // In flight, or answered and not yet settled: the loop settles at the latest when so many are waiting.
    const most = victims.length * (kConcurrency + 256);
    assert.ok(repeats <= most, `${repeats} repeats, at most ${most}`);
    console.error(`${calls.size} events, ${sink.received.length} posts, ${repeats} repeats`);
  });

  await step('nothing is left over: all is settled, and the outbox empties itself', async () => {
    await eventually('nothing retrying', async () => {
      const [row] = await sql('SELECT count(*)::integer AS n FROM threefactor.parked');
      return row.n === 0;
    });
    await eventually('only the current partition holds anything', async () => {
      const rows = await sql(`SELECT inhrelid::regclass::text AS name FROM pg_inherits
        WHERE inhparent = 'threefactor.outbox'::regclass AND pg_relation_size(inhrelid) > 0`);
      return rows.length <= 1;
    });
  });
  await sink.stop();
});
