// A child process whose output is kept.
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';

import { eventually } from './eventually.mjs';
import { kSanitized, sanitizerReport } from './sanitizers.mjs';

export class Process {
  // `environment` is added to this process's own.
  constructor(name, program, args, environment = {}) {
    this.name = name;
    this.output = '';
    this.child = spawn(program, args, { env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => (this.output += text));
    }
    // 'close', not 'exit': then all output is here.
    this.exited = new Promise((resolve, reject) => {
      this.child.on('error', reject);
      this.child.on('close', (code, signal) => resolve({ code, signal }));
    });
    this.exited.catch(() => {}); // whoever awaits it is told
  }

  get running() {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  // Until GET /healthz on `port` answers 200; fails as soon as the process ends.
  async healthy(port) {
    await eventually(`${this.name} serves`, async () => {
      if (!this.running) return true;
      return (await fetch(`http://127.0.0.1:${port}/healthz`)).ok;
    });
    if (!this.running) throw new Error(`${this.name} ended:\n${this.output}`);
  }

  async stop(signal = 'SIGTERM') {
    if (this.running) this.child.kill(signal);
    const ended = await this.exited;
    const report = sanitizerReport(this.output);
    if (report) throw new Error(`${this.name}: ${report}`);
    return ended;
  }

  // At the end of a test. Leaks are looked for when a program ends by itself, which it has to do well.
  async end() {
    if (!kSanitized) return await this.stop('SIGKILL');
    const ran = this.running;
    const { code, signal } = await this.stop();
    if (ran && code !== 0) throw new Error(`${this.name} ended with ${code ?? signal}:\n${this.output}`);
  }
}

// A port that nothing listens on. Below the range that the kernel gives to outgoing connections: one of those could have
// taken it by the time a killed server is started again.
export async function freePort() {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    const server = createServer();
    const free = await new Promise((resolve) => {
      server.on('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!free) continue;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }
}
