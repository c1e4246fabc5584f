// Waiting for a condition: the only way in which tests wait.
import { setTimeout as pause } from 'node:timers/promises';

import { kPatience } from './sanitizers.mjs';

const kPauseMilliseconds = 20;

// Calls `condition` until it returns something truthy, and returns that. An exception of it counts as "not yet"; the last
// one is the cause of the error after `timeout`.
export async function eventually(what, condition, timeout = 30_000) {
  const end = performance.now() + timeout * kPatience;
  let cause;
  for (;;) {
    try {
      const result = await condition();
      if (result) return result;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    if (performance.now() > end) throw new Error(`${what}: not within ${timeout * kPatience} ms`, { cause });
    await pause(kPauseMilliseconds);
  }
}
