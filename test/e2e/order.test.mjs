// FIFO per key: what a receiver sees of each key, under failures, dead letters, bursts, pauses and kills.
import assert from 'node:assert/strict';

import { pg } from '../clients/clients.mjs';
import { eventually, scenario } from './harness.mjs';
import { Sink } from './support/sink.mjs';

const settings = { 'threefactor.concurrency': 16, 'threefactor.outbox_partition_size': '1MB', 'threefactor.retention': '0' };

const random = (n) => Math.floor(Math.random() * n);

scenario('order', { settings, app: false, gateway: false }, async (system, step) => {
  const { sql, cluster } = system;
  const sink = await Sink.start();
  await sql('CREATE EXTENSION threefactor');

  const make = async (name, arguments_ = {}) => {
    await sql(`CREATE TABLE IF NOT EXISTS ${name} (id integer PRIMARY KEY, step integer NOT NULL)`);
    const { retry = { attempts: 1000, backoff: 'fixed', interval: 0.02 }, on_dead = 'block', order_by = ['id'] } = arguments_;
    await sql(`SELECT threefactor.create_event_trigger($1, $2::text::regclass, $3, retry => $4, order_by => $5, on_dead => $6, replace => true)`, [
      name, name, `${sink.url}/${name}`, retry, order_by, on_dead,
    ]);
  };
  const behave = {};
  sink.behave = (call, response) => (behave[call.path.slice(1)] ?? ((_, answer) => answer.end('{}')))(call, response);
  const rowOf = (call) => call.body.event.data.new;
  const steps = (name, id) => sink.on(`/${name}`).filter((call) => rowOf(call).id === id).map((call) => rowOf(call).step);
  const states = async (name) =>
    Object.fromEntries(
      (await sql(
        `SELECT p.state, count(*)::integer AS n FROM threefactor.parked AS p JOIN threefactor.event_trigger USING (trigger_id) WHERE name = $1 GROUP BY 1`,
        [name],
      )).map(({ state, n }) => [state, n]),
    );
  const settled = (name, expected = {}) =>
    eventually(`the rows of ${name} are ${JSON.stringify(expected)}`, async () => {
      const found = await states(name);
      assert.deepEqual(found, expected);
      return true;
    });
  // Each key's steps, in the order seen, repeats of the last one apart, are these.
  const assertInOrder = (name, id, expected) =>
    assert.deepEqual(steps(name, id).filter((step_, i, all) => step_ !== all[i - 1]), expected, `${name} ${id}`);

  await step('one of a key at a time, in order, whatever fails; other keys go on', async () => {
    const open = new Map();
    let accepted = 0;
    behave.failing = (call, response) => {
      const { id } = rowOf(call);
      assert.ok(!open.has(id), 'two of a key in flight');
      open.set(id, true);
      setTimeout(() => {
        open.delete(id);
        if (random(4) === 0) return response.writeHead(500).end();
        accepted++;
        response.end('{}');
      }, random(5));
    };
    await make('failing');
    await sql(`INSERT INTO failing SELECT i, 0 FROM generate_series(1, 20) AS i`);
    for (let i = 1; i <= 20; i++) await sql('UPDATE failing SET step = $1', [i]);
    await eventually('all accepted', () => accepted === 20 * 21);
    for (let id = 1; id <= 20; id++) assertInOrder('failing', id, Array.from({ length: 21 }, (_, i) => i));
    await settled('failing');
  });

  await step('hundreds of events of a key that waits for a retry do not hold up others, and come in order', async () => {
    let broken = true;
    behave.burst = (call, response) => (broken && rowOf(call).id === 1 ? response.writeHead(503).end() : response.end('{}'));
    await make('burst', { retry: { attempts: 1000, backoff: 'fixed', interval: 0.3 } });
    await sql('INSERT INTO burst VALUES (1, 0), (2, 0)');
    await eventually('it is tried', () => steps('burst', 1).length > 0);
    await sql(`DO $$ BEGIN FOR i IN 1 .. 700 LOOP UPDATE burst SET step = i WHERE id = 1; END LOOP; END $$`);
    await sql(`UPDATE burst SET step = 1 WHERE id = 2`);
    await eventually('the other key', () => steps('burst', 2).length === 2);
    await eventually('it waits in rows', async () => {
      const found = await states('burst');
      return found.retrying === 1 && found.blocked === 700;
    });
    broken = false;
    await eventually('all', () => steps('burst', 1).at(-1) === 700);
    assertInOrder('burst', 1, Array.from({ length: 701 }, (_, i) => i));
    await settled('burst');
  });

  await step('a handler that hangs with one key does not hold up others', async () => {
    const hanging = [];
    behave.stuck = (call, response) => (rowOf(call).id === 1 && !hanging.done ? hanging.push(response) : response.end('{}'));
    await make('stuck', { retry: { attempts: 1000, backoff: 'fixed', interval: 0.02, timeout: 600 } });
    await sql('INSERT INTO stuck VALUES (1, 0), (2, 0)');
    await eventually('it hangs', () => hanging.length === 1);
    await sql(`DO $$ BEGIN FOR i IN 1 .. 700 LOOP UPDATE stuck SET step = i WHERE id = 1; END LOOP; END $$`);
    await sql(`UPDATE stuck SET step = 1 WHERE id = 2`);
    await eventually('the other key', () => steps('stuck', 2).length === 2);
    hanging.done = true;
    hanging[0].end('{}');
    await eventually('all', () => steps('stuck', 1).at(-1) === 700);
    assertInOrder('stuck', 1, Array.from({ length: 701 }, (_, i) => i));
    await settled('stuck');
  });

  await step('a dead letter blocks its key until it is redelivered or discarded', async () => {
    let broken = true;
    behave.dead = (call, response) => (broken && rowOf(call).step === 0 ? response.writeHead(500).end() : response.end('{}'));
    await make('dead', { retry: { attempts: 1 } });
    await sql('INSERT INTO dead VALUES (1, 0), (2, 0), (3, 9)');
    await sql('UPDATE dead SET step = step + 1');
    await sql('UPDATE dead SET step = step + 1');
    await settled('dead', { dead: 2, blocked: 4 });
    assertInOrder('dead', 3, [9, 10, 11]);
    const [{ event_id }] = await sql(`SELECT event_id FROM threefactor.dead_letters WHERE (new_row ->> 'id') = '1'`);
    broken = false;
    assert.equal((await sql('SELECT threefactor.redeliver($1) AS n', [event_id]))[0].n, '1');
    await settled('dead', { dead: 1, blocked: 2 });
    assertInOrder('dead', 1, [0, 1, 2]);
    assert.equal((await sql(`SELECT threefactor.discard(trigger => 'dead') AS n`))[0].n, '1');
    await settled('dead');
    assertInOrder('dead', 2, [0, 1, 2]);
    assert.equal(steps('dead', 2).length, 3, 'the dead letter was not posted again');
    await sql('UPDATE dead SET step = step + 1');
    await eventually('and on', () => [1, 2, 3].every((id) => steps('dead', id).at(-1) === (id === 3 ? 12 : 3)));
    await settled('dead');
  });

  await step("on_dead => 'skip': the next one goes", async () => {
    behave.skip = (call, response) => (rowOf(call).step % 2 ? response.writeHead(500).end() : response.end('{}'));
    await make('skip', { retry: { attempts: 2, interval: 0 }, on_dead: 'skip' });
    await sql('INSERT INTO skip VALUES (1, 0)');
    for (let i = 1; i <= 20; i++) await sql('UPDATE skip SET step = $1', [i]);
    await settled('skip', { dead: 10 });
    assertInOrder('skip', 1, Array.from({ length: 21 }, (_, i) => i));
  });

  await step('an order that is no longer asked for frees what it blocked; a dropped event trigger archives it', async () => {
    behave.freed = (call, response) => (rowOf(call).step === 0 ? response.writeHead(500).end() : response.end('{}'));
    await make('freed', { retry: { attempts: 1 } });
    await sql('INSERT INTO freed VALUES (1, 0), (2, 0)');
    await sql('UPDATE freed SET step = 1');
    await settled('freed', { dead: 2, blocked: 2 });
    await make('freed', { retry: { attempts: 1 }, order_by: null });
    await settled('freed', { dead: 2 });
    await make('freed', { retry: { attempts: 1 } });
    await sql('UPDATE freed SET step = 2');
    await settled('freed', { dead: 2, blocked: 2 });
    await sql(`SELECT threefactor.drop_event_trigger('freed')`);
    await eventually('archived', async () => (await sql(`SELECT 1 FROM threefactor.parked WHERE state = 'blocked'`)).length === 0);
  });

  await step('transactions that began early and change late: the order of change, also of a backlog read at once', async () => {
    await make('late');
    await sql('INSERT INTO late SELECT i, 0 FROM generate_series(1, 50) AS i');
    await sql(`SELECT threefactor.pause('late')`);
    const early = new pg.Client({ connectionString: cluster.url() });
    await early.connect();
    for (let i = 1; i <= 10; i++) {
      await early.query('BEGIN');
      await early.query('SELECT pg_current_xact_id()'); // its id is older than that of the change before
      await sql('UPDATE late SET step = $1', [2 * i - 1]);
      await early.query('UPDATE late SET step = $1', [2 * i]);
      await early.query('COMMIT');
    }
    await early.end();
    await sql(`SELECT threefactor.resume('late')`);
    await eventually('all', () => sink.on('/late').length >= 50 * 21);
    for (let id = 1; id <= 50; id++) assertInOrder('late', id, Array.from({ length: 21 }, (_, i) => i));
    await settled('late');
  });

  await step('a long pause that is set aside keeps the order', async () => {
    await make('aside');
    await make('beside', { order_by: null });
    await sql('INSERT INTO aside SELECT i, 0 FROM generate_series(1, 20) AS i');
    await eventually('begun', () => sink.on('/aside').length === 20);
    await sql(`SELECT threefactor.pause('aside')`);
    for (let i = 1; i <= 30; i++) await sql('UPDATE aside SET step = $1', [i]);
    await sql(`ALTER TABLE beside ADD COLUMN text text`);
    for (let i = 0; i < 5; i++)
      await sql(`INSERT INTO beside SELECT $1 + i, 0, (SELECT string_agg(md5(i + j || ''), '') FROM generate_series(1, 60) AS j) FROM generate_series(1, 400) AS i`, [1000 * i]);
    await eventually('set aside', async () => (await states('aside')).blocked === 600);
    for (let i = 31; i <= 35; i++) await sql('UPDATE aside SET step = $1', [i]);
    await sql(`SELECT threefactor.resume('aside')`);
    await eventually('all', () => sink.on('/aside').length >= 20 * 36);
    for (let id = 1; id <= 20; id++) assertInOrder('aside', id, Array.from({ length: 36 }, (_, i) => i));
    await settled('aside');
  });

  await step('a queue that is full for long, whose old events are set aside, keeps the order', async () => {
    const answers = [];
    behave.full = (call, response) => (behave.full.open ? response.end('{}') : answers.push(response));
    await sql('CREATE TABLE "full" (id integer PRIMARY KEY, step integer NOT NULL, text text)');
    await sql(`SELECT threefactor.create_event_trigger('full', '"full"', $1, order_by => '{id}')`, [`${sink.url}/full`]);
    // More than a queue holds, few of each key: the rest is read by a cursor of its own, while others are hungry.
    const ids = Array.from({ length: 200 }, (_, i) => i + 1);
    await sql(`INSERT INTO "full" SELECT i, 0 FROM generate_series(1, 200) AS i`);
    await eventually('it hangs', () => answers.length > 0);
    for (let i = 1; i <= 8; i++)
      await sql(`UPDATE "full" SET step = step + 1, text = (SELECT string_agg(md5(j || '-' || id), '') FROM generate_series(1, 60) AS j)`);
    await eventually('some have rows', async () => (await states('full')).blocked > 0);
    behave.full.open = true;
    for (const response of answers) response.end('{}');
    await eventually('all', () => ids.every((id) => steps('full', id).at(-1) === 8));
    for (const id of ids) assertInOrder('full', id, Array.from({ length: 9 }, (_, i) => i));
    await settled('full');
  });

  await step('the worker is killed again and again', async () => {
    behave.killed = (call, response) => {
      const dice = random(20);
      if (dice === 0) return response.writeHead(500).end();
      setTimeout(() => response.end('{}'), random(4));
    };
    await make('killed');
    await sql('INSERT INTO killed SELECT i, 0 FROM generate_series(1, 30) AS i');
    const last = new Map(Array.from({ length: 30 }, (_, i) => [i + 1, 0]));
    let writing = true;
    const writer = (async () => {
      for (let round = 0; writing; round++) {
        const client = new pg.Client({ connectionString: cluster.url() });
        client.on('error', () => {});
        try {
          await client.connect();
          while (writing) {
            const ids = Array.from({ length: 1 + random(3) }, () => 1 + random(30));
            await client.query('BEGIN');
            const changed = [];
            for (const id of new Set(ids)) {
              const { rows } = await client.query('UPDATE killed SET step = step + 1 WHERE id = $1 RETURNING step', [id]);
              changed.push([id, rows[0].step]);
            }
            await client.query('COMMIT');
            for (const [id, step_] of changed) last.set(id, step_);
          }
        } catch {
          // the server was killed: again
        } finally {
          await client.end().catch(() => {});
        }
      }
    })();
    for (let kill = 0; kill < 6; kill++) {
      const before = sink.on('/killed').length;
      await eventually('some deliveries', () => sink.on('/killed').length > before + 200);
      const [worker] = await eventually('a worker', async () => {
        const rows = await sql(`SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'threefactor delivery%' LIMIT 1`);
        return rows.length && rows;
      });
      process.kill(worker.pid, kill % 2 ? 'SIGKILL' : 'SIGTERM');
    }
    writing = false;
    await writer;
    const now = await eventually('the server', () => sql('SELECT id, step FROM killed ORDER BY id'));
    const all = () => now.every(({ id, step: last_ }) => steps('killed', id).at(-1) === last_);
    while (!all()) {
      const before = sink.on('/killed').length;
      await eventually('deliveries go on', () => all() || sink.on('/killed').length > before);
    }
    await settled('killed');
    for (const { id, step: last_ } of now) assertInOrder('killed', id, Array.from({ length: last_ + 1 }, (_, i) => i));
  });

  await sink.stop();
});
