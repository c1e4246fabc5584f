// A database of version 0.1 under the library of 0.2: changes are captured, nothing is delivered until ALTER EXTENSION UPDATE, and
// then everything that was pending, retrying or paused is, once, with its key.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';

import { eventually, scenario } from './harness.mjs';
import { fail, Sink } from './support/sink.mjs';

scenario('upgrade from 0.1', { app: false, gateway: false }, async (system, step) => {
  const { sql, cluster } = system;
  const sink = await Sink.start();
  const ids = (path) => sink.on(path).map((call) => call.body.event.data.new.id).sort();
  const status = () => sql('SELECT DISTINCT worker FROM threefactor.status');
  await sql(`CREATE EXTENSION threefactor VERSION '0.1'`);
  await sql('CREATE TABLE t (id integer)');
  await sql(await readFile(new URL('../support/event_trigger_0_1.sql', import.meta.url), 'utf8'));
  for (const name of ['running', 'paused'])
    await sql(`CALL create_event_trigger_0_1('${name}', 't', '${sink.url}/${name}', NULL, 'true', '{}', '{"attempts": 2, "interval": 0}')`);
  await sql(`SELECT threefactor.pause('paused')`);

  // What a worker of 0.1 left in its journal: 1 is delivered; 2 and 5 were in flight at the last checkpoint, 5 was settled after
  // it; 3 is retrying, 4 is dead. `paused` has not read anything.
  const attempt = (id, sequence, outcome, status) =>
    sql(`INSERT INTO threefactor.attempt SELECT 0, $2, xid, position, event_id, trigger_id, threefactor.delivery_key(event_id, trigger_id), 1, $3, now(), 1, $4
           FROM threefactor.outbox, threefactor.event_trigger WHERE (new_row ->> 'id')::integer = $1 AND name = 'running'`, [id, sequence, outcome, status]);
  const park = (id, state) =>
    sql(`INSERT INTO threefactor.parked SELECT event_id, trigger_id, definition_id, threefactor.delivery_key(event_id, trigger_id), $2, 1, now(), 500, NULL, o.xid,
           o.position, o.created_at, operation, table_schema, table_name, old_row, new_row, session_variables, trace_context
           FROM threefactor.outbox AS o, threefactor.event_trigger WHERE (new_row ->> 'id')::integer = $1 AND name = 'running'`, [id, state]);
  await step('a journal of 0.1', async () => {
    for (let id = 1; id <= 5; id++) await sql('INSERT INTO t VALUES ($1)', [id]);
    const place = Object.fromEntries((await sql(`SELECT new_row ->> 'id' AS id, xid || '/' || position AS place FROM threefactor.outbox`)).map((row) => [row.id, row.place]));
    const [{ next }] = await sql(`SELECT max(xid::text::bigint) + 1 AS next FROM threefactor.outbox`);
    const [{ running, paused }] = await sql(`SELECT (SELECT trigger_id FROM threefactor.event_trigger WHERE name = 'running') AS running,
      (SELECT trigger_id FROM threefactor.event_trigger WHERE name = 'paused') AS paused`);
    await attempt(1, 1, 'delivered', 200);
    await attempt(3, 2, 'retrying', 500);
    await attempt(4, 3, 'dead', 500);
    await park(3, 'retrying');
    await park(4, 'dead');
    await sql('INSERT INTO threefactor.checkpoint (sequence, state) VALUES (3, $1)', [
      `threefactor 1\ncursor ${next}:${next}:\ndetached ${paused} 3:3:\nunsettled ${running} ${place[2]} ${place[5]}\n`,
    ]);
    await attempt(5, 4, 'delivered', 200);
    await sql('INSERT INTO t VALUES (6)');
  });

  await step('captures and waits, also over a crash', async () => {
    await cluster.kill();
    await cluster.start();
    await eventually('the status says for what', async () => (await status())[0].worker === 'waits for ALTER EXTENSION threefactor UPDATE');
    await eventually('so does the log', async () => /HINT: {2}Run ALTER EXTENSION threefactor UPDATE in it/.test(await readFile(`${cluster.directory}/log`, 'utf8')));
    await sql('INSERT INTO t VALUES (7)');
    assert.deepEqual(sink.received, []);
  });

  await step('delivers all that is pending', async () => {
    await sql(`ALTER EXTENSION threefactor UPDATE TO '0.2'`);
    await sql('INSERT INTO t VALUES (8)');
    await eventually('the rest of the running', () => ids('/running').length >= 5);
    await eventually('all settled', async () => (await sql(`SELECT FROM threefactor.deliveries WHERE event_trigger = 'running' AND state = 'delivered'`)).length === 7);
    assert.deepEqual(ids('/running'), [2, 3, 6, 7, 8]);
    assert.deepEqual(ids('/paused'), []);
    const keys = await sql(`SELECT threefactor.delivery_key(event_id, trigger_id) AS key FROM threefactor.events, threefactor.event_trigger
      WHERE name = 'running' AND (new_row ->> 'id')::integer IN (2, 3, 6, 7, 8) ORDER BY 1`);
    assert.deepEqual(sink.on('/running').map((call) => call.body.id).sort(), keys.map((row) => row.key));
  });

  await step('what was paused or dead is there', async () => {
    await sql(`SELECT threefactor.resume('paused')`);
    await eventually('the paused', () => ids('/paused').length === 8);
    assert.deepEqual(await sql(`SELECT threefactor.redeliver(trigger => 'running')`), [{ redeliver: '1' }]);
    await eventually('the dead letter', () => ids('/running').includes(4));
    sink.behave = fail;
    await sql('INSERT INTO t VALUES (9)');
    await eventually('failures after the upgrade', async () => (await sql('SELECT FROM threefactor.dead_letters')).length === 2);
  });
  await sink.stop();
});
