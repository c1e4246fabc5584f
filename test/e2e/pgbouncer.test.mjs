// The gateway through PgBouncer in transaction mode (Debian's, which knows nothing of prepared statements): two sessions for
// eight connections, so that whatever is left behind in a session meets somebody else.
import assert from 'node:assert/strict';

import { pg } from '../clients/clients.mjs';
import { eventually, scenario } from './harness.mjs';
import { PgBouncer } from './support/pgbouncer.mjs';

async function behindBouncer(system, more = []) {
  const bouncer = await PgBouncer.start(system.cluster, `${system.directory}/pgbouncer`, 2);
  system.gatewayArguments = ['--statement-timeout', '5000', ...more];
  system.databaseUrl = bouncer.url();
  await system.startGateway();
  return bouncer;
}

scenario('PgBouncer in transaction mode', { gateway: false }, async (system, step) => {
  const bouncer = await behindBouncer(system, ['--direct-database-url', system.cluster.url()]);
  try {
    await step('is noticed', () => assert.match(system.gateway.output, /a pooler stands before the database: statements are not prepared/));

    await step('queries and mutations of many clients at once', async () => {
      const orders = Array.from({ length: 60 }, (_, i) => `p-${i}`);
      await Promise.all(
        orders.map(async (id, i) => {
          await system.placeOrder(id, ['pizza', 'soup']);
          const { order } = await system.graphql('query ($id: String!) { order: orders_by_pk(order_id: $id) { order_id items { item } } }', { id });
          assert.equal(order.order_id, id);
          assert.equal(order.items.length, 2);
          const nested = `mutation ($id: String!) { insert_orders_one(object: {order_id: $id, user_id: "u", restaurant_id: 1, address: "n", items: {data: [{item: "nested"}]}}) { items { item } } }`;
          assert.deepEqual((await system.graphql(nested, { id: `n-${i}` })).insert_orders_one.items, [{ item: 'nested' }]);
        }),
      );
      assert.equal((await system.graphql('{ orders_aggregate { aggregate { count } } }')).orders_aggregate.aggregate.count, 120);
    });

    await step('a failed mutation leaves nothing behind', async () => {
      const bad = 'mutation { insert_orders_one(object: {order_id: "x-1", user_id: "u", restaurant_id: 1, address: "a"}) { order_id } insert_items_one(object: {order_id: "nobody", item: "i"}) { id } }';
      const answers = await Promise.all(Array.from({ length: 20 }, () => system.post('/v1/graphql', { query: bad })));
      for (const { body } of answers) assert.equal(body.errors[0].extensions.code, 'constraint-violation');
      assert.equal((await system.graphql('{ orders_by_pk(order_id: "x-1") { order_id } }')).orders_by_pk, null);
    });

    await step('session variables and settings end with their transaction', async () => {
      await system.sql(`CREATE TABLE seen (id serial PRIMARY KEY, user_id text DEFAULT current_setting('hasura.user', true)::json->>'x-hasura-user-id')`);
      await system.post('/v2/query', { type: 'run_sql', args: { sql: 'SELECT 1', check_metadata_consistency: true } });
      await eventually('the table is there', async () => !(await system.post('/v1/graphql', { query: '{ seen { id } }' })).body.errors);
      await Promise.all(
        Array.from({ length: 40 }, async (_, i) => {
          const headers = i % 2 ? { 'x-hasura-user-id': `user-${i}` } : {};
          const { body, text } = await system.post('/v1/graphql', { query: 'mutation { insert_seen_one(object: {}) { user_id } }' }, headers);
          assert.equal(body.data?.insert_seen_one.user_id, i % 2 ? `user-${i}` : null, text);
        }),
      );
      const client = await system.sql('SELECT count(*)::integer AS n FROM seen WHERE user_id IS NULL');
      assert.equal(client[0].n, 20);
      const sessions = await Promise.all(Array.from({ length: 8 }, () => throughBouncer(bouncer, "SELECT current_setting('statement_timeout') AS timeout, current_setting('hasura.user', true) AS variables")));
      for (const { timeout, variables } of sessions) {
        assert.equal(timeout, '0');
        assert.ok(!variables, variables);
      }
    });

    await step('the statement timeout holds', async () => {
      await system.post('/v2/query', { type: 'run_sql', args: { sql: 'CREATE VIEW slow AS SELECT pg_sleep(60)::text AS text' } });
      const { body } = await system.post('/v1/graphql', { query: '{ slow { text } }' });
      assert.ok(body.errors, JSON.stringify(body));
    });

    await step('live queries: changes are heard past it', async () => {
      const subscription = system.connect().subscribe('subscription { orders(where: {order_id: {_eq: "live"}}) { order_id } }');
      await subscription.until('nothing yet', ({ orders }) => orders.length === 0);
      await system.placeOrder('live');
      await subscription.until('the order', ({ orders }) => orders.length === 1);
      assert.match(system.gateway.output, /live queries: watching for changes/);
    });

    await step('explain, the metadata API', async () => {
      const explained = await system.post('/v1/graphql/explain', { query: { query: '{ orders { order_id } }' } });
      assert.match(explained.body[0].plan.join('\n'), /orders/);
      assert.equal((await system.post('/v1/query', { type: 'run_sql', args: { sql: 'SELECT 1 AS a' } })).body.result[1][0], '1');
    });
  } finally {
    await bouncer.stop();
  }
});

scenario('PgBouncer without a way past it', { gateway: false }, async (system) => {
  const bouncer = await behindBouncer(system, ['--poll-interval', '100']);
  try {
    assert.match(system.gateway.output, /--direct-database-url/);
    const subscription = system.connect().subscribe('subscription { orders { order_id } }');
    await subscription.until('nothing yet', ({ orders }) => orders.length === 0);
    await system.placeOrder('polled');
    await subscription.until('the order', ({ orders }) => orders.length === 1);
  } finally {
    await bouncer.stop();
  }
});

// One row, by a client of its own.
async function throughBouncer(bouncer, text) {
  const client = new pg.Client({ connectionString: bouncer.url() });
  await client.connect();
  try {
    return (await client.query(text)).rows[0];
  } finally {
    await client.end();
  }
}
