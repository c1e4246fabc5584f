// An order goes through its whole workflow, seen through subscriptions.
import assert from 'node:assert/strict';

import { eventually, scenario } from './harness.mjs';

const kOrder = `subscription ($id: String!) {
  orders(where: {order_id: {_eq: $id}}) {
    order_id placed order_valid payment_valid approved driver_assigned
  }
}`;
const kCounts = ['orders', 'order_validated', 'order_payment_valid', 'order_approved', 'order_driver_assigned'];

scenario('the workflow of an order', {}, async (system, step) => {
  const connection = system.connect();

  await step('each step is pushed, in order, and each view counts it', async () => {
    const order = connection.subscribe(kOrder, { id: 'o-1' });
    const counts = kCounts.map((name) => connection.subscribe(`subscription { number_${name} { count } }`));
    await order.until('nothing at first', (data) => data.orders.length === 0);
    for (const count of counts) await count.until('a first result', () => true);

    await system.placeOrder('o-1');
    await order.until('validated', (data) => data.orders[0]?.order_valid);
    assert.equal(await system.pay('o-1'), 200);
    await order.until('assigned', (data) => data.orders[0]?.driver_assigned);
    for (const [index, count] of counts.entries()) {
      const field = `number_${kCounts[index]}`;
      await count.until(`${field} is 1`, (data) => Number(data[field][0].count) === 1);
    }

    // A result may cover several steps, but never takes one back or puts a later one first.
    const steps = ['placed', 'order_valid', 'payment_valid', 'approved', 'driver_assigned'];
    let reached = 0;
    for (const { orders } of order.results.slice(1)) {
      const done = steps.filter((name) => orders[0][name]);
      assert.deepEqual(done, steps.slice(0, done.length));
      assert.ok(done.length >= reached, 'a step was taken back');
      reached = done.length;
    }
    assert.equal(reached, steps.length);
    assert.deepEqual(order.errors, []);
    order.stop();
    for (const count of counts) count.stop();
  });

  await step('the state is what the subscription said', async () => {
    const data = await system.graphql(`query {
      orders_by_pk(order_id: "o-1") { order_valid payment_valid approved driver_assigned }
      payments(where: {order_id: {_eq: "o-1"}}) { type amount }
      assignment(where: {order_id: {_eq: "o-1"}}) { driver_id }
      items(where: {order_id: {_eq: "o-1"}}) { item }
    }`);
    assert.deepEqual(data.orders_by_pk, { order_valid: true, payment_valid: true, approved: true, driver_assigned: true });
    assert.deepEqual(data.payments, [{ type: 'card', amount: 1200 }]);
    assert.equal(data.assignment.length, 1);
    assert.deepEqual(data.items, [{ item: 'pizza' }]);
  });

  await step('every delivery was made once', async () => {
    await eventually('three deliveries are settled', async () => {
      const attempts = await system.sql('SELECT * FROM threefactor.attempts');
      return attempts.length === 3;
    });
    assert.deepEqual(await system.sql('SELECT * FROM threefactor.dead_letters'), []);
  });

  await step('paying again changes nothing', async () => {
    assert.equal(await system.pay('o-1'), 200);
    assert.equal((await system.sql("SELECT FROM payments WHERE order_id = 'o-1'")).length, 1);
  });

  await step('a declined payment is an error event, resolved by its own function; the next payment goes through', async () => {
    const order = connection.subscribe(kOrder, { id: 'o-2' });
    const errors = connection.subscribe(`subscription {
      order_errors(where: {order_id: {_eq: "o-2"}}) { code message }
    }`);
    await system.placeOrder('o-2');
    assert.equal(await system.pay('o-2', -1), 402);
    await errors.until('the error is visible', (data) => data.order_errors[0]?.code === 1001);
    await order.until('payment_valid is false', (data) => data.orders[0]?.payment_valid === false);
    assert.equal(await system.pay('o-2', 700), 200);
    await order.until('assigned', (data) => data.orders[0]?.driver_assigned);
    assert.deepEqual(await system.sql("SELECT amount FROM payments WHERE order_id = 'o-2'"), [{ amount: 700 }]);
  });

  await step('an order with something that is not on the menu stays invalid, and the reason can be subscribed to', async () => {
    const errors = connection.subscribe(`subscription {
      order_errors(where: {order_id: {_eq: "o-3"}}) { code message }
    }`);
    await system.placeOrder('o-3', ['pizza', 'gravel']);
    await errors.until('error 1002', (data) => data.order_errors[0]?.code === 1002);
    assert.deepEqual(await system.sql("SELECT order_valid FROM orders WHERE order_id = 'o-3'"), [{ order_valid: false }]);
  });

  await step('a transaction that rolls back makes no event', async () => {
    const before = await system.sql('SELECT count(*) FROM threefactor.events');
    await assert.rejects(
      system.sql(`DO $$ BEGIN
        INSERT INTO orders (order_id, user_id, restaurant_id, address) VALUES ('o-4', 'u1', 1, 'x');
        RAISE EXCEPTION 'changed my mind';
      END $$`),
    );
    assert.deepEqual(await system.sql('SELECT count(*) FROM threefactor.events'), before);
  });
});
