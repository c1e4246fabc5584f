// A database moves to another cluster by set_aside(), pg_dump, pg_restore and adopt(), as extension/MOVING.md says: nothing that is
// undelivered is lost, no key and no body changes, keys of order keep their order, accepted keys stay accepted.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';

import { eventually, scenario } from './harness.mjs';
import { Cluster } from './support/cluster.mjs';
import { Sink } from './support/sink.mjs';

const run = promisify(execFile);
const client = (cluster, program, ...args) => run(`${cluster.directory}/tree/bin/${program}`, args, { env: { ...process.env, PGOPTIONS: '' } });

// A body without what is of the attempt.
const immutable = ({ delivery_info, ...body }) => body;

// The delivered (key -> body), each once; a repeat must be the same.
function byKey(calls) {
  const bodies = new Map();
  for (const { headers, body } of calls) {
    const key = headers['idempotency-key'].replaceAll('"', '');
    if (bodies.has(key)) assert.deepEqual(immutable(body), bodies.get(key), 'a body has changed');
    bodies.set(key, immutable(body));
  }
  return bodies;
}

// The commands of MOVING.md, as they stand.
const page = await readFile(new URL('../../extension/MOVING.md', import.meta.url), 'utf8');
const kCommands = [...page.matchAll(/```sh\n([^]*?)```/g)].map((match) => match[1]);

async function otherCluster(system, settings) {
  const cluster = await Cluster.create(`${system.directory}/other`, settings);
  await cluster.sql('CREATE DATABASE moved', [], 'postgres');
  return cluster;
}

