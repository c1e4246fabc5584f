// The scripts that make and start a private cluster, as they are used by hand.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { Cluster } from './support/cluster.mjs';

const run = promisify(execFile);
const kConformance = fileURLToPath(new URL('../support/conformance.sh', import.meta.url));
const kScript = fileURLToPath(new URL('../support/cluster.sh', import.meta.url));

test('a private cluster', { timeout: 300_000 }, async (context) => {
  const directory = await mkdtemp(`${tmpdir()}/threefactor-`);
  await chmod(directory, 0o755);
  const cluster = await Cluster.create(`${directory}/cluster`);
  const start = (...settings) => run(kScript, ['start', cluster.directory, ...settings], { env: { ...process.env, PATH: `${cluster.directory}/tree/bin:${process.env.PATH}` } });
  try {
    await context.test('gives its server the variables that conformance cases ask for, also as root', async () => {
      // In place of the suite: what the server's children have.
      const commands = ['CREATE TEMP TABLE environment (line text)', `COPY environment FROM PROGRAM 'env'`, `SELECT line FROM environment WHERE line ~ 'EVENT_WEBHOOK_HEADER|WEBHOOK_FROM_ENV'`];
      await writeFile(`${directory}/hasura_suite.py`, `psql -XqAt "$DATABASE_URL" ${commands.map((each) => `-c "${each}"`).join(' ')}`);
      const { stdout } = await run(kConformance, [directory], { env: { ...process.env, PYTHON: 'bash' } });
      assert.deepEqual(stdout.trim().split('\n').sort(), ['EVENT_WEBHOOK_HEADER=MyEnvValue', 'WEBHOOK_FROM_ENV=http://127.0.0.1:5592']);
    });
    await context.test('starts with its own programs on PATH', async () => {
      await cluster.stop();
      await start();
      assert.deepEqual(await cluster.sql('SELECT 1 AS one'), [{ one: 1 }]);
    });
    await context.test('says why it does not start', async () => {
      await cluster.stop();
      await assert.rejects(start(String(cluster.port), 'shared_buffers=nonsense'), ({ stderr }) => /did not start/.test(stderr) && /shared_buffers/.test(stderr));
    });
    await context.test('also where the server cannot be run at all, and has no log', async () => {
      await rm(`${cluster.directory}/tree/bin/postgres`);
      await assert.rejects(start(String(cluster.port)), ({ stderr }) => /did not start/.test(stderr) && /"postgres"/.test(stderr));
    });
  } finally {
    await cluster.destroy();
    await rm(directory, { recursive: true, force: true });
  }
});
