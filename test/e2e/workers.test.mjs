// Several delivery workers in one database, whose number changes while they deliver, are paused, fail and are killed:
// what was committed is delivered, and what is settled is not delivered again.
import assert from 'node:assert/strict';

import { eventually, scenario } from './harness.mjs';
import { Random } from './support/random.mjs';
import { Sink } from './support/sink.mjs';

const kConcurrency = 8;
const kMostSettledAtOnce = 512;
const settings = { 'threefactor.concurrency': kConcurrency, 'threefactor.outbox_partition_size': '1MB', max_worker_processes: 30 };

const entriesOf = (calls) => calls.map((call) => call.body.event.data.new.entry);
const repeatsOf = (calls) => entriesOf(calls).filter((entry, place, all) => all.indexOf(entry) !== place);
const accept = (call, response) => {
  call.accepted = true;
  response.end('{}');
};

async function prepare({ sql }, sink) {
  await sql('CREATE EXTENSION threefactor');
  await sql('CREATE TABLE ledger (entry integer PRIMARY KEY, text text)');
  for (const name of ['one', 'two'])
    await sql(
      `SELECT threefactor.create_event_trigger($1, 'ledger', $2, operations => '{INSERT}',
         retry => '{"attempts": 100, "backoff": "fixed", "interval": 0.1}')`,
      [name, `${sink.url}/${name}`],
    );
}

const pids = async (sql) =>
  (await sql(`SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'threefactor delivery%' ORDER BY pid`)).map((row) => row.pid);

async function setWorkers(sql, count) {
  await sql(`ALTER SYSTEM SET threefactor.workers = ${count}`);
  await sql('SELECT pg_reload_conf()');
}

async function haveWorkers(sql, count) {
  await eventually(`${count} workers run`, async () => (await pids(sql)).length === count);
  // Each has told by a checkpoint how many there are, or was given one.
  await eventually('the work is divided among them', async () => {
    const rows = await sql(`SELECT state FROM threefactor.checkpoint ORDER BY written_at DESC LIMIT 1`);
    return rows.length === 1 && rows[0].state.includes(`\nworkers ${count}\n`);
  });
}

scenario('several workers', { settings, app: false, gateway: false }, async (system, step) => {
  const { sql } = system;
  const sink = await Sink.start();
  sink.behave = accept;
  await prepare(system, sink);
  let last = 0;
  const insert = async (count) => {
    await sql(`INSERT INTO ledger SELECT g, repeat('x', 200) FROM generate_series($1::integer, $2::integer) AS g`, [last + 1, last + count]);
    last += count;
  };
  const delivered = async (name) =>
    eventually(`all are delivered to ${name}`, () => new Set(entriesOf(sink.on(`/${name}`))).size === last);
  const settled = async () =>
    eventually('all is settled', async () => {
      const [row] = await sql(`SELECT count(*)::integer AS n FROM threefactor.attempt`);
      return row.n >= 2 * last;
    });

  await insert(100);
  for (const count of [3, 4, 2, 1]) {
    await step(`${count} workers: each delivers, and nothing twice that was settled`, async () => {
      await delivered('one');
      await delivered('two');
      await settled();
      await setWorkers(sql, count);
      await haveWorkers(sql, count);
      await insert(300);
      await delivered('one');
      await delivered('two');
      await settled();
      for (const name of ['one', 'two']) assert.deepEqual(repeatsOf(sink.on(`/${name}`)), []);
      const rows = await sql(`SELECT DISTINCT sequence >> 48 AS worker FROM threefactor.attempt WHERE started_at >
        (SELECT min(written_at) FROM threefactor.checkpoint)`);
      assert.ok(rows.length >= count, `${rows.length} of ${count} workers have delivered`);
    });
  }

  await step('a paused event trigger and its backlog survive a change, in two directions', async () => {
    await sql(`SELECT threefactor.pause('two')`);
    await insert(200);
    await delivered('one');
    const before = sink.on('/one').length;
    for (const count of [3, 2]) {
      await setWorkers(sql, count);
      await haveWorkers(sql, count);
      await insert(50);
      await delivered('one');
    }
    await sql(`SELECT threefactor.resume('two')`);
    await delivered('two');
    await settled();
    // In flight when a worker ended: only what was inserted last may come again.
    assert.ok(sink.on('/one').length <= before + 100 + 2 * 3 * kConcurrency);
    assert.equal(sink.on('/two').length, last);
  });

  await step('the number may be that of one database', async () => {
    await sql('ALTER DATABASE food_ordering SET threefactor.workers = 4');
    await sql('SELECT pg_reload_conf()');
    await haveWorkers(sql, 4);
  });

  await step('retries are loaded by the worker they belong to', async () => {
    sink.behave = (call, response) => (call.headers['threefactor-attempt'] === '1' ? response.writeHead(500).end() : accept(call, response));
    const before = sink.received.length;
    await insert(100);
    await eventually('all are delivered at the second attempt', async () => {
      const [row] = await sql('SELECT count(*)::integer AS n FROM threefactor.parked');
      return sink.received.length >= before + 400 && row.n === 0;
    });
    assert.equal(sink.received.length, before + 400);
    sink.behave = accept;
  });

  await step('the extension is dropped: all end', async () => {
    await sql('DROP EXTENSION threefactor CASCADE');
    await eventually('no worker is left', async () => (await pids(sql)).length === 0);
  });
  await sink.stop();
});

