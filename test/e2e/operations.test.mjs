// What a person sees and does: status, log, pg_stat_activity, event triggers and tables that go, dead letters that come back.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';

import { eventually, scenario } from './harness.mjs';
import { fail, hang, Sink } from './support/sink.mjs';

const settings = { 'threefactor.concurrency': 8, 'threefactor.environment_variables': 'PGDATA' };
const kSecret = 'open-sesame';

scenario('operations', { settings, app: false, gateway: false }, async (system, step) => {
  const { sql, cluster } = system;
  const sink = await Sink.start();
  const behave = {};
  sink.behave = (call, response) => (behave[call.path.slice(1).split('?')[0]] ?? ((_, answer) => answer.end('{}')))(call, response);
  const on = (name) => sink.received.filter((call) => call.path.startsWith(`/${name}?`));
  await sql('CREATE EXTENSION threefactor');
  const make = async (name, retry = {}, endpoint = {}) => {
    await sql(`CREATE TABLE ${name} (id integer, text text)`);
    await sql(`SELECT threefactor.create_event_trigger($1, $2::text::regclass, $3, retry => $4, headers => $5, endpoint => $6)`, [
      name, name, `${sink.url}/${name}?token=${kSecret}`, retry, { 'X-Token': kSecret }, endpoint,
    ]);
  };
  const status = async (name) => (await sql(`SELECT *, extract(epoch FROM lag)::float8 AS lag FROM threefactor.status WHERE event_trigger = $1`, [name]))[0];
  const becomes = (name, expected) =>
    eventually(`${name}: ${JSON.stringify(expected)}`, async () => {
      const found = await status(name);
      for (const [key, value] of Object.entries(expected)) assert.equal(String(found[key]), String(value), `${key} of ${JSON.stringify(found)}`);
      return found;
    });
  const log = () => readFile(`${cluster.directory}/log`, 'utf8');
  const logged = (pattern) => eventually(`the log has ${pattern}`, async () => pattern.test(await log()));

  await step('status: nothing to do', async () => {
    await make('idle');
    await becomes('idle', { state: 'running', pending: 0, in_flight: 0, retrying: 0, dead: 0, lag: 0, delivered: 0, last_error: null });
    await sql('INSERT INTO idle SELECT generate_series(1, 10)');
    const { rate } = await becomes('idle', { pending: 0, in_flight: 0, lag: 0, delivered: 10 });
    assert.ok(Number(rate) > 0);
    await logged(/threefactor: worker started database=\S+ version=\S+ event_triggers=\d+ events_unsettled=0/);
  });

  await step('status: a handler that hangs', async () => {
    await make('slow');
    behave.slow = hang;
    await sql('INSERT INTO slow SELECT generate_series(1, 1000)');
    const { in_flight, pending, lag } = await eventually('in flight and pending', async () => {
      const found = await status('slow');
      return found.in_flight > 0 && Number(found.pending) + Number(found.in_flight) === 1000 && found;
    });
    assert.ok(in_flight <= 8 && pending > 900 && lag > 0);
    await eventually('the worker says so as well', async () => {
      const [row] = await sql(`SELECT query FROM pg_stat_activity WHERE backend_type = 'threefactor delivery' AND datname = current_database()`);
      return /^\d+ in flight, \d+ waiting$/.test(row.query);
    });
  });

  await step('status: failures', async () => {
    await make('failing', { attempts: 2, interval: 3600, backoff: 'fixed' });
    behave.failing = fail;
    await sql('INSERT INTO failing SELECT generate_series(1, 3)');
    const found = await becomes('failing', { pending: 0, retrying: 3, dead: 0, last_error: 'HTTP 500' });
    assert.ok(found.lag > 0);
    await sql('UPDATE threefactor.parked SET next_attempt_at = now(); SELECT threefactor_private.parked_changed()');
    await becomes('failing', { retrying: 0, dead: 3, lag: 0 });
    await logged(/threefactor: dead letters? event_trigger=failing count=\d event=[0-9a-f-]{36} status=500/);
  });

  await step('status: a backlog is counted near and estimated far', async () => {
    await make('backlog');
    await sql(`SELECT threefactor.pause('backlog')`);
    await sql(`INSERT INTO backlog SELECT n, repeat('x', n % 500) FROM generate_series(1, 2000) AS n`);
    await becomes('backlog', { state: 'paused', pending: 2000 });
    await sql(`INSERT INTO backlog SELECT n, repeat('x', n % 500) FROM generate_series(1, 38000) AS n`);
    await eventually('about 40,000', async () => {
      const pending = Number((await status('backlog')).pending);
      assert.ok(pending > 30_000 && pending < 50_000, `${pending} are pending`);
      return true;
    });
  });

  await step('status: why nothing is delivered', async () => {
    await make('broken', { interval: 0 }, { breaker: { failures: 3, cooldown: 600 } });
    behave.broken = fail;
    await sql('INSERT INTO broken SELECT generate_series(1, 10)');
    await eventually('the breaker is open', async () => /^breaker open until \d\d:\d\d:\d\d$/.test((await status('broken')).state));
    await logged(/threefactor: breaker opened event_trigger=broken milliseconds=\d+ openings=1/);
    await sql('ALTER SYSTEM SET threefactor.deliver = off');
    await sql('SELECT pg_reload_conf()');
    await becomes('idle', { state: 'threefactor.deliver is off' });
    await sql('INSERT INTO idle VALUES (11)');
    await becomes('idle', { pending: 1 });
    await sql('ALTER SYSTEM RESET threefactor.deliver');
    await sql('SELECT pg_reload_conf()');
    await becomes('idle', { state: 'running', pending: 0 });
  });

  const states = (name) => sql(`SELECT state, count(*)::integer FROM threefactor.deliveries WHERE event_trigger = $1 GROUP BY 1 ORDER BY 1`, [name]);

  await step('an event trigger that is dropped: what is pending, retrying or dead is archived', async () => {
    behave.failing = (call, response) => (call.body.event.data.new.id === 5 ? fail(call, response) : hang());
    await sql('INSERT INTO failing VALUES (5)'); // retrying in an hour
    await becomes('failing', { retrying: 1, dead: 3 });
    await sql(`SELECT threefactor.pause('failing')`);
    await sql('INSERT INTO failing VALUES (6), (7)');
    await becomes('failing', { pending: 2 });
    await sql(`SELECT threefactor.drop_event_trigger('failing')`);
    await eventually('all are archived', async () => {
      assert.deepEqual(await states('failing (dropped)'), [{ state: 'archived', count: 6 }]);
      assert.deepEqual(await sql(`SELECT state, count(*) FROM threefactor.parked JOIN threefactor_private.names USING (trigger_id) WHERE name LIKE 'failing%' GROUP BY 1`), []);
      return true;
    });
    assert.deepEqual(
      await sql(`SELECT DISTINCT outcome, status, error FROM threefactor.attempts WHERE event_trigger = 'failing (dropped)' AND outcome = 'archived'`),
      [{ outcome: 'archived', status: null, error: 'the event trigger was dropped' }],
    );
  });

  await step('a table that is dropped: what was captured is delivered', async () => {
    await make('gone');
    await sql(`SELECT threefactor.pause('gone')`);
    await sql('INSERT INTO gone VALUES (1), (2)');
    await sql('DROP TABLE gone');
    await sql(`SELECT threefactor.resume('gone')`);
    await becomes('gone', { delivered: 2, pending: 0 });
    assert.deepEqual(await sql(`SELECT relation, topic FROM threefactor.event_triggers WHERE name = 'gone'`), [{ relation: null, topic: null }]);
    await sql(`SELECT threefactor.drop_event_trigger('gone')`);
  });

  await step('many dead letters come back, with new keys', async () => {
    await make('dead', { attempts: 1 });
    behave.dead = (call, response) => response.writeHead(400).end();
    await sql('INSERT INTO dead SELECT generate_series(1, 2000)');
    await becomes('dead', { dead: 2000, pending: 0 });
    const first = new Set(on('dead').map((call) => call.body.id));
    delete behave.dead;
    assert.deepEqual(await sql(`SELECT threefactor.redeliver(trigger => 'dead', since => now() - interval '1 hour', new_key => true)`), [{ redeliver: '2000' }]);
    await becomes('dead', { dead: 0, retrying: 0, delivered: 2000 });
    const again = on('dead').slice(2000).map((call) => call.body.id);
    assert.equal(new Set(again).size, 2000);
    assert.ok(again.every((key) => !first.has(key)));
  });

  await step('the log: each delivery when asked, and never a secret', async () => {
    await sql('ALTER SYSTEM SET threefactor.log_deliveries = on');
    await sql('SELECT pg_reload_conf()');
    await eventually('the worker logs', async () => {
      await sql(`INSERT INTO idle VALUES (12, 'payload-text')`);
      return /threefactor: delivery event_trigger=idle event=[0-9a-f-]{36} attempt=1 outcome=delivered status=200 milliseconds=\d+/.test(await log());
    });
    const lines = (await log()).split('\n').filter((line) => line.includes('threefactor: '));
    assert.ok(lines.length > 3);
    for (const line of lines) assert.doesNotMatch(line, /open-sesame|payload-text|http:/);
  });
  await sink.stop();
});
