// A subscription whose results are kept in the order in which they came, over either WebSocket protocol.
import { createClient, SubscriptionClient } from '../../clients/clients.mjs';
import { eventually } from './eventually.mjs';
import { StrictWebSocket } from './strict_json.mjs';

class Subscription {
  results = []; // the `data` of each
  last; // the newest response, {data} or {errors}
  errors = [];
  complete = false;
  stop = () => {};

  sink() {
    return {
      next: (result) => {
        this.last = result;
        result.errors ? this.errors.push(result.errors) : this.results.push(result.data);
      },
      error: (error) => this.errors.push(error),
      complete: () => (this.complete = true),
    };
  }

  // Waits for a result (any since the beginning) for which `condition` is true; returns it.
  async until(what, condition, timeout) {
    return await eventually(
      `subscription: ${what}; so far ${JSON.stringify(this.results.slice(-5))}, errors ${JSON.stringify(this.errors)}`,
      () => this.results.find(condition),
      timeout,
    );
  }
}

// A connection with any number of subscriptions. npm graphql-ws; reconnects when the connection is lost.
export class ModernConnection {
  constructor(url, secret, more = {}) {
    this.client = createClient({
      url,
      webSocketImpl: StrictWebSocket,
      lazy: false,
      onNonLazyError: () => {}, // it tries again
      retryAttempts: 100,
      retryWait: () => new Promise((resolve) => setTimeout(resolve, 50)),
      shouldRetry: () => true,
      connectionParams: { headers: { 'x-hasura-admin-secret': secret, ...more } },
    });
  }

  subscribe(query, variables = {}) {
    const subscription = new Subscription();
    subscription.stop = this.client.subscribe({ query, variables }, subscription.sink());
    return subscription;
  }

  // Not awaited: while it is trying to reconnect, the promise waits for a connection that will not come.
  async close() {
    Promise.resolve(this.client.dispose()).catch(() => {});
  }
}

// npm subscriptions-transport-ws, as older frontends use it.
export class LegacyConnection {
  constructor(url, secret, more = {}) {
    this.client = new SubscriptionClient(
      url,
      // By itself it gives up a connection that is not made within a second, which a busy machine needs at times.
      { reconnect: true, minTimeout: 30_000, connectionParams: { headers: { 'x-hasura-admin-secret': secret } } },
      StrictWebSocket,
    );
  }

  subscribe(query, variables = {}) {
    const subscription = new Subscription();
    const { unsubscribe } = this.client.request({ query, variables }).subscribe(subscription.sink());
    subscription.stop = unsubscribe;
    return subscription;
  }

  async close() {
    this.client.close();
  }
}
