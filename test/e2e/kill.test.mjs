// SIGKILL of every part while orders are under way: nothing is lost, nothing is done twice.
import assert from 'node:assert/strict';

import { eventually, scenario } from './harness.mjs';

const kOrders = 12;

// Orders as the app's database sees them: inserted and paid in one transaction each, so that every step after it is an event.
async function placeAndPay(system, prefix) {
  for (let number = 0; number < kOrders; ++number) {
    const id = `${prefix}-${number}`;
    await eventually(`order ${id} is placed`, async () => {
      await system.sql(
        `INSERT INTO orders (order_id, user_id, restaurant_id, address, placed) VALUES ($1, 'u1', 1, 'Main Street 1', true)
         ON CONFLICT DO NOTHING`,
        [id],
      );
      return true;
    });
    await eventually(`order ${id} is paid`, async () => (await system.pay(id)) === 200);
  }
}

async function allComplete(system, prefix) {
  await eventually(
    `all orders ${prefix}-* complete`,
    async () => {
      const [{ open }] = await system.sql(
        `SELECT count(*)::int AS open FROM orders
         WHERE order_id LIKE $1 AND NOT (order_valid AND payment_valid AND approved AND driver_assigned)`,
        [`${prefix}-%`],
      );
      return open === 0;
    },
    60_000,
  );
  for (const table of ['payments', 'assignment']) {
    const [row] = await system.sql(
      `SELECT count(*)::int AS total, count(DISTINCT order_id)::int AS orders FROM ${table} WHERE order_id LIKE $1`,
      [`${prefix}-%`],
    );
    assert.deepEqual(row, { total: kOrders, orders: kOrders }, `${table}: once per order`);
  }
  assert.deepEqual(await system.sql('SELECT * FROM threefactor.dead_letters'), []);
}

// Places orders, and runs `strike` when half of the orders are placed.
async function strikeInTheMiddle(system, prefix, strike) {
  const placing = placeAndPay(system, prefix);
  await eventually('half of the orders are placed', async () => {
    const [{ placed }] = await system.sql('SELECT count(*)::int AS placed FROM orders WHERE order_id LIKE $1', [`${prefix}-%`]);
    return placed >= kOrders / 2;
  });
  await strike();
  await placing;
  await allComplete(system, prefix);
}

const kFirstPid = `SELECT pid FROM pg_stat_activity WHERE backend_type ILIKE '%threefactor%' AND datname = current_database()`;

scenario('kills', {}, async (system, step) => {
  await step('of the delivery worker', async () => {
    await strikeInTheMiddle(system, 'worker', async () => {
      const [{ pid }] = await system.sql(kFirstPid);
      process.kill(pid, 'SIGKILL');
    });
  });

  await step('of a backend inside a transaction that has made events: they are gone with it', async () => {
    const { pg } = await import('../clients/clients.mjs');
    const client = new pg.Client({ connectionString: system.cluster.url() });
    client.on('error', () => {});
    await strikeInTheMiddle(system, 'backend', async () => {
      await eventually('a connection', async () => {
        await client.connect();
        return true;
      });
      await client.query('BEGIN');
      await client.query(`INSERT INTO orders (order_id, user_id, restaurant_id, address) VALUES ('never', 'u1', 1, 'x')`);
      const { rows } = await client.query('SELECT pg_backend_pid() AS pid');
      process.kill(rows[0].pid, 'SIGKILL');
    });
    await client.end().catch(() => {});
    assert.deepEqual(await system.sql("SELECT * FROM orders WHERE order_id = 'never'"), []);
    assert.deepEqual(await system.sql("SELECT * FROM threefactor.events WHERE new_row::text LIKE '%never%'"), []);
  });

  await step('of the postmaster and all its children', async () => {
    const subscription = system.connect().subscribe('subscription { number_order_driver_assigned { count } }');
    await subscription.until('a first result', () => true);
    await strikeInTheMiddle(system, 'postmaster', async () => {
      await system.cluster.kill();
      await system.cluster.start();
    });
    const [{ count }] = await system.sql('SELECT count::int FROM number_order_driver_assigned');
    await subscription.until('the gateway has come back to the database', (data) => Number(data.number_order_driver_assigned[0].count) === count);
  });

  await step('of the handlers', async () => {
    await strikeInTheMiddle(system, 'handlers', async () => {
      await system.handlers.stop('SIGKILL');
      await system.startHandlers();
    });
  });

  await step('of the gateway: workflows do not need it, and clients return to it', async () => {
    const subscription = system.connect().subscribe('subscription { number_order_driver_assigned { count } }');
    await subscription.until('a first result', () => true);
    await strikeInTheMiddle(system, 'gateway', async () => {
      await system.gateway.stop('SIGKILL');
      await system.startGateway();
    });
    const [{ count }] = await system.sql('SELECT count::int FROM number_order_driver_assigned');
    await subscription.until('the last state', (data) => Number(data.number_order_driver_assigned[0].count) === count);
  });

  await step('of everything at once', async () => {
    await strikeInTheMiddle(system, 'all', async () => {
      await Promise.all([system.cluster.kill(), system.handlers.stop('SIGKILL'), system.gateway.stop('SIGKILL')]);
      await system.cluster.start();
      await system.startHandlers();
      await system.startGateway();
    });
  });
});
