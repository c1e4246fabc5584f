// A failure is an event too: error webhooks, and endpoints that say they are gone.
import assert from 'node:assert/strict';

import { Webhook } from '../clients/clients.mjs';
import { eventually, scenario } from './harness.mjs';
import { fail, Sink } from './support/sink.mjs';

const kSecret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

scenario('failures', { app: false, gateway: false }, async (system, step) => {
  const { sql } = system;
  const sink = await Sink.start();
  await sql('CREATE EXTENSION threefactor');
  const make = async (name, retry, more = {}) => {
    await sql(`CREATE TABLE IF NOT EXISTS ${name} (id integer, text text)`);
    const given = { name, relation: name, webhook: `${sink.url}/${name}`, retry, ...more };
    const list = Object.keys(given).map((key, i) => `${key} => $${i + 1}`);
    await sql(`SELECT threefactor.create_event_trigger(${list.join(', ')})`, Object.values(given));
  };
  const behave = {};
  sink.behave = (call, response) => (behave[call.path.slice(1)] ?? ((_, answer) => answer.end('{}')))(call, response);
  const dead = (name) => sql('SELECT * FROM threefactor.dead_letters WHERE event_trigger = $1', [name]);
  const twice = { attempts: 2, backoff: 'fixed', interval: 0 };

  await step('a dead letter is reported, signed, with a key of its own', async () => {
    await make('orders', twice, { error_webhook: `${sink.url}/resolve`, secrets: [kSecret], payload: ['id'] });
    behave.orders = (call, response) => response.writeHead(422).end('{"why":"é"}');
    await sql(`BEGIN; SELECT set_config('hasura.user', '{"x-hasura-role":"user"}', true); INSERT INTO orders VALUES (1, 'a'); COMMIT`);
    const [{ headers, text, body }] = await eventually('reported', () => sink.on('/resolve').length && sink.on('/resolve'));
    new Webhook(kSecret).verify(text, headers);
    const last = sink.on('/orders').at(-1);
    assert.equal(body.event.op, 'ERROR');
    assert.equal(body.table, null);
    assert.deepEqual(body.trigger, { name: 'orders/error' });
    assert.deepEqual(body.event.session_variables, { 'x-hasura-role': 'user' });
    assert.notEqual(body.id, last.body.id);
    assert.equal(body.id, headers['webhook-id']);
    const { failed_at, event, ...report } = body.event.data.new;
    assert.deepEqual(report, { error: null, status: 422, response: '{"why":"é"}', attempts: 2 });
    assert.ok(!Number.isNaN(Date.parse(failed_at)));
    assert.deepEqual({ ...event, delivery_info: undefined }, { ...last.body, delivery_info: undefined });
    assert.deepEqual(event.event.data.new, { id: 1 });
  });

  await step('a delivery that cannot even be made is reported, too', async () => {
    await make('unmade', twice, { error_webhook: `${sink.url}/unmade_error`, webhook: '{{WEBHOOK_NOWHERE}}' });
    await sql(`INSERT INTO unmade VALUES (1, 'a')`);
    const [{ body }] = await eventually('reported', () => sink.on('/unmade_error').length && sink.on('/unmade_error'));
    assert.match(body.event.data.new.error, /WEBHOOK_NOWHERE is not set/);
    assert.equal(body.event.data.new.status, null);
  });

  await step('an error webhook that fails is retried by itself, becomes a dead letter, and makes no event', async () => {
    await make('twice', twice, { error_webhook: `${sink.url}/twice_error` });
    behave.twice = behave.twice_error = fail;
    await sql(`INSERT INTO twice VALUES (1, 'a')`);
    await eventually('both are dead', async () => (await dead('twice')).length && (await dead('twice/error')).length);
    assert.equal(sink.on('/twice_error').length, 2);
    assert.equal(new Set(sink.on('/twice_error').map(({ body }) => body.id)).size, 1);
    const [{ n }] = await sql(`SELECT count(*)::integer AS n FROM threefactor.events
      WHERE operation = 'ERROR' AND 'twice/error' = ANY (event_triggers)`);
    assert.equal(n, 1);
    delete behave.twice_error;
    await sql(`SELECT threefactor.redeliver(trigger => 'twice/error')`);
    await eventually('redelivered', async () => (await dead('twice/error')).length === 0 && sink.on('/twice_error').length === 3);
  });

  await step('kill -9 between the dead letter and its report loses nothing', async () => {
    await make('killed', { attempts: 1 }, { error_webhook: `${sink.url}/killed_error` });
    behave.killed = fail;
    await sql(`SELECT threefactor.pause('killed/error')`);
    await sql(`INSERT INTO killed SELECT i, 'x' FROM generate_series(1, 200) AS i`);
    await eventually('some are dead', async () => (await dead('killed')).length > 0);
    await system.cluster.kill();
    await system.cluster.start();
    await sql(`SELECT threefactor.resume('killed/error')`);
    await eventually('every dead letter is reported once', async () => {
      const letters = (await dead('killed')).map(({ idempotency_key }) => idempotency_key);
      const reported = sink.on('/killed_error').map(({ body }) => body.event.data.new.event.id);
      return letters.length === 200 && reported.length >= 200 && letters.every((key) => reported.includes(key));
    });
    const reported = sink.on('/killed_error').map(({ body }) => body.event.data.new.event.id);
    assert.equal(new Set(reported).size, reported.length);
  });

  await step('410 pauses the event trigger; resumed, it delivers what waited', async () => {
    await make('moved', { attempts: 1 });
    await make('staying', {});
    behave.moved = (call, response) => response.writeHead(410).end();
    await sql(`INSERT INTO moved VALUES (1, 'a')`);
    const [status] = await eventually('paused', async () => {
      const rows = await sql(`SELECT state, dead, retrying FROM threefactor.status WHERE event_trigger = 'moved'`);
      return rows[0].state.startsWith('paused') && rows;
    });
    assert.match(status.state, /410/);
    assert.deepEqual([status.dead, status.retrying].map(Number), [0, 1]);
    await sql(`INSERT INTO moved VALUES (2, 'a'); INSERT INTO staying VALUES (1, 'a')`);
    await eventually('another goes on', () => sink.on('/staying').length === 1);
    assert.equal(sink.on('/moved').length, 1);
    delete behave.moved;
    await sql(`SELECT threefactor.resume('moved')`);
    await eventually('both arrive', () => new Set(sink.on('/moved').slice(1).map(({ body }) => body.event.data.new.id)).size === 2);
    assert.deepEqual(await sql(`SELECT state FROM threefactor.status WHERE event_trigger = 'moved'`), [{ state: 'running' }]);
  });

  await step('whoever holds the row of the event trigger does not hold up the worker', async () => {
    await make('held', { attempts: 1, backoff: 'fixed', interval: 0.1 });
    behave.held = (call, response) => response.writeHead(410).end();
    const holder = await system.cluster.open();
    await holder.query(`BEGIN; SELECT FROM threefactor.event_trigger WHERE name = 'held' FOR UPDATE`);
    await sql(`INSERT INTO held VALUES (1, 'a')`);
    await eventually('asked again', () => sink.on('/held').length > 1);
    await holder.query('COMMIT');
    await holder.end();
    await eventually('paused', async () => (await sql(`SELECT FROM threefactor.event_triggers WHERE name = 'held' AND paused`)).length);
  });

  await sink.stop();
});
