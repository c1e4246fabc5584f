// What a delivery looks like, as the libraries of others read it: Standard Webhooks, CloudEvents.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';

import { cloudEvents, Webhook } from '../clients/clients.mjs';
import { eventually, kHandlers, scenario } from './harness.mjs';
import { freePort, Process } from './support/process.mjs';
import { fail, Sink } from './support/sink.mjs';

const secret = () => `whsec_${randomBytes(32).toString('base64')}`;
const kTraceparent = /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/;

scenario('bodies and headers', { app: false, gateway: false }, async (system, step) => {
  const { sql } = system;
  const sink = await Sink.start();
  await sql('CREATE EXTENSION threefactor');
  await sql('CREATE TABLE orders (id integer PRIMARY KEY, item text)');
  const create = (name, more = {}) => {
    const given = { name, webhook: `${sink.url}/${name}`, retry: '{"attempts": 1000, "backoff": "fixed", "interval": 0.05}', ...more };
    const list = Object.keys(given).map((key, i) => `${key} => $${i + 1}`);
    return sql(`SELECT threefactor.create_event_trigger(${list.join(', ')})`, Object.values(given));
  };
  const onOrders = (name, more = {}) => create(name, { relation: 'orders', operations: ['INSERT'], ...more });
  const drop = (name) => sql('SELECT threefactor.drop_event_trigger($1)', [name]);
  const received = (path, count = 1) =>
    eventually(`${count} on ${path}`, () => sink.on(path).length >= count && sink.on(path));

  await step('signed with one secret, then with two while they rotate, then with the new one', async () => {
    const [old, fresh] = [secret(), secret()];
    const verified = ({ text, headers }, key) => {
      try {
        return new Webhook(key).verify(text, headers);
      } catch {
        return undefined;
      }
    };
    const expectations = [[[old], [true, false]], [[fresh, old], [true, true]], [[fresh], [false, true]]];
    for (const [i, [secrets, expected]] of expectations.entries()) {
      await onOrders('signed', { secrets, replace: true });
      await sql('INSERT INTO orders VALUES ($1, $2)', [i, 'Crème brûlée']);
      const call = (await received('/signed', i + 1))[i];
      assert.equal(call.headers['webhook-signature'].split(' ').length, secrets.length);
      assert.deepEqual([old, fresh].map((key) => verified(call, key)?.event.data.new.item === 'Crème brûlée'), expected);
      assert.equal(verified({ ...call, text: call.text.replace('brûlée', 'brulee') }, secrets[0]), undefined);
    }
    await drop('signed');
  });

  await step('without secrets: id and timestamp, but no signature', async () => {
    await onOrders('unsigned');
    await sql(`INSERT INTO orders VALUES (10, 'a')`);
    const [{ headers, body }] = await received('/unsigned');
    assert.equal(headers['webhook-id'], body.id);
    assert.ok(Math.abs(Date.now() / 1000 - Number(headers['webhook-timestamp'])) < 300);
    assert.equal(headers['webhook-signature'], undefined);
    assert.equal(headers['idempotency-key'], `"${body.id}"`);
    assert.match(headers['content-type'], /^application\/json/);
    await drop('unsigned');
  });

  await step('traceparent: the writer\'s, else one that all attempts share', async () => {
    await onOrders('traced');
    sink.behave = (call, response) => (sink.on('/traced').length % 2 ? fail(call, response) : response.end('{}'));
    await sql(`INSERT INTO orders VALUES (20, 'a')`);
    const [first, second] = (await received('/traced', 2)).map(({ headers }) => headers.traceparent);
    assert.match(first, kTraceparent);
    assert.equal(first, second);
    const context = { trace_id: '0af7651916cd43dd8448eb211c80319c', span_id: 'b7ad6b7169203331' };
    await sql(`BEGIN; SET LOCAL hasura.tracecontext = '${JSON.stringify(context)}'; INSERT INTO orders VALUES (21, 'a'); COMMIT`);
    const [, , third, fourth] = await received('/traced', 4);
    for (const { headers, body } of [third, fourth]) {
      assert.equal(headers.traceparent, `00-${context.trace_id}-${context.span_id}-01`);
      assert.deepEqual(body.event.trace_context, context);
    }
    sink.behave = (call, response) => response.end('{}');
    await drop('traced');
  });

  for (const profile of ['cloudevents-binary', 'cloudevents-structured'])
    await step(`${profile}, as the CloudEvents SDK reads it; the same in each attempt`, async () => {
      const path = `/${profile}`;
      const key = secret();
      await onOrders(profile, { body: profile, secrets: [key], headers: { 'Content-Type': 'text/plain' } });
      sink.behave = (call, response) => (sink.on(path).length < 2 ? fail(call, response) : response.end('{}'));
      await sql(`DELETE FROM orders WHERE id = 30; INSERT INTO orders VALUES (30, 'é "x" %')`);
      const calls = await received(path, 2);
      assert.equal(calls[0].text, calls[1].text);
      for (const { headers, text } of calls) {
        assert.ok(cloudEvents.isEvent({ headers, body: text }));
        const event = cloudEvents.toEvent({ headers, body: text });
        assert.ok(event.validate());
        assert.equal(event.id, headers['webhook-id']);
        assert.equal(event.specversion, '1.0');
        assert.equal(event.source, '/tables/public/orders');
        assert.equal(event.type, 'threefactor.insert');
        assert.equal(event.subject, profile);
        assert.equal(event.datacontenttype, 'application/json');
        const [{ created_at }] = await sql('SELECT created_at FROM threefactor.events ORDER BY position DESC LIMIT 1');
        assert.equal(new Date(event.time).getTime(), created_at.getTime());
        assert.deepEqual(event.data, { old: null, new: { id: 30, item: 'é "x" %' }, session_variables: null });
        new Webhook(key).verify(text, headers);
      }
      sink.behave = (call, response) => response.end('{}');
      await drop(profile);
    });

  await step('validation: nothing before the endpoint has consented, then each delivery with its origin', async () => {
    let consents = false;
    sink.behave = (call, response) => {
      const headers = call.method === 'OPTIONS' && consents ? { 'WebHook-Allowed-Origin': 'threefactor' } : {};
      response.writeHead(call.method === 'OPTIONS' ? 405 : 200, headers).end();
    };
    await onOrders('validated', { body: 'cloudevents-structured', endpoint: '{"validate": true}' });
    await sql(`INSERT INTO orders SELECT i, 'a' FROM generate_series(60, 69) AS i`);
    const attempts = await eventually('refused', async () => {
      const rows = await sql(`SELECT outcome, error FROM threefactor.attempts WHERE event_trigger = 'validated'`);
      return rows.length >= 10 && rows;
    });
    for (const { outcome, error } of attempts) {
      assert.equal(outcome, 'retrying');
      assert.match(error, /has not consented .* OPTIONS \(status 405\)/);
    }
    assert.ok(sink.on('/validated').every(({ method, headers }) => method === 'OPTIONS' && headers['webhook-request-origin'] === 'threefactor'));
    consents = true;
    const posts = await eventually('all of them', () => {
      const found = sink.on('/validated').filter(({ method }) => method === 'POST');
      return new Set(found.map(({ headers }) => headers['webhook-id'])).size === 10 && found;
    });
    assert.ok(posts.every(({ headers }) => headers.origin === 'threefactor'));
    const questions = () => sink.on('/validated').filter(({ method }) => method === 'OPTIONS').length;
    const before = questions();
    await sql(`INSERT INTO orders VALUES (70, 'a')`);
    await eventually('one more', () => sink.on('/validated').filter(({ method }) => method === 'POST').length === 11);
    assert.equal(questions(), before, 'remembered');
    sink.behave = (call, response) => response.end('{}');
    await drop('validated');
  });

  await step('validation: the endpoint says how many requests it takes', async () => {
    sink.behave = (call, response) =>
      response.writeHead(200, call.method === 'OPTIONS' ? { 'WebHook-Allowed-Origin': '*', 'WebHook-Allowed-Rate': '1' } : {}).end();
    const posts = () => sink.on('/rated').filter(({ method }) => method === 'POST').length;
    await onOrders('rated', { endpoint: '{"validate": true}' });
    await sql(`INSERT INTO orders SELECT i, 'a' FROM generate_series(80, 91) AS i`);
    await eventually('one', () => posts() === 1);
    await eventually('limited', async () => (await sql(`SELECT FROM threefactor.endpoints WHERE 'rated' = ANY (event_triggers) AND rate_limited_at IS NOT NULL`)).length);
    assert.equal(posts(), 1, 'and no other in this minute');
    const rate = async () => (await sql(`SELECT rate FROM threefactor.endpoints WHERE 'rated' = ANY (event_triggers)`))[0].rate;
    assert.equal(await rate(), 1 / 60, 'as the view says');
    await onOrders('rated', { endpoint: '{"validate": false}', replace: true });
    await eventually('not asked, it has no rate', () => posts() === 12);
    assert.equal(await rate(), null);
    sink.behave = (call, response) => response.end('{}');
    await drop('rated');
  });

  await step('a profile that is replaced does not change what was captured before', async () => {
    await onOrders('changing', { body: 'supabase' });
    sink.behave = fail;
    await sql(`INSERT INTO orders VALUES (40, 'a')`);
    const [before] = await received('/changing');
    await onOrders('changing', { body: 'hasura', replace: true });
    sink.behave = (call, response) => response.end('{}');
    const after = await eventually('accepted', async () => (await sql(`SELECT FROM threefactor.attempts
      WHERE event_trigger = 'changing' AND outcome = 'delivered'`)).length && sink.on('/changing').at(-1));
    assert.equal(after.text, before.text);
    await sql(`INSERT INTO orders VALUES (41, 'a')`);
    await eventually('the new profile', () => sink.on('/changing').at(-1).body.event?.op === 'INSERT');
    await drop('changing');
  });

  await step('supabase', async () => {
    await onOrders('supabase', { body: 'supabase', operations: ['UPDATE', 'DELETE'] });
    await sql(`UPDATE orders SET item = 'b' WHERE id = 40`);
    await sql(`DELETE FROM orders WHERE id = 40`);
    const bodies = (await received('/supabase', 2)).map(({ body }) => body).sort((a, b) => (a.type < b.type ? 1 : -1));
    assert.deepEqual(bodies, [
      { type: 'UPDATE', table: 'orders', schema: 'public', record: { id: 40, item: 'b' }, old_record: { id: 40, item: 'a' } },
      { type: 'DELETE', table: 'orders', schema: 'public', record: null, old_record: { id: 40, item: 'b' } },
    ]);
    await drop('supabase');
  });

  await step('the handler kit verifies signatures', async () => {
    const key = secret();
    const port = await freePort();
    const handlers = new Process('handlers', kHandlers, ['--listen', `127.0.0.1:${port}`, '--database-url', system.cluster.url(), '--secret', key]);
    try {
      await handlers.healthy(port);
      const webhook = `http://127.0.0.1:${port}/agent-assignment`;
      await onOrders('kit_signed', { webhook, secrets: [key], retry: '{"attempts": 1}' });
      await onOrders('kit_unsigned', { webhook, retry: '{"attempts": 1}' });
      await onOrders('kit_other', { webhook, secrets: [secret()], retry: '{"attempts": 1}' });
      await sql(`INSERT INTO orders VALUES (50, 'a')`);
      const answers = await eventually('answers', async () => {
        const rows = await sql(`SELECT event_trigger, status, response FROM threefactor.attempts WHERE event_trigger LIKE 'kit%' ORDER BY 1`);
        return rows.length === 3 && rows;
      });
      assert.deepEqual(answers.map(({ status }) => status), [401, 400, 401]);
      assert.match(answers[1].response, /order_id/); // let through, and the row found wanting
    } finally {
      await handlers.stop('SIGKILL');
    }
  });

  await step('emit: to every event trigger of the topic, atomically, with the session', async () => {
    await create('first', { topic: 'order/shipped' });
    await create('second', { topic: 'order/shipped', body: 'cloudevents-binary' });
    await create('other', { topic: 'order/lost' });
    await sql(`BEGIN; SELECT threefactor.emit('order/shipped', '0'); ROLLBACK`);
    await sql(`BEGIN; SET LOCAL hasura."user" = '{"x-hasura-role":"user"}';
      SELECT threefactor.emit('order/shipped', '{"id": 7}'); COMMIT`);
    const [{ body }] = await received('/first');
    assert.equal(body.table, null);
    assert.equal(body.topic, 'order/shipped');
    assert.deepEqual(body.event, {
      op: 'EMIT',
      data: { old: null, new: { id: 7 } },
      session_variables: { 'x-hasura-role': 'user' },
      trace_context: null,
    });
    const [{ headers, text }] = await received('/second');
    const event = cloudEvents.toEvent({ headers, body: text });
    assert.equal(event.type, 'order/shipped');
    assert.equal(event.source, '/topics/order/shipped');
    assert.deepEqual(event.data, { id: 7 });
    await sql(`SELECT threefactor.invoke('first', '[1]')`);
    const [, invoked] = await received('/first', 2);
    assert.equal(invoked.body.topic, 'order/shipped');
    assert.equal(invoked.body.event.op, 'MANUAL');
    assert.deepEqual(invoked.body.event.data.new, [1]);
    assert.equal(sink.on('/other').length, 0);
  });

  await sink.stop();
});
