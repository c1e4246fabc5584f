// The older WebSocket subprotocol, with the npm client that frontends use for it, and both protocols' refusals.
import assert from 'node:assert/strict';

import { WebSocket } from '../clients/clients.mjs';
import { eventually, kSecret, scenario } from './harness.mjs';
import { LegacyConnection } from './support/subscription.mjs';

// Opens a socket, sends each message, and collects what comes until it closes or `enough(messages)`.
async function talk(system, subprotocol, messages, enough = () => false) {
  const socket = new WebSocket(`${system.gatewayUrl.replace('http', 'ws')}/v1/graphql`, subprotocol ? [subprotocol] : []);
  const heard = { messages: [], code: undefined, error: undefined };
  socket.on('open', () => messages.forEach((message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message))));
  socket.on('message', (text) => heard.messages.push(JSON.parse(text)));
  socket.on('close', (code) => (heard.code = code));
  socket.on('error', (error) => (heard.error = error));
  await eventually('the server answers', () => heard.code !== undefined || enough(heard.messages));
  socket.terminate();
  return heard;
}

const kInit = { type: 'connection_init', payload: { headers: { 'x-hasura-admin-secret': kSecret } } };

scenario('WebSocket protocols', {}, async (system, step) => {
  await step('subscriptions-transport-ws: a subscription follows an order', async () => {
    const connection = system.connect(LegacyConnection);
    const order = connection.subscribe(
      'subscription ($id: String!) { orders(where: {order_id: {_eq: $id}}) { order_valid driver_assigned } }',
      { id: 'legacy-1' },
    );
    await order.until('a first result', (data) => data.orders.length === 0);
    await system.placeOrder('legacy-1');
    assert.equal(await system.pay('legacy-1'), 200);
    await order.until('assigned', (data) => data.orders[0]?.driver_assigned);
    assert.deepEqual(order.errors, []);
    order.stop();
  });

  await step('subscriptions-transport-ws: queries and mutations work as well', async () => {
    const connection = system.connect(LegacyConnection);
    const query = connection.subscribe('query { menu_items(order_by: {name: asc}, limit: 1) { name } }');
    assert.deepEqual(await query.until('the result', () => true), { menu_items: [{ name: 'pasta' }] });
    await eventually('complete', () => query.complete);
  });

  await step('graphql-ws: messages', async () => {
    const start = { id: '1', type: 'start', payload: { query: '{ menu_items(limit: 1) { name } }' } };
    const heard = await talk(system, 'graphql-ws', [kInit, start], (all) => all.some(({ type }) => type === 'complete'));
    const types = heard.messages.map(({ type }) => type).filter((type) => type !== 'ka');
    assert.deepEqual(types, ['connection_ack', 'data', 'complete']);
  });

  await step('graphql-transport-ws: messages', async () => {
    const subscribe = { id: '1', type: 'subscribe', payload: { query: '{ menu_items(limit: 1) { name } }' } };
    const heard = await talk(system, 'graphql-transport-ws', [kInit, subscribe, { type: 'ping' }], (all) =>
      ['complete', 'pong'].every((wanted) => all.some(({ type }) => type === wanted)),
    );
    const types = heard.messages.map(({ type }) => type).filter((type) => type !== 'pong' && type !== 'ping');
    assert.deepEqual(types, ['connection_ack', 'next', 'complete']);
  });

  await step('an operation that does not validate is an error of that operation only', async () => {
    const bad = { id: 'bad', type: 'subscribe', payload: { query: 'subscription { nonsense { x } }' } };
    const good = { id: 'good', type: 'subscribe', payload: { query: '{ menu_items(limit: 1) { name } }' } };
    const heard = await talk(system, 'graphql-transport-ws', [kInit, bad, good], (all) =>
      // The error may come after the other's result: it is told once the schema has been read again.
      ['complete', 'error'].every((wanted) => all.some(({ type }) => type === wanted)),
    );
    const error = heard.messages.find(({ id, type }) => id === 'bad' && type === 'error');
    assert.match(error.payload[0].message, /nonsense/);
  });

  await step('graphql-transport-ws: what breaks the protocol closes with its code', async () => {
    const subscribe = { id: '1', type: 'subscribe', payload: { query: 'subscription { orders { order_id } }' } };
    assert.equal((await talk(system, 'graphql-transport-ws', [subscribe])).code, 4401);
    assert.equal((await talk(system, 'graphql-transport-ws', [kInit, kInit])).code, 4429);
    assert.equal((await talk(system, 'graphql-transport-ws', [kInit, subscribe, subscribe])).code, 4409);
    assert.equal((await talk(system, 'graphql-transport-ws', ['{'])).code, 4400);
    assert.equal((await talk(system, 'graphql-transport-ws', [{ type: 'nonsense' }])).code, 4400);
  });

  await step('a wrong secret is refused', async () => {
    const wrong = { type: 'connection_init', payload: { headers: { 'x-hasura-admin-secret': 'wrong' } } };
    const modern = await talk(system, 'graphql-transport-ws', [wrong]);
    assert.equal(modern.code, 4403);
    const legacy = await talk(system, 'graphql-ws', [wrong], (all) => all.some(({ type }) => type === 'connection_error'));
    assert.equal(legacy.messages.some(({ type }) => type === 'connection_ack'), false);
  });
});
