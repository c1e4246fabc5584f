// What a delivery worker waits for, and what it does not wait for.
import assert from 'node:assert/strict';

import { eventually, scenario } from './harness.mjs';
import { Sink } from './support/sink.mjs';

const makeTable = async (sql, sink) => {
  await sql('CREATE EXTENSION threefactor');
  await sql('CREATE TABLE t (id integer PRIMARY KEY)');
  await sql(`SELECT threefactor.create_event_trigger('t', 't', $1, retry => '{"backoff": "fixed", "interval": 3}')`, [`${sink.url}/t`]);
};
const postsOf = (sink, id) => sink.on('/t').filter((call) => call.body.event.data.new.id === id).length;

scenario('a locked row of a parked delivery', { app: false, gateway: false }, async (system, step) => {
  const { sql, cluster } = system;
  const sink = await Sink.start();
  await makeTable(sql, sink);
  const settled = async (id) => {
    const rows = await sql(
      `SELECT FROM threefactor.attempt AS a JOIN threefactor.outbox AS o USING (event_id) WHERE (o.new_row->>'id')::integer = $1 AND outcome = 'delivered'`,
      [id],
    );
    return rows.length;
  };

  await step('holds up the settlement of that delivery, and of no other', async () => {
    sink.behave = (call, response) =>
      response.writeHead(call.body.event.data.new.id === 1 && call.headers['threefactor-attempt'] === '1' ? 500 : 200).end('{}');
    await sql('INSERT INTO t VALUES (1)');
    await eventually('it is retrying', async () => (await sql('SELECT FROM threefactor.parked')).length === 1);
    const session = await cluster.open();
    await session.query('BEGIN');
    assert.equal((await session.query('SELECT FROM threefactor.parked FOR UPDATE')).rows.length, 1);
    await eventually('the second attempt is accepted', () => postsOf(sink, 1) === 2);
    await sql('INSERT INTO t VALUES (2)');
    await eventually('the other is settled', async () => (await settled(2)) === 1);
    assert.equal(await settled(1), 0);
    await session.query('ROLLBACK');
    await session.end();
    await eventually('it is settled', async () => (await settled(1)) === 1);
    assert.equal(postsOf(sink, 1), 2);
    assert.equal((await sql('SELECT FROM threefactor.parked')).length, 0);
  });
  await sink.stop();
});

scenario('an event trigger that is made while the worker reads them', { app: false, gateway: false }, async (system, step) => {
  const { sql, cluster } = system;
  const sink = await Sink.start();
  await makeTable(sql, sink);

  await step('delivers what it has captured', async () => {
    await sql('INSERT INTO t VALUES (1)');
    await eventually('there is a worker', () => postsOf(sink, 1) === 1);
    const session = await cluster.open();
    await session.query('BEGIN; LOCK TABLE threefactor.event_trigger IN ACCESS EXCLUSIVE MODE');
    await sql('SELECT threefactor_private.definitions_changed()');
    await eventually('the worker has read definitions, and waits', async () =>
      (await sql(`SELECT FROM pg_stat_activity WHERE backend_type = 'threefactor delivery' AND wait_event_type = 'Lock'`)).length === 1);
    await session.query('CREATE TABLE late (id integer)');
    await session.query(`SELECT threefactor.create_event_trigger('late', 'late', $1)`, [`${sink.url}/late`]);
    await session.query('INSERT INTO late VALUES (1)');
    await session.query('COMMIT');
    await session.end();
    await eventually('it is delivered', () => sink.on('/late').length === 1);
  });
  await sink.stop();
});

