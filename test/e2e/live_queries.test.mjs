// Live queries against their one promise (support/oracle.mjs), and what they cost. SEED=n repeats the random writers.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { eventually, kGateway, kSecret, scenario } from './harness.mjs';
import { Gateway } from './support/gateway.mjs';
import { Oracle } from './support/oracle.mjs';
import { Random } from './support/random.mjs';
import { Statements } from './support/statements.mjs';
import { LegacyConnection, ModernConnection } from './support/subscription.mjs';
import { Writer } from './support/writers.mjs';

const kSchema = fileURLToPath(new URL('support/live_queries.sql', import.meta.url));
const kSeed = Number(process.env.SEED ?? Math.floor(Math.random() * 1e9));
const kWriters = 4;
const kRounds = 10; // of transactions between two quiet moments

const kQueries = [
  'orders(order_by: {id: asc}) { id who v }',
  ...[0, 1, 2, 3].map((who) => `orders(where: {who: {_eq: ${who}}}, order_by: {id: asc}) { id v }`),
  'orders(order_by: {id: desc}, limit: 3) { id v }',
  'orders(order_by: {id: asc}) { id items(order_by: {id: asc}) { n } }',
  'orders(where: {items: {n: {_gt: 50}}}, order_by: {id: asc}) { id }',
  'orders_by_pk(id: 5) { v items_aggregate { aggregate { count sum { n } } } }',
  'items(order_by: {id: asc}) { n order { v } }',
  'parts(order_by: [{id: asc}, {k: asc}]) { id k v }',
  'parts1(order_by: {id: asc}) { id v }',
  'parts2(order_by: {id: asc}) { id v }',
  'parts2_low(order_by: {id: asc}) { id v }',
  'notes(order_by: [{id: asc}, {text: asc}]) { id text }',
  'old_notes(order_by: {id: asc}) { id text }',
  'inbox(order_by: [{id: asc}, {text: asc}]) { id text }',
  'journal_aggregate { aggregate { count sum { removed } } }',
  'totals(order_by: {who: asc}) { who orders }',
  'named(order_by: {id: asc}) { id v }',
  'busiest { who orders }',
  'filled(order_by: {id: asc}) { id items }',
  'summary(order_by: {order_id: asc}) { order_id n }',
];

const kSettings = {
  shared_preload_libraries: 'threefactor,pg_stat_statements',
  deadlock_timeout: '20ms', // the writers lock in any order
  max_prepared_transactions: 20,
  fsync: 'off', // processes are killed here, not the machine; makes the recovery after a crash quick
};

