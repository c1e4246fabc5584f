// The receiver's process as the soak sees it: its mood, its death, and what its journal says it did.
import { closeSync, openSync, readSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { eventually } from '../e2e/support/eventually.mjs';
import { freePort, Process } from '../e2e/support/process.mjs';

const kProgram = fileURLToPath(new URL('receiver_process.mjs', import.meta.url));
const kChunk = Buffer.alloc(1 << 20);

export class Receiver {
  static async start(journal, seed) {
    const receiver = new Receiver();
    receiver.port = await freePort();
    receiver.url = `http://127.0.0.1:${receiver.port}`;
    receiver.journal = journal;
    receiver.seed = seed;
    receiver.mood = 'wild';
    receiver.rest = '';
    await receiver.restart();
    receiver.file = openSync(journal, 'r');
    return receiver;
  }

  async restart() {
    this.process = new Process('receiver', process.execPath, [kProgram, this.port, this.seed, this.journal, this.mood].map(String));
    await eventually('the receiver listens', () => this.process.output.includes('ready') || !this.process.running);
    if (!this.process.running) throw new Error(`the receiver ended:\n${this.process.output}`);
  }

  async turn(mood) {
    this.mood = mood;
    await fetch(`${this.url}/mood`, { method: 'POST', body: mood });
  }

  // It has read what was sent to it before.
  async answers() {
    await this.turn(this.mood);
  }

  async kill() {
    await this.process.stop('SIGKILL');
  }

  // What it did since the last look.
  read() {
    const calls = [];
    for (;;) {
      const length = readSync(this.file, kChunk);
      if (length === 0) return calls;
      const lines = (this.rest + kChunk.toString('latin1', 0, length)).split('\n');
      this.rest = lines.pop();
      for (const line of lines) calls.push(JSON.parse(line));
    }
  }

  async stop() {
    await this.kill();
    closeSync(this.file);
  }
}
