// Logical replication into a database with event triggers and live queries: what it applies makes events where they are asked
// for, and change signals. Publisher and subscriber are two databases of one server.
import assert from 'node:assert/strict';

import { pg } from '../clients/clients.mjs';
import { eventually, scenario } from './harness.mjs';

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
