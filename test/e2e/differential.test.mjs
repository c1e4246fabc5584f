// Random operations over a table with a column of every type, answered by the gateway and by SQL that the test writes itself
// (test/differential). SEED=n repeats them; DIFFERENTIAL_SECONDS=n goes on for
// so long instead of ending after ten thousand.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Differential } from '../differential/differential.mjs';
import { System } from './harness.mjs';
import { kPatience } from './support/sanitizers.mjs';

const kSeed = Number(process.env.SEED || Math.floor(Math.random() * 2 ** 31));
const kSeconds = Number(process.env.DIFFERENTIAL_SECONDS || 0);
const kOperations = 10_000;
const kLongest = 60; // seconds, where nothing is said: a busy machine runs fewer operations

test('the gateway answers what SQL answers, digit by digit', { timeout: (kSeconds + 600) * 1000 * kPatience }, async () => {
  console.log(`SEED=${kSeed}`);
  const system = await System.start({ app: false, gateway: false });
  const differential = new Differential(system, kSeed);
  try {
    await differential.prepare();
    await system.startGateway();
    const end = Date.now() + (kSeconds || kLongest) * 1000;
    const { counts } = differential;
    while (Date.now() < end && (kSeconds > 0 || counts.answered + counts.refused < kOperations)) await differential.step();
    await differential.sameRows();
    console.log(`${counts.answered} answered, ${counts.refused} refused by both`);
    assert.ok(counts.answered > counts.refused / 2, 'most operations are to be answered');
  } catch (error) {
    await system.printLogs();
    throw error;
  } finally {
    await differential.close();
    await system.stop();
  }
});