scenario('the number of workers changes under load and kills', { settings: { ...settings, 'threefactor.retention': '0' }, app: false, gateway: false },
  async (system, step) => {
    const { sql, cluster } = system;
    const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 1e6));
    console.error(`SEED=${seed}`);
    const dice = new Random(seed);
    const sink = await Sink.start();
    sink.behave = (call, response) => (dice.below(20) === 0 ? response.writeHead(503).end() : accept(call, response));
    await prepare(system, sink);

    const state = { stop: false, next: 0 };
    const writer = async () => {
      while (!state.stop)
        await sql(`INSERT INTO ledger SELECT $1::integer + g, repeat('x', 500) FROM generate_series(1, 10) AS g`, [10 * state.next++]).catch(() => {});
    };
    const writers = [writer(), writer(), writer()];
    const rounds = [2, 4, 1, 3, 5, 2];
    try {
      for (const [round, count] of rounds.entries()) {
        await step(`${round + 1}: on to ${count} workers`, async () => {
          const before = sink.received.length;
          await eventually('the server is back', () => setWorkers(sql, count).then(() => true));
          if (dice.below(2)) await haveWorkers(sql, count);
          await eventually('deliveries go on', () => sink.received.length > before + 200);
          if (dice.below(3) === 0) {
            await cluster.kill();
            await cluster.start();
          } else {
            const all = await eventually('workers', async () => ((await pids(sql)).length > 0 ? pids(sql) : undefined));
            process.kill(dice.one(all), dice.below(2) ? 'SIGKILL' : 'SIGTERM');
          }
        });
      }
    } finally {
      state.stop = true;
      await Promise.all(writers);
    }

    await step('every committed change was delivered to both, repeats only for what was in flight', async () => {
      const rows = await eventually('the server is back', () => sql('SELECT entry FROM ledger'));
      for (const name of ['one', 'two']) {
        const accepted = () => sink.on(`/${name}`).filter((call) => call.accepted);
        await eventually(`all delivered to ${name}`, () => {
          const entries = new Set(entriesOf(accepted()));
          return rows.every((row) => entries.has(row.entry));
        }, 60_000);
        const repeats = accepted().length - new Set(entriesOf(accepted())).size;
        const most = 2 * rounds.length * 5 * (kConcurrency + kMostSettledAtOnce);
        console.error(`${rows.length} entries, ${repeats} repeats`);
        assert.ok(repeats <= most, `${repeats} repeats, at most ${most}`);
      }
    });
    await step('nothing is left over, and the outbox empties itself', async () => {
      await eventually('nothing is parked', async () => (await sql('SELECT FROM threefactor.parked')).length === 0);
      await eventually('only the current partition holds anything', async () => {
        const full = await sql(`SELECT FROM pg_inherits WHERE inhparent = 'threefactor.outbox'::regclass AND pg_relation_size(inhrelid) > 0`);
        return full.length <= 1;
      }, 60_000);
    });
    await sink.stop();
  });