for (const workers of [1, 3]) {
  const settings = { 'threefactor.workers': workers, 'threefactor.outbox_partition_size': '1MB', 'threefactor.retention': '0' };
  scenario(`a database moves, ${workers} workers`, { settings, app: false, gateway: false }, async (system, step) => {
    const { sql, cluster } = system;
    const other = await otherCluster(system, settings);
    const sink = await Sink.start();
    const to = (text, parameters) => other.sql(text, parameters, 'moved');
    let phase = 'before';
    let held; // the response of a slow handler
    sink.behave = (call, response) => {
      call.phase = phase;
      const { id, wanted } = call.body?.event?.data?.new ?? {};
      if (call.path === '/slow' && phase === 'before') held = response;
      else response.writeHead(phase === 'before' && wanted === 'fails' ? 500 : 200).end(JSON.stringify({ id }));
    };
    await sql('CREATE EXTENSION threefactor');
    // The other cluster counts transactions and positions from less: what moves looks younger there than what is captured there.
    for (let i = 0; i < 300; i++) await sql('SELECT pg_current_xact_id()');
    await cluster.stop();
    await cluster.start();

    const make = (name, table, rest = '') =>
      sql(`SELECT threefactor.create_event_trigger('${name}', ${table ? `'${table}'` : 'NULL'}, '${sink.url}/${name}' ${rest})`);
    for (const table of ['plain', 'ordered', 'paused', 'slow', 'dropped', 'applied'])
      await sql(`CREATE TABLE ${table} (id integer, wanted text, note text)`);
    await sql('CREATE TABLE effects (id integer)');
    const once = `, retry => '{"attempts": 1}'`;
    const later = `, retry => '{"attempts": 9, "backoff": "fixed", "interval": 3000}'`;
    await make('plain', 'plain', `${later}, error_webhook => '${sink.url}/errors'`);
    await make('dead', 'plain', `${once}, error_webhook => '${sink.url}/dead_errors'`);
    await sql(`CREATE TYPE kind AS ENUM ('even', 'odd')`);
    await sql('ALTER TABLE ordered ADD kind kind');
    await make('ordered', 'ordered', `${later}, order_by => '{id, kind}'`);
    await make('blocking', 'ordered', `${once}, order_by => '{id}'`);
    await make('paused', 'paused', `, payload => '{id, note}'`);
    await make('slow', 'slow');
    await make('dropped', 'dropped');
    await make('topic', null, `, topic => 'topic'`);
    await make('applied', 'applied', `, apply => 'INSERT INTO effects SELECT ($2 ->> ''id'')::integer'`);
    await sql(`SELECT threefactor.schedule('tick', '${sink.url}/tick', '* * * * *'), threefactor.schedule_once('${sink.url}/once', now() + interval '1 hour', '{"id": 1}')`);
    for (const name of ['paused', 'dropped', 'topic', 'applied']) await sql(`SELECT threefactor.pause('${name}')`);

    await sql(`INSERT INTO plain SELECT i, CASE WHEN i % 2 = 0 THEN 'fails' END FROM generate_series(1, 40) AS i`);
    for (const note of ['a', 'b', 'c']) await sql(`INSERT INTO ordered SELECT i, CASE WHEN i % 2 = 0 THEN 'fails' END, $1, CASE WHEN i % 2 = 0 THEN 'even' ELSE 'odd' END::kind FROM generate_series(1, 20) AS i`, [note]);
    await sql(`INSERT INTO paused SELECT i, repeat('x', 1000) FROM generate_series(1, 3000) AS i`); // more than a queue, a partition or a page
    // Captured under a definition that is not the current one any more.
    await make('paused', 'paused', `, payload => '{id}', replace => true`);
    await sql(`INSERT INTO paused SELECT i FROM generate_series(3001, 3100) AS i`);
    await sql(`INSERT INTO dropped VALUES (1)`);
    await sql('DROP TABLE dropped');
    await sql(`SELECT set_config('hasura.user', '{"x-hasura-role": "r"}', false), threefactor.emit('topic', '{"id": 1}')`);
    await sql('INSERT INTO applied VALUES (1)');
    await sql(`INSERT INTO slow VALUES (1)`);
    assert.deepEqual(await sql(`SELECT threefactor.accept('accepted')`), [{ accept: true }]);
    await eventually('a request is in flight', () => held);
    await eventually('all else has been tried', async () => {
      const counts = await sql(`SELECT event_trigger, state, count(*)::integer AS n FROM threefactor.deliveries GROUP BY 1, 2`);
      const of = (name, state) => counts.find((row) => row.event_trigger === name && row.state === state)?.n ?? 0;
      return of('plain', 'retrying') === 20 && of('dead', 'dead') === 20 && of('ordered', 'retrying') === 10 && of('ordered', 'blocked') === 20 &&
        of('blocking', 'dead') === 10 && of('blocking', 'blocked') === 20;
    });
    await eventually('the dead letters are told of', () => sink.on('/dead_errors').length === 20);
    const before = byKey(sink.received);

    await step('set_aside: what is in flight ends first', async () => {
      let done = false;
      const call = sql('CALL threefactor.set_aside()').finally(() => (done = true));
      await eventually('it is being set aside', async () => (await sql('SELECT DISTINCT state FROM threefactor.status'))[0].state === 'is being set aside');
      assert.equal(done, false);
      held.end('{}');
      await call;
      assert.deepEqual(await sql('SELECT DISTINCT state FROM threefactor.status'), [{ state: 'set aside: waits for adopt()' }]);
    });
    const undelivered = await sql(`SELECT n.name, p.idempotency_key AS key, p.attempts, p.state, p.event_id FROM threefactor.parked AS p JOIN threefactor.event_trigger AS n USING (trigger_id)`);
    await step('all that is undelivered has its row', () => {
      const count = (name) => undelivered.filter((row) => row.name === name).length;
      const names = ['plain', 'dead', 'ordered', 'blocking', 'paused', 'dropped', 'topic', 'applied', 'slow'];
      assert.deepEqual(Object.fromEntries(names.map((name) => [name, count(name)])), {
        plain: 20, dead: 20, ordered: 30, blocking: 30, paused: 3100, dropped: 1, topic: 1, applied: 1, slow: 0,
      });
    });

    await step('pg_dump, by several processes at once, and pg_restore', async () => {
      phase = 'moving';
      const dump = `${system.directory}/dump`;
      await client(cluster, 'pg_dump', '-Fd', '-j', '3', '-d', cluster.url(), '-f', dump);
      await client(other, 'pg_restore', '-j', '3', '--exit-on-error', '-d', other.url('moved'), dump);
      assert.deepEqual(await to(`SELECT count(*)::integer AS n FROM threefactor.parked`), [{ n: undelivered.length }]);
      await eventually('the copy waits', async () => (await to('SELECT DISTINCT state FROM threefactor.status'))[0].state === 'waits for adopt()');
      // Captured in the copy before it delivers, and behind what came.
      await to(`INSERT INTO ordered SELECT i, NULL, 'd', CASE WHEN i % 2 = 0 THEN 'even' ELSE 'odd' END::kind FROM generate_series(1, 20) AS i`);
      assert.deepEqual(await to(`SELECT (SELECT max(event_position) FROM threefactor.parked) > (SELECT min(position) FROM threefactor.outbox) AS younger`), [{ younger: true }]);
      assert.deepEqual(sink.received.filter((call) => call.phase === 'moving'), []);
    });

    await step('adopt in the copy delivers it: same keys, same bodies, in order', async () => {
      phase = 'after';
      await to('SELECT threefactor.adopt()');
      await to(`SELECT threefactor.resume(t.name) FROM threefactor.event_trigger AS t WHERE paused`);
      await to(`INSERT INTO ordered SELECT i, NULL, 'e', CASE WHEN i % 2 = 0 THEN 'even' ELSE 'odd' END::kind FROM generate_series(1, 20) AS i`);
      assert.deepEqual(await to(`SELECT threefactor.redeliver(trigger => name) FROM (VALUES ('dead'), ('blocking')) AS v (name)`), [{ redeliver: '20' }, { redeliver: '10' }]);
      const keys = undelivered.map((row) => row.key);
      const after = () => sink.received.filter((call) => call.phase === 'after');
      // What was retrying waits for its time.
      const due = await to(`UPDATE threefactor.parked SET next_attempt_at = now() WHERE state = 'retrying' AND next_attempt_at > now() RETURNING threefactor_private.parked_changed()`);
      assert.equal(due.length, 30);
      await eventually('all keys have come', () => {
        const come = byKey(after());
        return keys.every((key) => come.has(key));
      });
      byKey(sink.received); // the bodies are those of before
      assert.equal([...byKey(after()).keys()].filter((key) => before.has(key) && !keys.includes(key)).length, 0, 'delivered twice');
      const attempts = new Map(after().map((call) => [call.headers['idempotency-key'].replaceAll('"', ''), call.headers['threefactor-attempt']]));
      for (const { key, attempts: made, state } of undelivered) assert.equal(attempts.get(key), state === 'dead' ? '1' : String(made + 1));
      for (const name of ['ordered', 'blocking']) {
        await eventually(`${name} is delivered`, () => after().filter((call) => call.path === `/${name}`).length === 30 + 40);
        for (let id = 1; id <= 20; id++) {
          const notes = sink.on(`/${name}`).filter((call) => call.body.event.data.new.id === id).map((call) => call.body.event.data.new.note);
          assert.equal(notes.filter((note, i) => note !== notes[i - 1]).join(''), 'abcde');
        }
      }
      const paused = sink.on('/paused').map((call) => call.body.event.data.new);
      assert.equal(paused.filter((row) => 'note' in row).length, 3000); // as it was captured
      assert.equal(paused.length, 3100);
      assert.deepEqual(sink.on('/topic')[0].body.event.session_variables, { 'x-hasura-role': 'r' });
      await eventually('applied', async () => (await to('SELECT id FROM effects')).length === 1);
      await eventually('nothing is left', async () => (await to('SELECT FROM threefactor.parked')).length === 0);
    });

    await step('accepted keys stay accepted; schedules and numbers go on', async () => {
      assert.deepEqual(await to(`SELECT threefactor.accept('accepted') AS again, threefactor.accept('another') AS another`), [{ again: false, another: true }]);
      assert.deepEqual(await to('SELECT name FROM threefactor.schedules'), [{ name: 'tick' }]);
      assert.deepEqual(await to('SELECT payload FROM threefactor.scheduled_events'), [{ payload: { id: 1 } }]);
      await to(`SELECT threefactor.create_event_trigger('new', 'plain', '${sink.url}/new')`);
    });

    await step('the original delivers nothing until it is told to; then the same keys', async () => {
      phase = 'back';
      await sql(`INSERT INTO plain VALUES (100, NULL, 'after')`);
      await cluster.kill();
      await cluster.start();
      await eventually('it waits', async () => (await sql('SELECT DISTINCT state FROM threefactor.status'))[0].state === 'set aside: waits for adopt()');
      await sql('SELECT threefactor.adopt()');
      await eventually('it delivers', () => sink.on('/plain').some((call) => call.phase === 'back' && call.body.event.data.new.id === 100));
      byKey(sink.received);
      assert.equal(sink.on('/slow').length, 1);
    });

    await step('DROP EXTENSION works in the copy', async () => {
      await to('DROP EXTENSION threefactor');
      assert.deepEqual(await to(`SELECT FROM pg_trigger WHERE tgname LIKE '%threefactor%'`), []);
    });
    await sink.stop();
    await other.destroy();
  });
}

