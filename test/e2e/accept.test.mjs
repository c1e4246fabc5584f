// accept: keys are forgotten after their time, and their space comes back, whoever holds an old snapshot.
import assert from 'node:assert/strict';

import { eventually, scenario } from './harness.mjs';

const settings = { 'threefactor.accept_retention': '1s' };

scenario('accept', { settings, app: false, gateway: false }, async (system, step) => {
  const { cluster, sql } = system;
  await sql('CREATE EXTENSION threefactor');
  const size = async () => Number((await sql(`SELECT sum(pg_relation_size(relid)) AS size FROM pg_partition_tree('threefactor.accepted') WHERE isleaf`))[0].size);

  await step('a key is forgotten after the retention, and the table is empty again, also while somebody holds a snapshot', async () => {
    const reader = await cluster.open();
    await reader.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
    await reader.query('SELECT count(*) FROM pg_class');
    await sql(`SELECT count(threefactor.accept('key ' || i)) FROM generate_series(1, 5000) AS i`);
    assert.ok((await size()) > 0);
    await eventually('nothing is left', async () => (await size()) === 0);
    assert.deepEqual(await sql(`SELECT threefactor.accept('key 1')`), [{ accept: true }]);
    await reader.end();
  });

  await step('a writer in flight keeps its partition', async () => {
    const handler = await cluster.open();
    await handler.query('BEGIN');
    assert.deepEqual((await handler.query(`SELECT threefactor.accept('slow')`)).rows, [{ accept: true }]);
    const [{ partition }] = (await handler.query('SELECT min(partition) AS partition FROM threefactor.accepted')).rows;
    await eventually('the clock has gone once round the ring', async () => {
      const [row] = await sql('SELECT threefactor_private.accept_partition() AS current');
      return row.current === (partition + 2) % 3;
    });
    await handler.query('COMMIT');
    await eventually('forgotten', async () => (await size()) === 0);
  });
});