scenario('a pause', { settings: { 'threefactor.concurrency': 8 }, app: false, gateway: false }, async (system, step) => {
  const { sql } = system;
  const sink = await Sink.start();
  await makeTable(sql, sink);
  const status = async () => (await sql(`SELECT state, pending::integer, in_flight::integer, delivered::integer FROM threefactor.status`))[0];
  const becomes = (what, is) => eventually(what, async () => is(await status()));

  for (const [halt, goOn] of [
    [() => sql(`SELECT threefactor.pause('t')`), () => sql(`SELECT threefactor.resume('t')`)],
    [() => sql('ALTER SYSTEM SET threefactor.deliver = off').then(() => sql('SELECT pg_reload_conf()')),
      () => sql('ALTER SYSTEM RESET threefactor.deliver').then(() => sql('SELECT pg_reload_conf()'))],
  ])
    await step(`posts nothing but what was in flight: ${sink.received.length ? 'deliver = off' : 'pause'}`, async () => {
      // Its answers come fast, until none comes.
      const before = (await status()).delivered ?? 0;
      await sql('INSERT INTO t SELECT n + (SELECT coalesce(max(id), 0) FROM t) FROM generate_series(1, 50) AS n');
      await becomes('50 are delivered', ({ delivered }) => delivered === before + 50);
      const held = [];
      sink.behave = (call, response) => held.push(response);
      const posted = sink.received.length;
      await sql('INSERT INTO t SELECT n + (SELECT max(id) FROM t) FROM generate_series(1, 30) AS n');
      await becomes('some are in flight, and others ahead', ({ pending, in_flight }) => in_flight >= 7 && pending + in_flight < 30);
      await halt();
      await becomes('all but those in flight wait again', ({ pending, in_flight }) => in_flight > 0 && pending + in_flight === 30);
      const { in_flight } = await status();
      assert.equal(sink.received.length - posted, in_flight);
      sink.behave = (call, response) => response.end('{}');
      held.forEach((response) => response.end('{}'));
      await becomes('these are settled', (now) => now.in_flight === 0 && now.delivered === before + 50 + in_flight);
      assert.equal(sink.received.length - posted, in_flight);
      await goOn();
      await becomes('all are delivered', ({ delivered }) => delivered === before + 80);
      assert.equal(sink.received.length - posted, 30);
    });
  await sink.stop();
});

scenario('deliver_after = replicated', { settings: { 'threefactor.deliver_after': 'replicated' }, app: false, gateway: false },
  async (system, step) => {
    const { sql } = system;
    const sink = await Sink.start();
    await makeTable(sql, sink);
    const standbys = async (names) => {
      await sql(`ALTER SYSTEM SET synchronous_standby_names = '${names}'`);
      await sql('SELECT pg_reload_conf()');
      await eventually('the setting counts', async () => (await sql('SHOW synchronous_standby_names'))[0].synchronous_standby_names === names);
    };

    await step('without synchronous standbys there is nothing to wait for', async () => {
      await sql('INSERT INTO t VALUES (1)');
      await eventually('it is delivered', () => postsOf(sink, 1) === 1);
      await eventually('it is settled', async () => (await sql('SELECT FROM threefactor.attempt')).length === 1);
    });

    await step('what no standby has confirmed is not posted, and the worker goes on', async () => {
      await sql(`SELECT threefactor.pause('t')`); // so that it writes nothing, which would wait for the standby itself
      await eventually('nothing is left to write', async () => {
        const [row] = await sql('SELECT (SELECT max(sequence) FROM threefactor.checkpoint) = (SELECT max(sequence) FROM threefactor.attempt) AS all');
        return row.all;
      });
      await standbys('nobody');
      await sql(`SET synchronous_commit = local; SELECT threefactor.resume('t'); INSERT INTO t VALUES (2)`);
      // It looks at the partitions once a second.
      const rounds = async () => (await sql(`SELECT query_start FROM pg_stat_activity WHERE application_name LIKE 'threefactor delivery%'
        AND query_start > (SELECT max(created_at) FROM threefactor.outbox)`))[0]?.query_start?.getTime();
      let last = await eventually('a round', rounds);
      for (let round = 0; round < 3; round++)
        last = await eventually('another round', async () => {
          const next = await rounds();
          return next > last && next;
        });
      assert.equal(postsOf(sink, 2), 0);
      await standbys('');
      await eventually('it is delivered', () => postsOf(sink, 2) === 1);
    });
    await sink.stop();
  });
