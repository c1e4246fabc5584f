// The demo: places an order over GraphQL, pays it, and prints each step of its workflow as the subscription delivers it.
import { readFile } from 'node:fs/promises';

import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

const kTimeoutMilliseconds = 30_000;
const kSteps = [
  ['placed', (order) => order.placed, 'placed over GraphQL'],
  ['order_valid', (order) => order.order_valid, 'validated by /validate-order'],
  ['payment_valid', (order) => order.payment_valid, 'paid, recorded by /payment'],
  ['approved', (order) => order.approved, 'approved by /restaurant-approval'],
  ['driver_assigned', (order) => order.driver_assigned, 'driver assigned by /agent-assignment'],
];

const environment = Object.fromEntries(
  [...(await readFile(new URL('../../var/env', import.meta.url), 'utf8')).matchAll(/^(\w+)='(.*)'$/gm)].map(([, k, v]) => [k, v]),
);
const { GATEWAY_URL, HANDLERS_URL, DATABASE_URL, ADMIN_SECRET } = environment;
const headers = { 'content-type': 'application/json', 'x-hasura-admin-secret': ADMIN_SECRET };

async function post(url, body) {
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  const answer = await response.json();
  if (!response.ok || answer.errors) throw new Error(`${url}: ${JSON.stringify(answer)}`);
  return answer;
}

function say(begin, what, since) {
  const milliseconds = (value) => `${value.toFixed(1).padStart(8)} ms`;
  const now = performance.now();
  console.log(`${milliseconds(now - begin)}  ${what}${since === undefined ? '' : `  (${(now - since).toFixed(1)} ms after the step before)`}`);
  return now;
}

// Resolves when the last step has been delivered.
async function follow(client, orderId, begin) {
  const query = `subscription ($id: String!) {
    orders(where: {order_id: {_eq: $id}}) { placed order_valid payment_valid approved driver_assigned }
  }`;
  let reached = 0;
  let previous = begin();
  for await (const { data, errors } of client.iterate({ query, variables: { id: orderId } })) {
    if (errors) throw new Error(JSON.stringify(errors));
    const order = data.orders[0];
    if (order === undefined) continue; // the first result, before the order exists
    for (; reached < kSteps.length && kSteps[reached][1](order); ++reached) {
      previous = say(begin(), `${kSteps[reached][0].padEnd(16)} ${kSteps[reached][2]}`, reached === 0 ? undefined : previous);
    }
    if (reached === kSteps.length) return;
  }
  throw new Error('the subscription ended early');
}

async function run() {
  const client = createClient({
    url: `${GATEWAY_URL.replace('http', 'ws')}/v1/graphql`,
    webSocketImpl: WebSocket,
    lazy: false,
    onNonLazyError: (error) => console.error(error),
    connectionParams: { headers: { 'x-hasura-admin-secret': ADMIN_SECRET } },
  });
  await new Promise((resolve) => client.on('connected', resolve));
  await (await fetch(`${GATEWAY_URL}/healthz`)).text(); // the first fetch of a process takes Node.js 40 ms, which are not ours

  const orderId = `order-${Date.now()}`;
  let begin = performance.now();
  const followed = follow(client, orderId, () => begin);
  console.log(`Order ${orderId}, as its subscription tells it:\n`);
  begin = performance.now();
  await post(`${GATEWAY_URL}/v1/graphql`, {
    query: `mutation ($order: orders_insert_input!, $items: [items_insert_input!]!) {
      insert_orders(objects: [$order]) { affected_rows }
      insert_items(objects: $items) { affected_rows }
    }`,
    variables: {
      order: { order_id: orderId, user_id: 'demo', restaurant_id: 1, address: 'Main Street 1', placed: true },
      items: ['pizza', 'tiramisu'].map((item) => ({ order_id: orderId, item })),
    },
  });
  say(begin, `${'-'.padEnd(16)} the mutation has answered`);
  await post(`${HANDLERS_URL}/payment`, { order_id: orderId, metadata: { amount: 2350, type: 'card' }, info: {} });
  say(begin, `${'-'.padEnd(16)} the payment has answered`);
  await followed;
  await client.dispose();
}

const timer = setTimeout(() => {
  console.error(`The workflow did not finish within ${kTimeoutMilliseconds / 1000} s; logs: var/*.log, var/cluster/log`);
  process.exit(1);
}, kTimeoutMilliseconds);
try {
  await run();
} catch (error) {
  console.error(`demo: ${error.message}`);
  process.exit(1);
}
clearTimeout(timer);

console.log(`
All of it is running (\`make down\` stops it):
  GraphQL   ${GATEWAY_URL}/v1/graphql   (x-hasura-admin-secret: ${ADMIN_SECRET})
  handlers  ${HANDLERS_URL}
  database  ${DATABASE_URL}
  all this  var/env`);