scenario('the commands of MOVING.md', { app: false, gateway: false }, async (system, step) => {
  const { sql, cluster } = system;
  const other = await otherCluster(system, {});
  const sink = await Sink.start();
  sink.behave = (call, response) => response.writeHead(500).end();
  await sql('CREATE EXTENSION threefactor');
  await sql('CREATE TABLE t (id integer PRIMARY KEY)');
  await sql(`SELECT threefactor.create_event_trigger('t', 't', '${sink.url}/t', retry => '{"interval": 3600, "backoff": "fixed"}')`);
  await sql('INSERT INTO t SELECT generate_series(1, 10)');
  await eventually('they fail', async () => (await sql('SELECT FROM threefactor.parked')).length === 10);
  const keys = [...byKey(sink.received).keys()].sort();

  await step('move the database', async () => {
    const environment = { ...process.env, PATH: `${cluster.directory}/tree/bin:${process.env.PATH}`, OLD: cluster.url(), NEW: other.url('moved'), DUMP: `${system.directory}/documented` };
    const [move, resume] = kCommands;
    sink.received = [];
    sink.behave = (call, response) => response.end('{}');
    await run('bash', ['-euo', 'pipefail', '-c', move], { env: environment });
    await other.sql(`UPDATE threefactor.parked SET next_attempt_at = now() RETURNING threefactor_private.parked_changed()`, [], 'moved');
    await eventually('all are delivered there', () => sink.received.length === 10);
    assert.deepEqual([...byKey(sink.received).keys()].sort(), keys);
    await run('bash', ['-euo', 'pipefail', '-c', resume], { env: environment });
    assert.deepEqual(await sql('SELECT state FROM threefactor.status'), [{ state: 'running' }]);
  });

  await step('plain SQL, into a database that has it already, with --clean', async () => {
    sink.behave = (call, response) => response.writeHead(500).end();
    await sql('INSERT INTO t VALUES (11)');
    await eventually('it fails', async () => (await sql('SELECT FROM threefactor.parked')).length === 11);
    await sql('CALL threefactor.set_aside()');
    const { stdout } = await client(cluster, 'pg_dump', '--clean', '--if-exists', '-d', cluster.url());
    const file = `${system.directory}/plain.sql`;
    await writeFile(file, stdout);
    await client(other, 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-f', file, '-d', other.url('moved'));
    assert.deepEqual(await other.sql('SELECT count(*)::integer AS n FROM threefactor.parked', [], 'moved'), [{ n: 11 }]);
    // Into the very database that it was made of.
    await client(cluster, 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-f', file, '-d', cluster.url());
    assert.deepEqual(await sql('SELECT count(*)::integer AS n FROM threefactor.parked'), [{ n: 11 }]);
    await sql('SELECT threefactor.adopt()');
    await sql('INSERT INTO t VALUES (12)');
    await eventually('it delivers', async () => (await sql('SELECT FROM threefactor.parked')).length === 12);
  });

  await step('a copy that has not been adopted may move on', async () => {
    const [{ origin }] = await other.sql('SELECT count(*)::integer AS origin FROM threefactor.origin', [], 'moved');
    assert.equal(origin, 2);
    await other.sql('INSERT INTO t VALUES (13)', [], 'moved');
    await other.sql('CALL threefactor.set_aside()', [], 'moved');
    await other.sql('CREATE DATABASE further', [], 'postgres');
    await other.copy('moved', 'further');
    const rows = await other.sql(`SELECT (new_row ->> 'id')::integer AS id FROM threefactor.parked ORDER BY event_position`, [], 'further');
    assert.equal(rows.length, 12);
    assert.equal(rows.at(-1).id, 13);
  });
  await sink.stop();
  await other.destroy();
});

scenario('who writes on while it is set aside', { app: false, gateway: false }, async (system, step) => {
  const { sql, cluster } = system;
  await sql('CREATE EXTENSION threefactor');
  await sql('CREATE TABLE t (id integer PRIMARY KEY)');
  await sql(`SELECT threefactor.create_event_trigger('t', 't', 'http://127.0.0.1:1/')`);
  await sql(`SELECT threefactor.pause('t')`);
  await sql('INSERT INTO t VALUES (1)');
  const dump = () => client(cluster, 'pg_dump', '-Fc', '-d', cluster.url(), '-f', `${system.directory}/dump`);
  const parked = async () => (await sql('SELECT FROM threefactor.parked')).length;

  await step('an event that would be left behind makes the dump fail; called again it is taken, too', async () => {
    const late = await cluster.open();
    await late.query('BEGIN; INSERT INTO t VALUES (2)');
    await sql('CALL threefactor.set_aside()');
    await dump(); // what is not committed is not in the dump, nor its event
    await late.query('COMMIT');
    await late.end();
    await assert.rejects(dump(), /the dump would lose undelivered events: events were captured after threefactor.set_aside\(\)\n.*CALL threefactor.set_aside\(\) again/);
    await sql('CALL threefactor.set_aside()');
    await dump();
    assert.equal(await parked(), 2);
  });

  await step('so does a table that is dropped then', async () => {
    await sql('DROP TABLE t');
    await assert.rejects(dump(), /a table with an event trigger was dropped/);
    await sql('CALL threefactor.set_aside()');
    await dump();
  });

  await step('not in a transaction block', async () => {
    const session = await cluster.open();
    await session.query('BEGIN');
    await assert.rejects(session.query('CALL threefactor.set_aside()'), /cannot run in a transaction block/);
    await session.end();
  });

  await step('nor by an administrator who does not own the database', async () => {
    await sql(`CREATE ROLE admin LOGIN IN ROLE threefactor_admin`);
    for (const statement of ['CALL threefactor.set_aside()', 'SELECT threefactor.adopt()'])
      await assert.rejects(cluster.as('admin', statement, 'food_ordering'), /permission denied for/);
  });
});

const kBacklog = 20_000;

scenario('set aside and adopted under load', { settings: { 'threefactor.workers': 3 }, app: false, gateway: false }, async (system, step) => {
  const { sql, cluster } = system;
  const sink = await Sink.start();
  await sql('CREATE EXTENSION threefactor');
  await sql('CREATE TABLE t (id serial PRIMARY KEY, key integer)');
  await sql(`SELECT threefactor.create_event_trigger('free', 't', '${sink.url}/free', operations => '{INSERT}')`);
  await sql(`SELECT threefactor.create_event_trigger('ordered', 't', '${sink.url}/ordered', operations => '{UPDATE}', order_by => '{key}')`);
  const counts = () => sink.received.reduce((map, { headers }) => map.set(headers['idempotency-key'], (map.get(headers['idempotency-key']) ?? 0) + 1), new Map());

  await step('without a crash, again and again: each delivery once', async () => {
    await sql('INSERT INTO t (key) SELECT i % 50 FROM generate_series(1, $1::integer) AS i', [kBacklog]);
    await sql('UPDATE t SET key = key + 50 WHERE id <= 1000');
    for (let i = 1; i <= 4; i++) {
      await eventually('some more are delivered', () => sink.received.length >= i * 2000);
      await sql('CALL threefactor.set_aside()');
      const there = sink.received.length;
      await sql('INSERT INTO t (key) VALUES (1)');
      assert.equal(sink.received.length, there);
      await sql('SELECT threefactor.adopt()');
    }
    const total = kBacklog + 4 + 1000;
    await eventually('all are delivered', () => counts().size === total, 120_000);
    assert.equal(sink.received.length, total);
    const ids = sink.on('/ordered').map((call) => call.body.event.data.new);
    for (let key = 50; key < 100; key++) {
      const of = ids.filter((row) => row.key === key).map((row) => row.id);
      assert.deepEqual(of, [...of].sort((a, b) => a - b));
    }
  });

  await step('kill -9 of a worker or of all, at any moment: none is lost', async () => {
    sink.received = [];
    await sql('INSERT INTO t (key) SELECT i % 50 FROM generate_series(1, $1::integer) AS i', [kBacklog]);
    const patient = async (statement) =>
      await eventually(statement, async () => (await sql(statement).catch(() => false)) && true, 60_000);
    for (let i = 0; i < 8; i++) {
      const call = sql(i % 2 === 0 ? 'CALL threefactor.set_aside()' : 'SELECT threefactor.adopt()').catch(() => {});
      await new Promise((resolve) => setImmediate(resolve));
      if (i % 4 < 2) {
        await sql(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'threefactor delivery'`);
      } else {
        await cluster.kill();
        await cluster.start();
      }
      await call;
    }
    await patient('CALL threefactor.set_aside()');
    await patient('SELECT threefactor.adopt()');
    await eventually('all are delivered', () => counts().size === kBacklog, 120_000);
    await eventually('all is settled', async () => (await sql('SELECT FROM threefactor.status WHERE pending + retrying + blocked + dead + in_flight > 0')).length === 0);
    byKey(sink.received);
  });
  await sink.stop();
});
