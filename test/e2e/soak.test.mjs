// A short run of the soak (test/soak): committed = delivered, whatever is killed, full, late or wrong.
import { test } from 'node:test';

import { Round } from '../soak/round.mjs';

test('committed = delivered, whatever is killed', { timeout: 900_000 }, async () => {
  const seed = Number(process.env.SEED || Math.floor(Math.random() * 2 ** 31));
  console.error(`seed ${seed}`);
  console.error(await Round.run(seed));
});
