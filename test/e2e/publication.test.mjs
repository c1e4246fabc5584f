// Publications: one that takes the extension's tables warns, and its database goes on delivering; by schemas, the subscriber (another
// cluster, with the extension) gets the tables of the users and nothing else.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';

import { eventually, scenario } from './harness.mjs';
import { Cluster } from './support/cluster.mjs';
import { Sink } from './support/sink.mjs';

const settings = { wal_level: 'logical', 'threefactor.outbox_partition_size': '1MB', 'threefactor.retention': '0' };

scenario('publications', { settings, app: false, gateway: false }, async (system, step) => {
  const { sql, cluster } = system;
  const other = await Cluster.create(`${system.directory}/subscriber`, settings);
  const sink = await Sink.start();
  sink.behave = (call, response) => response.writeHead(call.headers['threefactor-attempt'] === '1' && call.body.event.data.new.id % 100 === 0 ? 500 : 200).end('{}');
  await sql('CREATE TABLE t (id integer PRIMARY KEY, text text)');
  await sql('CREATE EXTENSION threefactor');

  const warnings = async (...statements) => {
    const session = await cluster.open();
    const found = [];
    session.on('notice', ({ severity, message, hint }) => severity === 'WARNING' && found.push([message, hint]));
    for (const statement of statements) await session.query(statement);
    await session.end();
    return found;
  };
  const kSchemas = 'Publish schemas instead: CREATE PUBLICATION ... FOR TABLES IN SCHEMA public, ...';
  const kLeaveOut = 'Leave the schema threefactor out: ALTER PUBLICATION ... DROP TABLE, or DROP TABLES IN SCHEMA.';
  const taken = (name, hint) => [[`publication "${name}" takes tables of the extension threefactor`, hint]];

  await step('what takes tables of the extension warns, with the hint what to do', async () => {
    assert.deepEqual(await warnings('CREATE PUBLICATION all_tables FOR ALL TABLES'), taken('all_tables', kSchemas));
    assert.deepEqual(await warnings('CREATE PUBLICATION of_schema FOR TABLES IN SCHEMA public, threefactor'), taken('of_schema', kLeaveOut));
    assert.deepEqual(await warnings('CREATE PUBLICATION of_table FOR TABLE t, threefactor.outbox_1'), taken('of_table', kLeaveOut));
    assert.deepEqual(await warnings('CREATE PUBLICATION good FOR TABLES IN SCHEMA public', 'CREATE PUBLICATION single FOR TABLE t', 'CREATE PUBLICATION none'), []);
    assert.deepEqual(await warnings('ALTER PUBLICATION none ADD TABLES IN SCHEMA threefactor'), taken('none', kLeaveOut));
    assert.deepEqual(await warnings('ALTER PUBLICATION single ADD TABLE threefactor.parked'), taken('single', kLeaveOut));
    assert.deepEqual(await warnings('ALTER PUBLICATION single SET TABLE threefactor.outbox'), taken('single', kLeaveOut));
    assert.deepEqual(await warnings('ALTER PUBLICATION single SET TABLE t', 'DROP PUBLICATION of_schema, of_table, none, single'), []);
  });

  await step('so does CREATE EXTENSION where all tables are published', async () => {
    assert.deepEqual(await warnings('DROP EXTENSION threefactor', 'CREATE EXTENSION threefactor'), taken('all_tables', kSchemas));
  });

  await step('the publisher goes on, through retries and rotation and every change of event triggers', async () => {
    await sql(`SELECT threefactor.create_event_trigger('t', 't', $1, retry => '{"interval": 0}')`, [`${sink.url}/t`]);
    for (let batch = 0; batch < 5; batch++)
      await sql(`INSERT INTO t SELECT i, repeat('x', 1000) FROM generate_series($1::integer, $1 + 999) AS i`, [batch * 1000 + 1]);
    await eventually('all are delivered', () => new Set(sink.on('/t').map((call) => call.headers['idempotency-key'])).size === 5000);
    await eventually('nothing is left', async () => (await sql('SELECT FROM threefactor.parked')).length === 0);
    await eventually('partitions are emptied', async () => (await sql('SELECT count(*)::integer AS n FROM threefactor.outbox'))[0].n < 2000);
    for (const statement of [
      `SELECT threefactor.create_event_trigger('t', 't', '${sink.url}/t', error_webhook => '${sink.url}/error', replace => true)`,
      `SELECT threefactor.pause('t')`, `SELECT threefactor.resume('t')`,
      `SELECT threefactor.schedule('s', '${sink.url}/s', '* * * * *')`,
      `SELECT threefactor.schedule('s', '${sink.url}/s', '0 * * * *', replace => true)`, `SELECT threefactor.unschedule('s')`,
      `SELECT threefactor.unschedule(event => threefactor.schedule_once('${sink.url}/once', now() + interval '1 hour'))`,
      `SELECT threefactor.track_table('t')`, `SELECT threefactor.untrack_table('t')`,
      `SELECT threefactor.accept('key')`,
      'CALL threefactor.set_aside()', 'SELECT threefactor.adopt()', `SELECT threefactor.drop_event_trigger('t')`,
    ])
      await sql(statement);
    assert.doesNotMatch(await readFile(`${cluster.directory}/log`, 'utf8'), /replica identity/);
  });

  await step('every table that is updated has a replica identity', async () => {
    assert.deepEqual(
      await sql(`SELECT c.oid::regclass::text AS table FROM pg_class AS c WHERE relnamespace = 'threefactor'::regnamespace AND relkind IN ('r', 'p') AND relreplident = 'd'
                   AND NOT EXISTS (SELECT FROM pg_index WHERE indrelid = c.oid AND indisprimary)
                   AND c.oid::regclass::text !~ '^threefactor\\.(outbox|attempt)(_[0-9]+)?$'`), // these are only appended to, and truncated
      [],
    );
  });

  await step('by schemas, a subscriber in another cluster gets the tables, and event triggers of its own', async () => {
    await other.sql('CREATE EXTENSION threefactor');
    await other.sql('CREATE TABLE t (id integer PRIMARY KEY, text text)');
    for (const replica of [false, true])
      await other.sql(`SELECT threefactor.create_event_trigger($1, 't', $2, on_replica => $3)`, [`replica_${replica}`, `${sink.url}/replica_${replica}`, replica]);
    await other.sql(`CREATE SUBSCRIPTION s CONNECTION '${cluster.url()}' PUBLICATION good WITH (copy_data = false)`);
    await sql(`SELECT threefactor.create_event_trigger('own', 't', $1)`, [`${sink.url}/own`]);
    await sql(`INSERT INTO t VALUES (10001, 'y')`);
    await eventually('both have posted', () => sink.on('/own').length === 1 && sink.on('/replica_true').length === 1);
    await other.sql(`INSERT INTO t VALUES (10002, 'z')`);
    await eventually('its own change, too', () => sink.on('/replica_false').length === 1 && sink.on('/replica_true').length === 2);
    assert.equal(sink.on('/own').length, 1);
    assert.equal(sink.on('/replica_false')[0].body.event.data.new.id, 10002);
    await other.sql('DROP SUBSCRIPTION s');
  });
  await sink.stop();
  await other.destroy();
});
