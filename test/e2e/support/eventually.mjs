// Waiting for a condition: the only way in which tests wait.
import { setTimeout as pause } from 'node:timers/promises';

import { kPatience } from './sanitizers.mjs';

const kPauseMilliseconds = 20;
const kMostAtOnce = 5_000; // what is more was no time for anybody: the machine stood still

// Calls `condition` until it returns something truthy, and returns that. An exception of it counts as "not yet"; the last
// one is the cause of the error after `timeout`.
export async function eventually(what, condition, timeout = 30_000) {
  let left = timeout * kPatience;
  let cause;
  for (;;) {
    const begin = performance.now();
    try {
      const result = await condition();
      if (result) return result;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    if (left < 0) throw new Error(`${what}: not within ${timeout * kPatience} ms`, { cause });
    await pause(kPauseMilliseconds);
    left -= Math.min(performance.now() - begin, kMostAtOnce);
  }
}