scenario('live queries', { app: false, gateway: false, settings: kSettings }, async (system, step) => {
  console.log(`SEED=${kSeed}`);
  await system.cluster.psql(['-f', kSchema]);
  await system.startGateway();
  const kGateways = 2;
  const other = await Gateway.start(kGateway, system.cluster.url(), kSecret);
  const statements = new Statements(system.sql);
  const random = new Random(kSeed);
  const writers = Array.from({ length: kWriters }, (_, index) => new Writer(system.cluster.url(), kSeed + index));

  const fresh = async (query) => (await system.post('/v1/graphql', { query })).body;
  const oracle = new Oracle(fresh);
  const kListeners = `FROM pg_stat_activity WHERE application_name = 'threefactor-gateway listener' AND datname = current_database()`;

  // A transaction that a kill has left prepared holds its locks until someone decides.
  async function quiet(when) {
    await eventually('no prepared transaction is left', async () => {
      for (const { gid } of await system.sql('SELECT gid FROM pg_prepared_xacts')) await system.sql(`COMMIT PREPARED '${gid}'`);
      return true;
    });
    await oracle.converged(when);
  }

  async function writeAndCompare(moments, strike = async () => {}) {
    for (let moment = 0; moment < moments; ++moment) {
      for (let round = 0; round < kRounds; ++round) {
        const writing = Promise.all(writers.map((writer) => writer.write()));
        if (round === kRounds / 2) await strike(moment);
        await writing;
      }
      await quiet(`at quiet moment ${moment} of SEED=${kSeed}`);
    }
  }

  try {
    await step('subscribe', async () => {
      const connections = [
        ['graphql-ws', system.connect(ModernConnection)],
        ['subscriptions-transport-ws', system.connect(LegacyConnection)],
        ['the other gateway', other.connect(ModernConnection)],
      ];
      for (const query of kQueries) {
        const response = await fresh(`query { ${query} }`);
        assert.equal(response.errors, undefined, query);
        for (const [from, connection] of connections) oracle.subscribe(connection, from, query);
      }
      await oracle.converged('at first');
    });

    await step('nothing changes: nothing runs; one change: one execution for 200 subscribers', async () => {
      const idle = system.connect();
      const others = Array.from({ length: 50 }, (_, index) => idle.subscribe(`subscription { crowd_by_pk(id: ${index + 1}) { v } }`));
      const identical = [];
      for (let number = 0; number < 4; ++number) {
        const connection = (number % 2 ? other : system).connect();
        for (let index = 0; index < 50; ++index) identical.push(connection.subscribe('subscription { popular { v } }'));
      }
      await eventually('first results', () => [...others, ...identical].every(({ results }) => results.length > 0));

      await statements.pause(''); // what the start has left behind, as a reload of the schema, is over
      const before = await statements.counts();
      const after = await statements.afterSweeps(2 * kGateways - 1);
      assert.deepEqual(Statements.between(before, after), {});
      for (const { results } of [...others, ...identical]) assert.equal(results.length, 1);

      const executions = await statements.of('popular');
      await system.sql('UPDATE popular SET v = 1');
      await eventually('all are told', () => identical.every(({ results }) => results.at(-1).popular[0].v === 1));
      await quiet('after one change');
      assert.equal((await statements.of('popular')) - executions, kGateways);
      for (const { results } of identical) assert.equal(results.length, 2);
      for (const { results } of others) assert.equal(results.length, 1);
      for (const subscription of [...others, ...identical]) subscription.stop();
      await idle.close();
    });

    await step('changes while the query runs lead to one more run', async () => {
      const connection = system.connect();
      const slow = connection.subscribe('subscription { slow { v } }');
      await slow.until('a first result', () => true);
      const executions = await statements.of('slow');
      await system.sql('UPDATE crowd SET v = 1 WHERE id = 1');
      await eventually('it runs', async () => (await system.sql("SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep'")).length > 0);
      await system.sql([2, 3, 4].map((v) => `BEGIN; UPDATE crowd SET v = ${v} WHERE id = 1; COMMIT`).join('; '));
      await slow.until('the last change', ({ slow: [{ v }] }) => v === 4);
      await statements.pause('slow');
      assert.equal((await statements.of('slow')) - executions, 2);
      assert.deepEqual(slow.results.map(({ slow: [{ v }] }) => v), [0, 1, 4]);
      await connection.close();
    });

    await step('random transactions', async () => {
      await writeAndCompare(8, async () => {
        const row = `${random.below(20)}\t${random.below(100)}`;
        await writeFile(`${system.directory}/copy.sql`, `COPY items (order_id, n) FROM STDIN;\n${row}\n\\.\n`);
        await system.cluster.psql(['-f', `${system.directory}/copy.sql`]).catch(() => {}); // there may be no such order
      });
      const committed = writers.reduce((sum, writer) => sum + writer.committed, 0);
      assert.ok(committed > kWriters * kRounds, `only ${committed} transactions worked`);
    });

    await step('random transactions while connections are ended and a backend is killed', async () => {
      await writeAndCompare(6, async (moment) => {
        if (moment === 2) {
          const [backend] = await system.sql("SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'writer%' LIMIT 1");
          if (backend) process.kill(backend.pid, 'SIGKILL'); // the server starts over, with a new epoch
          return;
        }
        const whom = moment % 2 ? kListeners : `FROM pg_stat_activity WHERE application_name LIKE 'threefactor-gateway%'`;
        await system.sql(`SELECT pg_terminate_backend(pid) ${whom}`);
      });
    });

    await step('two gateways: a mutation through either reaches the subscribers of both', async () => {
      const insert = (id) => ({ query: `mutation { insert_orders_one(object: {id: ${id}, who: 1, v: "both"}) { id } }` });
      await system.post('/v1/graphql', insert(1001));
      await other.post('/v1/graphql', insert(1002));
      await quiet('after mutations');
      for (const { query, subscription } of oracle.subscriptions) {
        if (query === kQueries[0]) assert.deepEqual(subscription.last.data.orders.slice(-2).map(({ id }) => id), [1001, 1002]);
      }
    });

    await step('DDL while subscribed', async () => {
      const connections = [system.connect(), other.connect()];
      const subscribe = (query) => connections.map((connection, index) => oracle.subscribe(connection, `gateway ${index}`, query));
      const settle = async (ddl, ...writes) => {
        await Promise.all([system.sql(ddl), ...writers.map((writer) => writer.write())]);
        for (const write of writes) await system.sql(write);
        await quiet(`after ${ddl}`);
      };

      await settle('ALTER TABLE orders ADD COLUMN extra integer DEFAULT 7');
      await eventually('both gateways serve the new column', async () => {
        const query = { query: '{ orders { extra } }' };
        return [await system.post('/v1/graphql', query), { body: await other.post('/v1/graphql', query) }].every(({ body }) => body.data);
      });
      subscribe('orders(order_by: {id: asc}) { id extra }');
      await settle('ALTER TABLE orders ALTER COLUMN extra TYPE text', "INSERT INTO orders VALUES (2001, 1, 'x', 'y')");

      // The statement stays, what it reads does not.
      subscribe('moving(order_by: {id: asc}) { id }');
      await settle('CREATE OR REPLACE VIEW moving AS SELECT id FROM crowd', 'INSERT INTO crowd VALUES (51, 0)');
      await settle(
        'CREATE TABLE parts3 (LIKE parts); ALTER TABLE parts ATTACH PARTITION parts3 DEFAULT',
        'INSERT INTO parts3 VALUES (1, 7, 0)',
      );
      await settle('ALTER TABLE parts DETACH PARTITION parts3', 'INSERT INTO parts3 VALUES (2, 7, 0)');
      await settle('CREATE TABLE new_notes () INHERITS (notes)', "INSERT INTO new_notes VALUES (100, 'new')");

      // What is gone is told, does not hold up the others, and comes back.
      const doomed = subscribe('popular { v }');
      await oracle.converged('before the end');
      const gone = () => eventually('the error is pushed', () => doomed.every(({ last }) => last.errors));
      await settle('ALTER TABLE popular RENAME COLUMN v TO w');
      await gone();
      await settle('ALTER TABLE popular RENAME COLUMN w TO v', 'UPDATE popular SET v = v + 1');
      await settle('DROP TABLE popular', "UPDATE orders SET v = 'still told'");
      await gone();
      await settle('CREATE TABLE popular (v integer)', 'INSERT INTO popular VALUES (2)');
      await eventually('it is back', () => doomed.every(({ last }) => last.data?.popular[0]?.v === 2));
    });

    await step('DDL that no listener heard', async () => {
      const served = (column) =>
        eventually(`both gateways serve ${column}`, async () => {
          const query = { query: `{ orders { ${column} } }` };
          return (await system.post('/v1/graphql', query)).body.data && (await other.post('/v1/graphql', query)).data;
        });
      // The signal is sent when the transaction ends; by then nobody listens.
      await system.sql(
        `BEGIN; SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'threefactor-gateway%';
         ALTER TABLE orders ADD COLUMN unheard integer; COMMIT`,
      );
      await served('unheard');

      // The signal is heard, but the connection that reads the catalog is lost in the middle of it.
      const holder = await system.cluster.open();
      await holder.query('BEGIN; LOCK TABLE pg_policy');
      await system.sql('ALTER TABLE orders ADD COLUMN unread integer');
      const readers = "FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND application_name LIKE 'threefactor-gateway%'";
      await eventually('both gateways read the catalog', async () => (await system.sql(`SELECT ${readers}`)).length === 2);
      await system.sql(`SELECT pg_terminate_backend(pid) ${readers}`);
      await holder.end();
      await served('unread');

      const [{ pid }] = await system.sql(`SELECT pid ${kListeners} LIMIT 1`);
      process.kill(pid, 'SIGKILL');
      await eventually('the server is back', async () => {
        await system.sql('ALTER TABLE orders ADD COLUMN IF NOT EXISTS after_crash integer');
        return true;
      });
      await served('after_crash');
      await quiet('after a crash');
    });

    await step('a database without the extension is polled, until it has it', async () => {
      const sql = (text) => system.sql(text, [], 'plain');
      await system.sql('CREATE DATABASE plain');
      await sql('CREATE TABLE plain (id integer)');
      const polling = await Gateway.start(kGateway, system.cluster.url('plain'), kSecret, ['--poll-interval', '50']);
      try {
        const polls = new Statements(system.sql, 'plain');
        const subscription = polling.connect().subscribe('subscription { plain { id } }');
        const sees = (id) => subscription.until(`row ${id}`, ({ plain }) => plain.some((row) => row.id === id));
        await subscription.until('a first result', () => true);
        await sql('INSERT INTO plain VALUES (1)');
        await sees(1);
        await polls.goOn('plain');
        assert.equal(subscription.results.length, 2);

        await polling.post('/v1/query', { type: 'run_sql', args: { sql: 'CREATE EXTENSION threefactor' } });
        await eventually('it watches', () => / watching for changes/.test(polling.process.output));
        await sql('INSERT INTO plain VALUES (2)');
        await sees(2);
        await polls.pause('plain');

        await sql('DROP EXTENSION threefactor');
        await sql('INSERT INTO plain VALUES (3)');
        await sees(3);
        await polls.goOn('plain');
      } finally {
        await polling.stop();
      }
    });
  } finally {
    for (const writer of writers) writer.drop();
    await other.stop();
  }
});
