// The limits of endpoints: window, rate and circuit breaker, each held for the endpoint and felt by nobody else.
import assert from 'node:assert/strict';

import { eventually, scenario } from './harness.mjs';
import { Sink } from './support/sink.mjs';

const settings = { 'threefactor.concurrency': 32 };

scenario('endpoints', { settings, app: false, gateway: false }, async (system, step) => {
  const { sql } = system;
  const sink = await Sink.start();
  await sql('CREATE EXTENSION threefactor');

  const make = async (name, endpoint, retry = {}) => {
    await sql(`CREATE TABLE ${name} (id integer)`);
    await sql(`SELECT threefactor.create_event_trigger($1, $2::text::regclass, $3, endpoint => $4, retry => $5)`, [
      name, name, `${sink.url}/${name}?token=x`, endpoint, retry,
    ]);
  };
  const insert = (name, count) => sql(`INSERT INTO ${name} SELECT generate_series(1, $1::integer)`, [count]);
  const behave = {};
  sink.behave = (call, response) => (behave[call.path.slice(1).split('?')[0]] ?? ((_, answer) => answer.end('{}')))(call, response);
  const calls = (name) => sink.on(`/${name}?token=x`);
  const ids = (name) => new Set(calls(name).map((call) => call.body.event.data.new.id));
  const endpoint = async (name) => (await sql('SELECT * FROM threefactor.endpoints WHERE endpoint = $1', [`${sink.url}/${name}`]))[0];
  const rows = async (name) =>
    await sql(`SELECT p.state FROM threefactor.parked AS p JOIN threefactor.event_trigger USING (trigger_id) WHERE name = $1`, [name]);

  await make('beside', {});

  await step('no more requests at a time than the window, and all of it is used', async () => {
    let now = 0;
    let most = 0;
    const open = [];
    behave.windowed = (_, response) => {
      most = Math.max(most, ++now);
      open.push(() => (now--, response.end('{}')));
    };
    await make('windowed', { concurrency: 3 });
    await insert('windowed', 60);
    await eventually('the window is full', () => now === 3);
    await eventually('the view tells', async () => {
      const row = await endpoint('windowed');
      return row?.state === 'full' && row.in_flight === 3 && row.concurrency === 3;
    });
    await insert('beside', 200);
    await eventually('the other has all', () => ids('beside').size === 200);
    while (ids('windowed').size < 60) {
      await eventually('a request', () => open.length > 0 || ids('windowed').size === 60);
      for (const end of open.splice(0)) end();
    }
    for (const end of open.splice(0)) end();
    assert.equal(most, 3);
  });

  await step('two event triggers with the same webhook share its window', async () => {
    let now = 0;
    let most = 0;
    behave.shared = (_, response) => {
      most = Math.max(most, ++now);
      setImmediate(() => (now--, response.end('{}')));
    };
    await make('shared', { concurrency: 2 });
    await sql(`SELECT threefactor.create_event_trigger('sharing', 'shared', $1)`, [`${sink.url}/shared?token=x`]);
    await insert('shared', 100);
    await eventually('all', () => calls('shared').length === 200);
    assert.equal(most, 2);
  });

  await step('a rate is kept, delays only its own endpoint, and shows', async () => {
    await make('paced', { rate: 0.001, burst: 5 });
    await insert('paced', 30);
    await eventually('the burst', () => calls('paced').length === 5);
    await insert('beside', 300);
    await eventually('the other has all', () => calls('beside').length === 500);
    assert.equal(calls('paced').length, 5);
    assert.notEqual((await endpoint('paced')).rate_limited_at, null);
    assert.deepEqual(await rows('paced'), []);
    await sql(`SELECT threefactor.create_event_trigger('paced', 'paced', $1, endpoint => '{"rate": 1000}', replace => true)`, [
      `${sink.url}/paced?token=x`,
    ]);
    await eventually('all', () => ids('paced').size === 30);
  });

  await step('an open circuit breaker: no requests, no rows, no dead letters; a probe closes it', async () => {
    let broken = true;
    behave.broken = (_, response) => (broken ? response.writeHead(503).end() : response.end('{}'));
    await make(
      'broken',
      { breaker: { failures: 4, window: 60, cooldown: 0.3, max_cooldown: 0.6 } },
      { attempts: 50, backoff: 'fixed', interval: 0.05 },
    );
    await insert('broken', 2000);
    await eventually('it opens', async () => (await endpoint('broken')).state === 'breaker open');
    await insert('beside', 100);
    await eventually('the other has all', () => calls('beside').length === 600);
    const atOnce = calls('broken').length;
    await eventually('some probes', () => calls('broken').length >= atOnce + 4);
    assert.ok(atOnce <= 4 + settings['threefactor.concurrency'], `${atOnce} requests before it opened`);
    const parked = await rows('broken');
    assert.ok(parked.length <= atOnce + 6, `${parked.length} rows`);
    assert.ok(parked.every((row) => row.state === 'retrying'));
    broken = false;
    await eventually('all', () => ids('broken').size === 2000);
    await eventually('nothing is parked', async () => (await rows('broken')).length === 0);
    const row = await endpoint('broken');
    assert.equal(row.state, 'ok');
    assert.equal((await sql(`SELECT count(*)::integer AS n FROM threefactor.dead_letters`))[0].n, 0);
  });

  await step('a breaker survives the worker, as does what is in flight', async () => {
    behave.stuck = (_, response) => response.writeHead(500).end();
    await make('stuck', { breaker: { failures: 1, cooldown: 3600, max_cooldown: 3600 } }, { interval: 0.01 });
    await make('held', { concurrency: 1 });
    behave.held = () => {};
    await insert('held', 3);
    await insert('stuck', 10);
    await eventually('it opens', async () => (await endpoint('stuck')).state === 'breaker open');
    await eventually('one hangs', async () => (await endpoint('held')).in_flight === 1 && calls('held').length === 1);
    const made = calls('stuck').length;
    behave.held = undefined;
    await sql(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'threefactor delivery%'`);
    await eventually('the next worker posts it again', () => ids('held').size === 3 && calls('held').length === 4);
    await eventually('nothing is counted twice', async () => (await endpoint('held')).in_flight === 0);
    assert.equal((await endpoint('stuck')).state, 'breaker open');
    assert.equal(calls('stuck').length, made);
    assert.equal((await sql(`SELECT count(*)::integer AS n FROM threefactor.dead_letters`))[0].n, 0);
  });

  await step('with another definition the old limits are forgotten', async () => {
    await sql(`SELECT threefactor.create_event_trigger('stuck', 'stuck', $1, replace => true)`, [`${sink.url}/stuck?token=x`]);
    behave.stuck = undefined;
    await eventually('all', () => ids('stuck').size === 10);
  });

  await sink.stop();
});
