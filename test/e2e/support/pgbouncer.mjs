// PgBouncer in transaction mode before a cluster: each transaction may get another session.
import { chmod, mkdir, writeFile } from 'node:fs/promises';

import { pg } from '../../clients/clients.mjs';
import { eventually } from './eventually.mjs';
import { freePort, Process } from './process.mjs';

export class PgBouncer {
  // `sessions`: how many there are at most, so that clients share them. All log in as `user`.
  static async start(cluster, directory, sessions, user = 'postgres') {
    const bouncer = new PgBouncer();
    bouncer.port = await freePort();
    await mkdir(directory);
    await chmod(directory, 0o755); // it refuses to run as root, and drops to another user
    await writeFile(
      `${directory}/pgbouncer.ini`,
      `[databases]
* = host=127.0.0.1 port=${cluster.port} user=${user}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${bouncer.port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = ${sessions}
server_reset_query =
ignore_startup_parameters = extra_float_digits
`,
    );
    const asUser = process.getuid() === 0 ? ['-u', 'postgres'] : [];
    bouncer.process = new Process('pgbouncer', '/usr/sbin/pgbouncer', [...asUser, `${directory}/pgbouncer.ini`]);
    await eventually('pgbouncer serves', async () => {
      const client = new pg.Client({ connectionString: bouncer.url('postgres') });
      client.on('error', () => {});
      try {
        await client.connect();
        return true;
      } finally {
        await client.end().catch(() => {});
      }
    });
    return bouncer;
  }

  url(database = 'food_ordering') {
    return `postgres://postgres@127.0.0.1:${this.port}/${database}`;
  }

  async stop() {
    await this.process.stop('SIGKILL');
  }
}
