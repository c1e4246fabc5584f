// Logical replication into a database with event triggers and live queries: what it applies makes events where they are asked
// for, and change signals. Publisher and subscriber are two databases of one server.
import assert from 'node:assert/strict';

import { pg } from '../clients/clients.mjs';
import { eventually, scenario } from './harness.mjs';
import { Sink } from './support/sink.mjs';

const kSettings = { wal_level: 'logical', 'threefactor.deliver': 'off' };

scenario('logical replication', { app: false, gateway: false, settings: kSettings }, async (system, step) => {
  const publisher = (text, parameters) => system.sql(text, parameters);
  const subscriber = (text, parameters) => system.sql(text, parameters, 'subscriber');
  const kTable = `CREATE TABLE t (id integer PRIMARY KEY, note text)`;
  await publisher(kTable);
  await publisher(`INSERT INTO t VALUES (1, 'copied')`);
  await publisher('CREATE PUBLICATION p FOR TABLE t');
  await publisher(`SELECT pg_create_logical_replication_slot('s', 'pgoutput')`);
  await system.sql('CREATE DATABASE subscriber', [], 'postgres');
  await subscriber('CREATE EXTENSION threefactor');
  await subscriber(kTable);
  for (const replica of [false, true]) {
    await subscriber(
      `SELECT threefactor.create_event_trigger($1, 't', 'https://example.com/', operations => '{INSERT,UPDATE,DELETE,TRUNCATE}',
         condition => 'NEW.id IS DISTINCT FROM 13', on_replica => $2)`,
      [replica ? 'replicated' : 'local', replica],
    );
  }
  const watcher = new pg.Client({ connectionString: system.cluster.url('subscriber') });
  await watcher.connect();
  const [{ epoch, sequence }] = (await watcher.query('SELECT * FROM threefactor.watch()')).rows;
  let seen = sequence;
  const signalled = async () => {
    const { rows } = await watcher.query('SELECT kind, sequence FROM threefactor.changes($1, $2)', [epoch, seen]);
    if (rows.length > 0) seen = rows.at(-1).sequence;
    return rows.some((row) => row.kind === 'everything');
  };
  const events = () =>
    subscriber(`SELECT operation, event_triggers, old_row, new_row FROM threefactor.events WHERE operation <> 'INSERT' OR
                  new_row ->> 'note' <> 'copied' ORDER BY position`);

  await step('the first copy of a table is signalled', async () => {
    await subscriber(
      `CREATE SUBSCRIPTION s CONNECTION '${system.cluster.url()}' PUBLICATION p WITH (create_slot = false, slot_name = 's')`,
    );
    await eventually('the row is there', async () => (await subscriber('SELECT FROM t')).length === 1);
    await eventually('a signal', signalled);
  });

  await step('changes make events where on_replica asks for them, and signals', async () => {
    await publisher(`INSERT INTO t VALUES (2, 'b'), (13, 'not this one')`);
    await publisher(`UPDATE t SET note = 'c' WHERE id = 2`);
    await publisher('DELETE FROM t WHERE id = 2');
    await publisher('TRUNCATE t');
    await eventually('four events', async () => (await events()).length >= 4);
    await eventually('a signal', signalled);
    assert.deepEqual(await events(), [
      { operation: 'INSERT', event_triggers: ['replicated'], old_row: null, new_row: { id: 2, note: 'b' } },
      { operation: 'UPDATE', event_triggers: ['replicated'], old_row: { id: 2, note: 'b' }, new_row: { id: 2, note: 'c' } },
      { operation: 'DELETE', event_triggers: ['replicated'], old_row: { id: 2, note: 'c' }, new_row: null },
      { operation: 'TRUNCATE', event_triggers: ['replicated'], old_row: null, new_row: null },
    ]);
  });

  await step('a change of the subscriber itself makes an event of both', async () => {
    await subscriber(`INSERT INTO t VALUES (3, 'own')`);
    assert.deepEqual((await events()).at(-1).event_triggers, ['local', 'replicated']);
  });

  await watcher.end();
  await subscriber('ALTER SUBSCRIPTION s DISABLE');
  await subscriber('ALTER SUBSCRIPTION s SET (slot_name = NONE)');
  await subscriber('DROP SUBSCRIPTION s');
});

