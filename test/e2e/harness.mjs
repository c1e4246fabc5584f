// End-to-end tests run against a whole system of their own: cluster, handlers, gateway, on free ports, in a temporary
// directory, all gone afterwards. When a test fails, the ends of all logs are printed.
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { Cluster } from './support/cluster.mjs';
import { freePort, Process } from './support/process.mjs';
import { kPatience } from './support/sanitizers.mjs';
import './support/strict_json.mjs';
import { ModernConnection } from './support/subscription.mjs';

export { eventually } from './support/eventually.mjs';

const kRepository = fileURLToPath(new URL('../..', import.meta.url));
const kBuild = process.env.BUILD ?? 'build';
export const kGateway = `${kRepository}${kBuild}/gateway/threefactor-gateway`;
export const kHandlers = `${kRepository}${kBuild}/handlers/food-ordering-handlers`;
const kApp = `${kRepository}handlers/food_ordering`;
export const kSecret = 'e2e-secret';

export class System {
  databaseUrl; // of the gateway, where it is not the cluster's own

  // `settings`: of Postgres. `app`: with the schema, event triggers and handlers of the food-ordering app.
  static async start({ settings = {}, app = true, gateway = true, gatewayArguments = [] } = {}) {
    const system = new System();
    system.directory = await mkdtemp(`${tmpdir()}/threefactor-`);
    await chmod(system.directory, 0o755); // the server runs as another user when this is root
    system.connections = [];
    system.gatewayArguments = gatewayArguments;
    try {
      system.cluster = await Cluster.create(`${system.directory}/cluster`, settings);
      system.sql = system.cluster.sql.bind(system.cluster);
      system.gatewayPort = await freePort();
      system.handlersPort = await freePort();
      if (app) await system.installApp();
      if (gateway) await system.startGateway();
    } catch (error) {
      await system.printLogs();
      await system.stop();
      throw error;
    }
    return system;
  }

  async installApp() {
    await this.sql('CREATE EXTENSION threefactor');
    await this.cluster.psql(['-f', `${kApp}/schema.sql`]);
    await this.startHandlers();
    await this.cluster.psql(['-v', `handlers_url=${this.handlersUrl}`, '-f', `${kApp}/event_triggers.sql`]);
  }

  async startHandlers() {
    const listen = `127.0.0.1:${this.handlersPort}`;
    this.handlers = new Process('handlers', kHandlers, ['--listen', listen, '--database-url', this.cluster.url()]);
    await this.handlers.healthy(this.handlersPort);
  }

  async startGateway() {
    this.gateway = new Process(
      'gateway',
      kGateway,
      ['--listen', `127.0.0.1:${this.gatewayPort}`, '--database-url', this.databaseUrl ?? this.cluster.url(), ...this.gatewayArguments],
      { THREEFACTOR_ADMIN_SECRET: kSecret },
    );
    await this.gateway.healthy(this.gatewayPort);
  }

  get gatewayUrl() {
    return `http://127.0.0.1:${this.gatewayPort}`;
  }

  get handlersUrl() {
    return `http://127.0.0.1:${this.handlersPort}`;
  }

  // A POST to the gateway as administrator; `body` is text or will be JSON. Returns {status, body, text}.
  async post(path, body, headers = {}) {
    const response = await fetch(`${this.gatewayUrl}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-hasura-admin-secret': kSecret, ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json');
    return { status: response.status, body: isJson ? JSON.parse(text) : undefined, text };
  }

  // The data of an operation; throws when it has errors.
  async graphql(query, variables = {}) {
    const { body, text } = await this.post('/v1/graphql', { query, variables });
    if (!body?.data || body.errors) throw new Error(`GraphQL: ${text}`);
    return body.data;
  }

  // What the frontend of the app does: places an order; pays. `pay` returns the HTTP status.
  async placeOrder(orderId, items = ['pizza']) {
    const query = `mutation ($orders: [orders_insert_input!]!, $items: [items_insert_input!]!) {
      insert_orders(objects: $orders) { affected_rows }
      insert_items(objects: $items) { affected_rows }
    }`;
    const order = { order_id: orderId, user_id: 'u1', restaurant_id: 1, address: 'Main Street 1', placed: true };
    return await this.graphql(query, { orders: [order], items: items.map((item) => ({ order_id: orderId, item })) });
  }

  async pay(orderId, amount = 1200) {
    const response = await fetch(`${this.handlersUrl}/payment`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ order_id: orderId, metadata: { amount, type: 'card' }, info: { card_number: 'x' } }),
    });
    await response.text();
    return response.status;
  }

  // A WebSocket connection of the given kind, closed with the system.
  connect(Connection = ModernConnection, secret = kSecret) {
    const connection = new Connection(`${this.gatewayUrl.replace('http', 'ws')}/v1/graphql`, secret);
    this.connections.push(connection);
    return connection;
  }

  async printLogs() {
    const tail = (text) => text.split('\n').slice(-60).join('\n');
    console.error(`---- Postgres\n${(await this.cluster?.logTail()) ?? '(no cluster)'}`);
    for (const process of [this.gateway, this.handlers]) {
      if (process) console.error(`---- ${process.name}${process.running ? '' : ' (ended)'}\n${tail(process.output)}`);
    }
  }

  async stop() {
    for (const connection of this.connections) await connection.close();
    const ends = [() => this.gateway?.end(), () => this.handlers?.end(), () => this.cluster?.destroy()];
    const failures = [];
    for (const end of ends) await Promise.resolve(end()).catch((error) => failures.push(error.message));
    await rm(this.directory, { recursive: true, force: true });
    if (failures.length > 0) throw new Error(failures.join('\n'));
  }
}

// A test with a system of its own. `body(system, step)`; `await step(name, function)` is a part of it, reported by itself,
// and a step that fails does not stop those after it. `skip`: why the step is left out, or false.
export function scenario(name, options, body) {
  test(name, { timeout: 300_000 * kPatience }, async (context) => {
    const system = await System.start(options);
    let failed = false;
    const step = (title, part, skip = false) =>
      context.test(title, { skip }, async () => {
        try {
          await part();
        } catch (error) {
          failed = true;
          throw error;
        }
      });
    try {
      await body(system, step);
    } catch (error) {
      failed = true;
      throw error;
    } finally {
      if (failed) await system.printLogs();
      await system.stop();
    }
  });
}
