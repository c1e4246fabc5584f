// The time of day of the servers, which a test makes wrong (clock.cpp).
import { execFile } from 'node:child_process';
import { open } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const kSource = fileURLToPath(new URL('clock.cpp', import.meta.url));

export class Clock {
  // Compiles the library into `directory`, which the servers can read.
  static async make(directory) {
    const clock = new Clock();
    clock.seconds = 0;
    const library = `${directory}/clock.so`;
    await promisify(execFile)('g++', ['-std=c++20', '-O2', '-shared', '-fPIC', '-o', library, kSource]);
    clock.file = await open(`${directory}/clock`, 'w', 0o644);
    clock.environment = { LD_PRELOAD: library, THREEFACTOR_CLOCK: `${directory}/clock` };
    await clock.jump(0);
    return clock;
  }

  async jump(seconds) {
    this.seconds += seconds;
    const offset = Buffer.alloc(8);
    offset.writeBigInt64LE(BigInt(this.seconds));
    await this.file.write(offset, 0, 8, 0);
  }

  async close() {
    await this.file.close();
  }
}