// Publisher and subscriber both have the extension, and event triggers with the same numbers.
scenario('a publication of all tables', { app: false, gateway: false, settings: { wal_level: 'logical' } }, async (system, step) => {
  const publisher = (text, parameters) => system.sql(text, parameters);
  const subscriber = (text, parameters) => system.sql(text, parameters, 'subscriber');
  const sink = await Sink.start();
  await system.sql('CREATE DATABASE subscriber', [], 'postgres');
  for (const [name, database] of Object.entries({ publisher, subscriber })) {
    await database('CREATE EXTENSION threefactor');
    await database('CREATE TABLE t (id integer PRIMARY KEY, note text)');
    await database(`SELECT threefactor.create_event_trigger('same_name', 't', $1)`, [`${sink.url}/${name}`]);
  }
  const ids = (path) => sink.on(path).map((call) => call.body.event.data.new.id);
  const applied = (id) => eventually(`row ${id} is applied`, async () => (await subscriber('SELECT FROM t WHERE id = $1', [id])).length === 1);

  await step('is subscribed to without the tables of the extension, and goes on', async () => {
    await publisher('CREATE PUBLICATION p FOR ALL TABLES');
    await publisher(`SELECT pg_create_logical_replication_slot('s', 'pgoutput')`);
    await subscriber(`CREATE SUBSCRIPTION s CONNECTION '${system.cluster.url()}' PUBLICATION p WITH (create_slot = false, slot_name = 's')`);
    assert.deepEqual(await subscriber('SELECT srrelid::regclass::text AS relation FROM pg_subscription_rel'), [{ relation: 't' }]);
    await publisher(`INSERT INTO t VALUES (1, 'a')`);
    await applied(1);
    await eventually('the publisher has posted it', () => ids('/publisher').includes(1));
    await subscriber('ALTER SUBSCRIPTION s REFRESH PUBLICATION');
    assert.deepEqual(await subscriber('SELECT srrelid::regclass::text AS relation FROM pg_subscription_rel'), [{ relation: 't' }]);
    await publisher(`INSERT INTO t VALUES (2, 'b')`);
    await applied(2);
    assert.equal((await subscriber('SELECT FROM threefactor.outbox')).length, 0);
  });

  await step('what the publisher does to its outbox and journal loses nothing of the subscriber', async () => {
    await subscriber(`SELECT threefactor.pause('same_name')`);
    await subscriber(`INSERT INTO t VALUES (100, 'own')`);
    await publisher('TRUNCATE threefactor.outbox, threefactor.attempt, threefactor.parked');
    await publisher(`SELECT threefactor.pause('same_name')`);
    await publisher(`SELECT threefactor.create_event_trigger('another', 't', '${sink.url}/publisher')`);
    await publisher(`INSERT INTO t VALUES (3, 'c')`);
    await applied(3);
    await subscriber(`SELECT threefactor.resume('same_name')`);
    await eventually('the subscriber has posted its own', () => ids('/subscriber').includes(100));
    assert.deepEqual(ids('/subscriber'), [100]);
  });

  await step('rows that are applied to the outbox all the same never count', async () => {
    // As a subscription that is older than the rule has them.
    await subscriber(`INSERT INTO pg_subscription_rel SELECT s.oid, relid, 'r' FROM pg_subscription AS s,
      (SELECT relid FROM pg_partition_tree('threefactor.outbox') WHERE isleaf UNION ALL SELECT 'threefactor.parked') AS t`);
    await publisher(`SELECT threefactor.resume('same_name')`);
    await publisher(`INSERT INTO t VALUES (4, 'd')`);
    await publisher(`INSERT INTO threefactor.parked (event_id, trigger_id, definition_id, idempotency_key, state, attempts, event_xid, event_position, created_at, operation)
      VALUES (gen_random_uuid(), 1, 1, gen_random_uuid(), 'dead', 1, '3', 1, now(), 'INSERT')`);
    await publisher(`INSERT INTO t VALUES (5, 'e')`);
    await applied(5);
    const own = await subscriber(`SELECT (new_row ->> 'id')::integer AS id FROM threefactor.events`);
    assert.deepEqual(own, [{ id: 100 }]);
    assert.equal((await subscriber('SELECT FROM threefactor.parked')).length, 0);
    // The next own event comes after all that could have been read of the others.
    await subscriber(`INSERT INTO t VALUES (101, 'own')`);
    await eventually('the subscriber has posted its own', () => ids('/subscriber').includes(101));
    assert.deepEqual(ids('/subscriber'), [100, 101]);
  });

  await subscriber('ALTER SUBSCRIPTION s DISABLE');
  await subscriber('ALTER SUBSCRIPTION s SET (slot_name = NONE)');
  await subscriber('DROP SUBSCRIPTION s');
  await sink.stop();
});
