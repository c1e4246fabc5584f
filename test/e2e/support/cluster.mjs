// A private cluster with one database, through test/support/cluster.sh.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { pg } from '../../clients/clients.mjs';
import { freePort } from './process.mjs';
import { sanitizerReport } from './sanitizers.mjs';

const run = promisify(execFile);
const kScript = fileURLToPath(new URL('../../support/cluster.sh', import.meta.url));
const kDatabase = 'food_ordering';

const assignments = (settings) => Object.entries(settings).map(([name, value]) => `${name}=${value}`);

export class Cluster {
  // `settings`: of postgresql.conf, as {name: value}. `environment`: variables of the server, likewise.
  static async create(directory, settings = {}, environment = {}) {
    const cluster = await Cluster.at(directory, environment);
    await run(kScript, ['create', directory, String(cluster.port), ...assignments(settings)]);
    await cluster.start();
    await cluster.sql(`CREATE DATABASE ${kDatabase}`, [], 'postgres');
    return cluster;
  }

  static async at(directory, environment) {
    const cluster = new Cluster();
    cluster.directory = directory;
    cluster.environment = environment;
    cluster.port = await freePort();
    return cluster;
  }

  // A hot standby of this cluster, by streaming.
  async replica(directory, settings = {}) {
    const replica = await Cluster.at(directory, this.environment);
    await run(kScript, ['replica', directory, String(replica.port), this.directory, ...assignments(settings)]);
    await replica.start();
    return replica;
  }

  url(database = kDatabase) {
    return `postgres://postgres@127.0.0.1:${this.port}/${database}`;
  }

  async start() {
    const environment = [process.env.SERVER_ENVIRONMENT ?? '', ...assignments(this.environment)].join(' ');
    await run(kScript, ['start', this.directory], { env: { ...process.env, SERVER_ENVIRONMENT: environment } });
  }

  // A fast shutdown.
  async stop() {
    await run(kScript, ['stop', this.directory]);
  }

  async promote() {
    await run(kScript, ['promote', this.directory]);
  }

  // SIGKILL of the postmaster and of all its children.
  async kill() {
    await run(kScript, ['kill', this.directory]);
  }

  // SIGKILL of the postmaster alone: its children notice, and end by themselves.
  async killPostmaster() {
    const [pid] = (await readFile(`${this.directory}/data/postmaster.pid`, 'utf8')).split('\n');
    process.kill(Number(pid), 'SIGKILL');
  }

  async destroy() {
    const report = sanitizerReport(await this.logTail(Infinity));
    await run(kScript, ['destroy', this.directory]);
    if (report) throw new Error(`Postgres: ${report}`);
  }

  // Rows as objects. A connection each, so that kills of the server in between do no harm.
  async sql(text, parameters = [], database = kDatabase) {
    const client = new pg.Client({ connectionString: this.url(database), application_name: 'e2e' });
    client.on('error', () => {}); // a kill while idle; the query itself reports its own
    try {
      await client.connect();
      return (await client.query(text, parameters)).rows;
    } finally {
      await client.end().catch(() => {});
    }
  }

  // A session that the caller ends.
  async open(database = kDatabase) {
    const client = new pg.Client({ connectionString: this.url(database), application_name: 'e2e' });
    client.on('error', () => {});
    await client.connect();
    return client;
  }

  async psql(args) {
    return await run(`${this.directory}/tree/bin/psql`, ['-XqAt', '-v', 'ON_ERROR_STOP=1', ...args, this.url()], {
      env: { ...process.env, PGOPTIONS: '-c client_min_messages=warning' },
    });
  }

  // A statement of another role.
  async as(role, text, database = 'postgres') {
    const client = new pg.Client({ connectionString: this.url(database).replace('postgres@', `${role}@`) });
    await client.connect();
    try {
      return (await client.query(text)).rows;
    } finally {
      await client.end();
    }
  }

  // pg_dump of one database into another, which is empty.
  async copy(from, to) {
    const bin = `${this.directory}/tree/bin`;
    await run(`${bin}/pg_dump`, ['-Fc', '-d', this.url(from), '-f', `${this.directory}.dump`]);
    await run(`${bin}/pg_restore`, ['--exit-on-error', '-d', this.url(to), `${this.directory}.dump`]);
  }

  async logTail(lines = 60) {
    const text = await readFile(`${this.directory}/log`, 'utf8').catch(() => '(no log)');
    return text.split('\n').slice(-lines).join('\n');
  }
}
