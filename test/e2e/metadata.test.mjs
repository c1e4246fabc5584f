// The metadata API as existing apps post it.
import assert from 'node:assert/strict';

import { eventually, scenario } from './harness.mjs';
import { Sink } from './support/sink.mjs';

const kInsertOrder = `INSERT INTO orders (order_id, user_id, restaurant_id, address) VALUES ($1, 'u1', 1, 'x')`;

function eventTrigger(name, webhook, operations) {
  return {
    type: 'create_event_trigger',
    args: { name, table: { name: 'orders', schema: 'public' }, webhook, headers: [], ...operations },
  };
}

scenario('metadata API', {}, async (system, step) => {
  const sink = await Sink.start();
  try {
    await step('bulk of create_event_trigger at /v1/query', async () => {
      const { status, body, text } = await system.post('/v1/query', {
        type: 'bulk',
        args: [
          eventTrigger('placed', `${sink.url}/placed`, { insert: { columns: ['order_id', 'address'] } }),
          eventTrigger('approved', `${sink.url}/approved`, { update: { columns: ['approved'] } }),
        ],
      });
      assert.equal(status, 200, text);
      assert.deepEqual(body, [{ message: 'success' }, { message: 'success' }]);
    });

    await step('its events come in the Hasura body, with an idempotency key', async () => {
      await system.sql(kInsertOrder, ['m-1']);
      await eventually('the insert is posted', () => sink.on('/placed').length === 1);
      const { headers, body } = sink.on('/placed')[0];
      assert.equal(body.event.op, 'INSERT');
      assert.equal(body.event.data.old, null);
      assert.equal(body.event.data.new.order_id, 'm-1');
      assert.equal(body.event.data.new.address, 'x');
      assert.deepEqual(body.table, { schema: 'public', name: 'orders' });
      assert.deepEqual(body.trigger, { name: 'placed' });
      assert.equal(body.delivery_info.current_retry, 0);
      assert.match(body.id, /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/);
      assert.ok(!Number.isNaN(Date.parse(body.created_at)), body.created_at);
      assert.equal(headers['idempotency-key'].replaceAll('"', ''), body.id);
      assert.equal(headers['webhook-id'], body.id);
      assert.match(headers['content-type'], /^application\/json/);
    });

    await step('an update counts only when a listed column changed', async () => {
      await system.sql("UPDATE orders SET address = 'y' WHERE order_id = 'm-1'");
      await system.sql("UPDATE orders SET approved = true WHERE order_id = 'm-1'");
      await eventually('the second update is posted', () => sink.on('/approved').length > 0);
      const calls = sink.on('/approved').filter(({ body }) => body.event.data.new.order_id === 'm-1');
      assert.equal(calls.length, 1);
      assert.equal(calls[0].body.event.data.old.approved, false);
      assert.equal(calls[0].body.event.data.new.approved, true);
    });

    await step('a bulk with a bad part changes nothing, and says what is wrong', async () => {
      const { status, body } = await system.post('/v1/query', {
        type: 'bulk',
        args: [
          eventTrigger('half', `${sink.url}/half`, { insert: { columns: '*' } }),
          eventTrigger('bad', `${sink.url}/bad`, { insert: { columns: ['no_such_column'] } }),
        ],
      });
      assert.equal(status, 400);
      assert.match(body.error, /no_such_column/);
      assert.deepEqual(await system.sql("SELECT name FROM threefactor.event_triggers WHERE name IN ('half', 'bad')"), []);
    });

    await step('bad requests are told so', async () => {
      const cases = [
        ['{', 'not JSON'],
        ['[]', 'not an object'],
        [{ type: 'no_such_type', args: {} }, 'unknown type'],
        [{ type: 'create_event_trigger', args: {} }, 'no arguments'],
        [eventTrigger('none', sink.url, {}), 'no operation'],
        [eventTrigger('bad name', sink.url, { insert: { columns: '*' } }), 'bad name'],
        [{ type: 'bulk', args: {} }, 'bulk of no array'],
      ];
      for (const [request, what] of cases) {
        const { status, body, text } = await system.post('/v1/query', request);
        assert.ok(status >= 400 && status < 500, `${what}: ${status} ${text}`);
        assert.equal(typeof body?.error, 'string', what);
        assert.equal(typeof body.code, 'string', what);
      }
    });

    await step('only administrators', async () => {
      const request = eventTrigger('x', sink.url, { insert: { columns: '*' } });
      for (const secret of ['', 'wrong']) {
        const { status, body } = await system.post('/v1/query', request, { 'x-hasura-admin-secret': secret });
        assert.ok(status >= 400 && status < 500);
        assert.equal(body.code, 'access-denied');
      }
    });

    await step('run_sql, and the schema follows', async () => {
      const { status, text } = await system.post('/v1/query', {
        type: 'run_sql',
        args: { sql: 'CREATE TABLE reviews (id serial PRIMARY KEY, stars integer NOT NULL)' },
      });
      assert.equal(status, 200, text);
      await eventually('the new table is served', async () => {
        const data = await system.graphql('mutation { insert_reviews_one(object: {stars: 5}) { stars } }');
        return data.insert_reviews_one.stars === 5;
      });
    });
  } finally {
    await sink.stop();
  }
});
