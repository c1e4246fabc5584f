// Clients that vanish, flood or come by the thousand: the gateway serves the others, and nothing of them stays.
import assert from 'node:assert/strict';
import { connect } from 'node:net';

import { eventually, kSecret, scenario } from './harness.mjs';
import { StrictWebSocket as WebSocket } from './support/strict_json.mjs';

const kRunning = "SELECT count(*)::int AS running FROM pg_stat_activity WHERE wait_event = 'PgSleep'";

const kSettings = { shared_preload_libraries: 'threefactor,pg_stat_statements' };

scenario('clients that misbehave', { settings: kSettings }, async (system, step) => {
  const post = (query) => {
    const body = JSON.stringify({ query });
    return `POST /v1/graphql HTTP/1.1\r\nHost: x\r\nX-Hasura-Admin-Secret: ${kSecret}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  };
  const open = (text) => {
    const socket = connect(system.gatewayPort, '127.0.0.1', () => socket.write(text));
    socket.on('error', () => {});
    return socket;
  };
  const running = async () => (await system.sql(kRunning))[0].running;

  await step('those that vanish in the middle of a query: it is cancelled, and not called a failure', async () => {
    await system.sql('CREATE VIEW slow AS SELECT 1 AS one FROM pg_sleep(60)');
    await eventually('the view is served', async () => (await system.post('/v1/graphql', { query: '{ __type(name: "slow") { name } }' })).body.data.__type);
    const sockets = Array.from({ length: 20 }, () => open(post('{ slow { one } }')));
    await eventually('all connections are taken', async () => (await running()) >= 8);
    sockets.forEach((socket) => socket.destroy());
    await eventually('none is', async () => (await running()) === 0);
    assert.equal((await system.graphql('{ menu_items(limit: 1) { name } }')).menu_items.length, 1);
    assert.doesNotMatch(system.gateway.output, /canceling statement/);
  });

  await step('a subscription that is stopped in the middle of its query: likewise', async () => {
    const subscription = system.connect().subscribe('subscription { slow { one } }');
    await eventually('it runs', async () => (await running()) === 1);
    subscription.stop();
    await eventually('it does not', async () => (await running()) === 0);
  });

  await step('thousands of subscriptions, started and stopped', async () => {
    const connection = system.connect();
    for (let round = 0; round < 20; ++round) {
      const all = Array.from({ length: 90 }, (_, i) =>
        connection.subscribe('subscription ($id: String!) { orders(where: {order_id: {_eq: $id}}) { order_id } }', { id: `${round}-${i}` }),
      );
      all.forEach((subscription, i) => i % 2 && subscription.stop()); // half of them before the first result
      await Promise.all(all.filter((_, i) => i % 2 === 0).map((subscription) => subscription.until('a first result', () => true)));
      all.forEach((subscription) => subscription.stop());
      assert.deepEqual(all.flatMap(({ errors }) => errors), []);
    }
    // Had one stayed, a change of the table would run it.
    await system.sql('CREATE EXTENSION pg_stat_statements');
    const before = await executions();
    await system.placeOrder('after-all');
    await eventually('the order is valid', async () => (await system.sql("SELECT FROM orders WHERE order_id = 'after-all' AND order_valid")).length);
    assert.equal(await executions(), before);
  });

  // How often the server has run the subscription's query.
  async function executions() {
    const [{ calls }] = await system.sql(`SELECT sum(calls)::int AS calls FROM pg_stat_statements WHERE query LIKE 'SELECT%json%"orders"%'`);
    assert.ok(calls > 0);
    return calls;
  }

  await step('a flood of pings whose answers nobody reads', async () => {
    const socket = new WebSocket(`${system.gatewayUrl.replace('http', 'ws')}/v1/graphql`, 'graphql-transport-ws');
    socket.on('error', () => {});
    await new Promise((resolve) => socket.on('open', resolve));
    socket._socket.pause();
    for (let i = 0; i < 50_000; ++i) socket.send('{"type":"ping","payload":{"a":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}}');
    assert.equal((await system.graphql('{ menu_items(limit: 1) { name } }')).menu_items.length, 1);
    socket.terminate();
  });

  await step('an event payload nested a million deep', async () => {
    const nested = '['.repeat(1_000_000) + ']'.repeat(1_000_000);
    const { status, body } = await system.post('/v1/query', `{"type":"invoke_event_trigger","args":{"name":"validate-order","payload":${nested}}}`);
    assert.equal(status, 400);
    assert.equal(body.code, 'invalid-json');
  });
});

scenario('a gateway without the extension', { app: false }, async (system, step) => {
  await step('serves a new table, and polls', async () => {
    await system.sql('CREATE TABLE notes (id integer PRIMARY KEY); INSERT INTO notes VALUES (1)');
    await eventually('the table', () => system.graphql('{ notes { id } }'));
    const notes = system.connect().subscribe('subscription { notes { id } }');
    await notes.until('a first result', (data) => data.notes.length === 1);
    await system.sql('INSERT INTO notes VALUES (2)');
    await notes.until('the second note', (data) => data.notes.length === 2);
  });

  await step('notices CREATE EXTENSION', async () => {
    await system.sql('CREATE EXTENSION threefactor');
    await eventually('it watches', () => /watching for changes/.test(system.gateway.output));
  });
});
