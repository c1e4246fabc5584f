// The one promise of a live query: after changes stop, the last result pushed equals a fresh run of the query.
import assert from 'node:assert/strict';

import { eventually } from './eventually.mjs';

export class Oracle {
  // `run(query)`: the response of a fresh run, {data} or {errors}.
  constructor(run) {
    this.run = run;
    this.subscriptions = []; // {query, subscription, from}
  }

  // `from` names the connection, for messages.
  subscribe(connection, from, query) {
    const subscription = connection.subscribe(`subscription { ${query} }`);
    this.subscriptions.push({ query, subscription, from });
    return subscription;
  }

  // Waits until every subscription's last push is what a fresh run answers.
  async converged(when, timeout = 15_000) {
    const fresh = new Map();
    await eventually(
      `the last pushes equal fresh runs ${when}`,
      async () => {
        fresh.clear(); // whoever still writes is waited for
        for (const { query, subscription, from } of this.subscriptions) {
          if (!fresh.has(query)) fresh.set(query, await this.run(`query { ${query} }`));
          const expected = fresh.get(query);
          // The texts of errors name the type of the operation.
          if (expected.errors) assert.ok(subscription.last.errors, `${from}: ${query} fails when run afresh`);
          else assert.deepEqual(subscription.last, expected, `${from}: ${query}`);
        }
        return true;
      },
      timeout,
    );
  }
}
