// node push_latency.mjs DATABASE_URL GRAPHQL_URL LIVE_QUERIES RATE SECONDS: subscribes to that many rows of `counter`, each by its
// key, changes them in turn at the rate, and prints 'sent P50 P99' and 'returned P50 P99' in ms: from the commit to the push that
// has the change. A push may cover several changes: each is counted.
import { createClient, pg, WebSocket } from '../clients/clients.mjs';

const [databaseUrl, graphqlUrl, ...numbers] = process.argv.slice(2);
const [liveQueries, rate, seconds] = numbers.map(Number);
const database = new pg.Client(databaseUrl);
await database.connect();
await database.query('UPDATE counter SET value = 0 WHERE value <> 0');
const client = createClient({ url: graphqlUrl.replace('http', 'ws'), webSocketImpl: WebSocket });

const waiting = new Map(); // row -> the changes that no push has shown yet
const latencies = { sent: [], returned: [] };
let [started, open, finish] = [0, 0, undefined];
const finished = new Promise((resolve) => (finish = resolve));

function pushed(id, value) {
  const now = performance.now();
  const rest = waiting.get(id).filter((change) => {
    if (change.value > value) return true;
    --open;
    latencies.sent.push(now - change.sent);
    // The push may overtake the answer to the commit.
    latencies.returned.push(Math.max(0, now - (change.returned ?? now)));
    return false;
  });
  waiting.set(id, rest);
  if (finish.wanted && open === 0) finish();
}

await new Promise((allStarted, failed) => {
  for (let id = 1; id <= liveQueries; ++id) {
    waiting.set(id, []);
    let first = true;
    client.subscribe(
      { query: 'subscription ($id: Int!) { counter_by_pk(id: $id) { id value } }', variables: { id } },
      {
        next: ({ data, errors }) => {
          if (errors) failed(new Error(JSON.stringify(errors)));
          else pushed(id, data.counter_by_pk.value);
          if (first && ++started === liveQueries) allStarted();
          first = false;
        },
        error: failed,
        complete: () => {},
      },
    );
  }
});

const begin = performance.now();
for (let n = 0; n < rate * seconds; ++n) {
  const wait = begin + (n * 1000) / rate - performance.now();
  if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
  const id = 1 + (n % liveQueries);
  const change = { value: n + 1, sent: performance.now() };
  waiting.get(id).push(change);
  ++open;
  await database.query({ name: 'change', text: 'UPDATE counter SET value = $2 WHERE id = $1', values: [id, change.value] });
  change.returned = performance.now();
}
finish.wanted = true;
if (open > 0) await finished;
await client.dispose();
await database.end();

for (const [point, values] of Object.entries(latencies)) {
  values.sort((a, b) => a - b);
  const quantile = (q) => values[Math.min(values.length - 1, Math.floor(values.length * q))].toFixed(2);
  console.log(point, quantile(0.5), quantile(0.99));
}
