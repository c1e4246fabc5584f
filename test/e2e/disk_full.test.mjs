// The disk of a database is full: its workers wait, and go on when there is room.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, rm, stat } from 'node:fs/promises';
import { promisify } from 'node:util';

import { Space } from '../soak/space.mjs';
import { eventually, scenario } from './harness.mjs';
import { Sink } from './support/sink.mjs';

const run = promisify(execFile);
const kEvents = 40;

scenario('a full disk', { settings: { 'threefactor.deliver': 'off' }, app: false, gateway: false }, async (system, step) => {
  const { cluster } = system;
  const space = new Space();
  const [{ directory }] = await system.sql(`SELECT setting AS directory FROM pg_settings WHERE name = 'data_directory'`);
  let path;
  try {
    path = await space.mount(cluster.directory, (await stat(directory)).uid);
  } catch (error) {
    console.error(`left out: a tmpfs cannot be mounted here: ${error.message.trim()}`);
    return;
  }
  const sink = await Sink.start();
  try {
    await system.sql(`CREATE TABLESPACE small LOCATION '${path}'`, [], 'postgres');
    await system.sql('CREATE DATABASE small TABLESPACE small', [], 'postgres');
    const sql = (text, parameters) => system.sql(text, parameters, 'small');
    const set = async (value) => {
      await sql(`ALTER SYSTEM SET threefactor.deliver = ${value}`);
      await sql('SELECT pg_reload_conf()');
    };
    const state = async () => (await sql('SELECT state, worker_pid FROM threefactor.status'))[0];
    await sql('CREATE EXTENSION threefactor');
    await sql('CREATE TABLE t (id integer)');
    await sql(`SELECT threefactor.create_event_trigger('t', 't', $1)`, [`${sink.url}/t`]);
    await sql('INSERT INTO t SELECT generate_series(1, $1::integer)', [kEvents]);
    const filler = `${path}/filler`;
    const { worker_pid } = await eventually('a worker', async () => (await state()).worker_pid && (await state()));

    await step('the worker waits: it posts each event once at most, and does not end', async () => {
      await run('dd', ['if=/dev/zero', `of=${filler}`, 'bs=4k']).catch(() => {}); // until it is full
      await set('on');
      await eventually('it says so', async () => (await state()).state === 'waits for room on disk');
      // It tries again, more than once.
      const tries = async () => ((await readFile(`${cluster.directory}/log`, 'utf8')).match(/the disk is full/g) ?? []).length;
      const transactions = async () => (await sql(`SELECT query_start FROM pg_stat_activity WHERE pid = $1`, [worker_pid]))[0]?.query_start;
      for (let tried = 0; tried < 3; tried++) {
        const before = String(await transactions());
        await eventually('another try', async () => String(await transactions()) !== before);
      }
      assert.equal(await tries(), 1);
      assert.deepEqual(await state(), { state: 'waits for room on disk', worker_pid });
      assert.equal(new Set(sink.received.map((call) => call.body.id)).size, sink.received.length);
    });

    await step('with room it goes on: each event once', async () => {
      await rm(filler);
      await eventually('all are settled', async () => {
        const [{ count }] = await sql(`SELECT count(*)::integer FROM threefactor.attempts WHERE outcome = 'delivered'`);
        return count === kEvents;
      });
      assert.equal(sink.received.length, kEvents);
      assert.deepEqual(await state(), { state: 'running', worker_pid });
      assert.match(await readFile(`${cluster.directory}/log`, 'utf8'), /threefactor: room on disk again/);
    });
  } finally {
    await sink.stop();
    await system.cluster.stop();
    await space.unmountAll();
  }
});
