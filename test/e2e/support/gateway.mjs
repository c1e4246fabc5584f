// A gateway beside the one of the system, perhaps on another database.
import { ModernConnection } from './subscription.mjs';
import { freePort, Process } from './process.mjs';

export class Gateway {
  static async start(program, databaseUrl, secret, args = []) {
    const gateway = new Gateway();
    const port = await freePort();
    gateway.secret = secret;
    gateway.url = `http://127.0.0.1:${port}`;
    gateway.connections = [];
    gateway.process = new Process('another gateway', program, ['--listen', `127.0.0.1:${port}`, '--database-url', databaseUrl, ...args], {
      THREEFACTOR_ADMIN_SECRET: secret,
    });
    await gateway.process.healthy(port);
    return gateway;
  }

  async post(path, body) {
    const response = await fetch(`${this.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-hasura-admin-secret': this.secret },
      body: JSON.stringify(body),
    });
    return await response.json();
  }

  connect(Connection = ModernConnection) {
    const connection = new Connection(`${this.url.replace('http', 'ws')}/v1/graphql`, this.secret);
    this.connections.push(connection);
    return connection;
  }

  async stop() {
    for (const connection of this.connections) await connection.close();
    await this.process.end();
  }
}
