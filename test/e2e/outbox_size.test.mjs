// threefactor.max_outbox_size: what is settled goes before its retention is over, what is not settled stays.
import assert from 'node:assert/strict';

import { eventually, scenario } from './harness.mjs';
import { Sink } from './support/sink.mjs';

const settings = { 'threefactor.outbox_partition_size': '1MB', 'threefactor.max_outbox_size': '3MB' };

scenario('the size of the outbox', { settings, app: false, gateway: false }, async (system, step) => {
  const { sql } = system;
  const sink = await Sink.start();
  await sql('CREATE EXTENSION threefactor');
  await sql('CREATE TABLE t (id integer PRIMARY KEY, text text)');
  await sql(`SELECT threefactor.create_event_trigger('t', 't', $1)`, [`${sink.url}/t`]);
  const size = async () => (await sql(`SELECT sum(pg_total_relation_size(inhrelid))::integer AS size FROM pg_inherits
    WHERE inhparent IN ('threefactor.outbox'::regclass, 'threefactor.attempt'::regclass)`))[0].size;
  let last = 0;
  const insert = async (count) => {
    for (const end = last + count; last < end; last += 100)
      await sql(`INSERT INTO t SELECT g, $2::text || g FROM generate_series($1::integer + 1, $1::integer + 100) AS g`, [last, 'x'.repeat(500)]);
  };

  await step('past the cap the undelivered stay', async () => {
    await sql(`SELECT threefactor.pause('t')`);
    await insert(10_000);
    assert.ok((await size()) > 5 * 1024 * 1024);
    const [row] = await sql('SELECT count(*)::integer AS n FROM threefactor.outbox');
    assert.equal(row.n, 10_000);
  });

  await step('once delivered they go, though the retention is a day', async () => {
    await sql(`SELECT threefactor.resume('t')`);
    await eventually('all are delivered', () => new Set(sink.on('/t').map((call) => call.body.event.data.new.id)).size === last);
    await eventually('the size is below the cap', async () => (await size()) <= 3 * 1024 * 1024);
    await insert(200);
    await eventually('and events go on', () => new Set(sink.on('/t').map((call) => call.body.event.data.new.id)).size === last);
  });
  await sink.stop();
});
