// The soak: rounds until the time is over, one at least. A round that fails ends it, and prints the seed that replays it.
//   main.mjs [--seconds=N] [--seed=N] [--only=TEXT: only faults whose names contain it]
import { parseArgs } from 'node:util';

import { moment } from './moment.mjs';
import { Round } from './round.mjs';

const text = (value) => ({ type: 'string', default: value });
const { values } = parseArgs({ options: { seconds: text('600'), seed: text(''), only: text('') } });
const begin = moment();
let seed = values.seed === '' ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);
for (let round = 1; round === 1 || moment() - begin < Number(values.seconds) * 1e6; ++round, ++seed) {
  console.log(`round ${round}, seed ${seed}`);
  try {
    console.log(await Round.run(seed, { only: values.only }));
  } catch (error) {
    console.error(`round ${round}, seed ${seed}: FAILED\n${error.message}`);
    process.exit(1);
  }
}
