// One round of the soak: a cluster with a standby, a receiver, writers, and each fault once, in an order that the seed gives.
// Afterwards the rules are checked. Everything that is random comes from the seed; how processes interleave does not.
import { chmod, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { Cluster } from '../e2e/support/cluster.mjs';
import { eventually } from '../e2e/support/eventually.mjs';
import { Random } from '../e2e/support/random.mjs';
import { Clock } from './clock.mjs';
import { deal, faults } from './faults.mjs';
import { Ledger } from './ledger.mjs';
import { moment } from './moment.mjs';
import { Receiver } from './receiver.mjs';
import { Space } from './space.mjs';
import { Resolver, Writer } from './writers.mjs';

const kSchema = fileURLToPath(new URL('schema.sql', import.meta.url));
const kInterruptions = ['SIGINT', 'SIGTERM'];
const kWriters = 6;
const kLongWriters = 3;
const kConcurrency = 16;
const kMostWorkers = 3;
const kLook = 10; // milliseconds between two looks at the receiver's journal
const kLooksPerObservation = 20;
const kSilence = 1000; // looks without a request, after which nothing more is expected
// A request waits longer for its answer than a busy machine lets the receiver wait: the receiver sees no other failures than its own.
const kPolicy = '"backoff": "fixed", "interval": 0.1, "timeout": 600';
const kSequences = 2 ** 48; // attempt numbers of one worker
const kRetry = `{"attempts": 1000, ${kPolicy}}`;

// name -> [condition, retry, order_by]
const kTriggers = {
  every: [null, kRetry, null],
  slow: [`NEW.kind = 'slow'`, kRetry, null],
  ordered: [`NEW.kind = 'ordered'`, kRetry, '{account}'],
  fragile: [`NEW.kind = 'fragile'`, `{"attempts": 2, ${kPolicy}}`, null],
};

const kSettings = {
  'threefactor.concurrency': kConcurrency,
  'threefactor.outbox_partition_size': '1MB',
  'threefactor.retention': 0,
  max_prepared_transactions: 64,
  wal_keep_size: '1GB',
  wal_retrieve_retry_interval: '100ms',
  // Commits that are asynchronous stay so for long: until somebody flushes.
  wal_writer_delay: '10s',
  wal_writer_flush_after: '1GB',
};

// What the server and the extension said, of late: sessions say too much while a server starts or stops.
async function ownLines(cluster) {
  const lines = (await readFile(`${cluster.directory}/log`, 'utf8')).split('\n');
  return lines.filter((line) => / (postmaster|startup|threefactor \w+) /.test(line)).slice(-60);
}

export class Round {
  concurrency = kConcurrency;
  missing = new Map(); // fault -> why this machine does not allow it
  acknowledged = 0; // rows whose commit was acknowledged, or which were lost in a crash and are not waited for
  asynchronous = false; // all commits shall be, and nothing is prepared or decided, which flushes the log
  halted = false; // writers begin nothing
  writing = 0; // writers that have begun
  diskFull = 0; // writers that were told so
  sequences = new Map(); // worker -> of the newest attempt observed
  observations = 0;
  silence = 0; // looks since a request
  stopping = false;

  // Throws with the seed and what was violated; returns a line of figures.
  // `only`: what the names of its faults must contain.
  static async run(seed, { only = '', log = console.error } = {}) {
    const round = new Round();
    round.seed = seed;
    round.only = only;
    round.random = new Random(seed);
    round.log = log;
    round.begin = moment();
    round.directory = await mkdtemp(`${tmpdir()}/threefactor-soak-`);
    await chmod(round.directory, 0o755); // the server runs as another user when this is root
    const interrupted = () => round.end().finally(() => process.exit(1));
    for (const signal of kInterruptions) process.once(signal, interrupted);
    try {
      await round.prepare();
      await round.play();
      return await round.judge();
    } catch (error) {
      const logs = await Promise.all([round.lost, round.cluster].map((cluster) => cluster && ownLines(cluster)));
      const story = round.ledger?.outages.map(({ what, begin, end }) => `${round.since(begin)}..${end ? round.since(end) : ''} ${what}`);
      throw new Error(
        [error.message, `replay: make soak SEED=${seed} SECONDS=1${only && ` ONLY='${only}'`}`, ...(story ?? []), ...logs.flatMap((lines) => (lines ? ['-- Postgres', ...lines] : []))].join('\n'),
        { cause: error },
      );
    } finally {
      for (const signal of kInterruptions) process.off(signal, interrupted);
      await round.end();
    }
  }

  since(at) {
    return `${((at - this.begin) / 1e6).toFixed(2)} s`;
  }

  say(text) {
    this.log(`${this.since(moment()).padStart(9)}  ${text}`);
  }

  async prepare() {
    const { directory } = this;
    this.space = new Space();
    this.clock = await Clock.make(directory).catch((error) => {
      this.missing.set('a jump of the clock', `the library that makes it jump: ${error.message}`);
    });
    const workers = this.random.one([1, kMostWorkers]);
    // Before a commit's events are posted, the standby has it: every other round, since some faults can only be seen without.
    this.replicated = this.seed % 2 === 0;
    const settings = {
      ...kSettings,
      'threefactor.workers': workers,
      'threefactor.deliver_after': this.replicated ? 'replicated' : 'flush',
      synchronous_commit: this.random.one(['on', 'off']),
    };
    this.cluster = await Cluster.create(`${directory}/primary`, settings, this.clock?.environment);
    await this.makeSpace();
    this.receiver = await Receiver.start(`${directory}/journal`, this.seed);
    await this.cluster.psql(['-f', kSchema]);
    for (const [name, [condition, retry, order]] of Object.entries(kTriggers))
      await this.cluster.sql(
        `SELECT threefactor.create_event_trigger($1, 'ledger', $2, operations => '{INSERT}', condition => $3, retry => $4, order_by => $5)`,
        [name, `${this.receiver.url}/${name}`, condition, retry, order],
      );
    this.ledger = new Ledger({ workers: kMostWorkers, concurrency: kConcurrency, ordered: new Set(['ordered']) });
    this.standby = await this.cluster.replica(`${directory}/standby`, settings);
    if (this.replicated) await this.set(this.cluster, 'synchronous_standby_names', '*');
    this.say(`${workers} workers, synchronous_commit ${settings.synchronous_commit}, delivery after ${this.replicated ? 'replication' : 'flush'}`);
  }

  async set(cluster, setting, value) {
    await cluster.sql(`ALTER SYSTEM SET ${setting} = '${value}'`);
    await cluster.sql('SELECT pg_reload_conf()');
  }

  // The database moves to a small disk, and the standby's copy will be on one of its own.
  async makeSpace() {
    const { cluster } = this;
    try {
      const [{ directory }] = await cluster.sql(`SELECT setting AS directory FROM pg_settings WHERE name = 'data_directory'`);
      const { uid } = await stat(directory);
      const path = await this.space.mount(cluster.directory, uid);
      await this.space.mount(`${this.directory}/standby`, uid);
      await cluster.sql(`CREATE TABLESPACE small LOCATION '${path}'`, [], 'postgres');
      await cluster.sql('ALTER DATABASE food_ordering SET TABLESPACE small', [], 'postgres');
    } catch (error) {
      await this.space.unmountAll();
      this.missing.set('a full disk', `a tmpfs cannot be mounted here: ${error.message.trim()}`);
    }
  }

  async play() {
    for (const [fault, reason] of this.missing) this.say(`left out: ${fault}: ${reason}`);
    const names = [...Array(kWriters + kLongWriters).keys()];
    this.writers = names.map((name) => new Writer(this, String(name), name >= kWriters).run());
    this.resolver = new Resolver(this);
    this.watching = this.watch();
    try {
      for (const fault of deal(this.random, this.missing).filter((name) => name.includes(this.only))) {
        this.say(fault);
        await faults[fault](this);
        this.refuseViolations();
      }
    } finally {
      this.stopping = true;
      await Promise.all(this.writers);
    }
  }

  // Follows the receiver and the settlements, and decides what is prepared.
  async watch() {
    for (let look = 0; !this.ended; ++look) {
      this.look();
      if (look % kLooksPerObservation === 0) {
        await this.observe().catch(() => {}); // the server is down
        if (!this.asynchronous && (!this.halted || this.writing > 0)) await this.resolver.resolve().catch(() => {});
        ++this.observations;
      }
      await pause(kLook);
    }
  }

  // The watcher has come by again.
  async observed() {
    const before = this.observations;
    await this.until('an observation', () => this.observations > before + 1);
  }

  // No transaction is open or prepared.
  async halt() {
    this.halted = true;
    await this.until('writers stand still', () => this.writing === 0);
    await this.decideAll();
  }

  async decideAll() {
    await eventually('all prepared transactions are decided', async () => {
      await this.resolver.resolve(true);
      return (await this.cluster.sql('SELECT FROM pg_prepared_xacts')).length === 0;
    });
  }

  // As `eventually`, but ends with the first violation.
  async until(what, condition, timeout) {
    const result = await eventually(what, () => this.ledger.violations.length > 0 || condition(), timeout);
    this.refuseViolations();
    return result;
  }

  look() {
    const calls = this.receiver.read();
    for (const call of calls) this.ledger.post(call);
    this.silence = calls.length > 0 ? 0 : this.silence + 1;
  }

  // What can be seen to be settled is settled for good.
  async observe() {
    const { ledger, cluster } = this;
    const workers = [...Array(kMostWorkers).keys()];
    const rows = await cluster.sql(
      `SELECT sequence::float8, (sequence >> 48)::integer AS worker, idempotency_key AS key
       FROM unnest($1::bigint[], $2::bigint[]) AS range (seen, last) JOIN threefactor.attempt ON sequence > seen AND sequence < last
       WHERE outcome IN ('delivered', 'dead')`,
      [workers.map((worker) => this.sequences.get(worker) ?? worker * kSequences), workers.map((worker) => (worker + 1) * kSequences)],
    );
    if (cluster !== this.cluster) return; // another one has been promoted
    for (const { worker, sequence } of rows) this.sequences.set(worker, Math.max(this.sequences.get(worker) ?? 0, sequence));
    ledger.settle(rows.map(({ key }) => `"${key}"`));
  }

  // A crash may have undone what was acknowledged.
  forgetAcknowledged() {
    this.acknowledged = this.ledger.accepted;
  }

  async checkStandby() {
    const rows = await this.standby.sql(`SELECT backend_type FROM pg_stat_activity WHERE application_name LIKE 'threefactor delivery%'`);
    if (rows.length > 0) this.ledger.violated('no standby delivers', `${rows.length} workers run on it`);
  }

  promoted() {
    this.lost = this.cluster;
    this.cluster = this.standby;
    this.standby = undefined;
    this.sequences.clear();
  }

  async judge() {
    const { ledger, cluster } = this;
    await this.receiver.turn('good');
    await this.decideAll();
    const rows = await cluster.sql('SELECT entry, kind FROM ledger');
    const expected = rows.flatMap(({ entry, kind }) => [`every ${entry}`, ...(kind in kTriggers ? [`${kind} ${entry}`] : [])]);
    this.say(`${rows.length} entries committed; waiting for their deliveries`);
    let dead = new Set();
    this.silence = 0;
    await eventually(
      'all is delivered, or nothing more comes',
      async () => {
        if (this.silence > kSilence) return true;
        if (ledger.outstanding(expected, dead).length > 0) dead = await this.deadLetters();
        return ledger.outstanding(expected, dead).length === 0;
      },
      120_000,
    );
    this.say('delivered; what is left over?');
    ledger.close(expected, dead);
    if (ledger.violations.length === 0) await this.nothingIsLeftOver();
    await this.readLogs();
    this.refuseViolations();
    const { deliveries, posts, repeats, outages } = ledger;
    return `${rows.length} entries, ${deliveries.size} deliveries, ${dead.size} dead letters, ${posts} requests, ${repeats} repeats in ${outages.length} outages`;
  }

  refuseViolations() {
    if (this.ledger.violations.length > 0) throw new Error(this.ledger.report().join('\n'));
  }

  async deadLetters() {
    const rows = await this.cluster.sql(`SELECT event_trigger, new_row ->> 'entry' AS entry FROM threefactor.dead_letters`);
    return new Set(rows.map(({ event_trigger: trigger, entry }) => `${trigger} ${entry}`));
  }

  async nothingIsLeftOver() {
    const empty = async (what, text) => eventually(what, async () => (await this.cluster.sql(text)).length === 0, 60_000);
    await empty('nothing is retrying', `SELECT FROM threefactor.parked WHERE state = 'retrying'`);
    await empty(
      'the outbox empties itself but for one partition',
      `SELECT FROM pg_inherits WHERE inhparent = 'threefactor.outbox'::regclass AND pg_relation_size(inhrelid) > 0 OFFSET 1`,
    );
  }

  // A server that crashed by itself, or a worker that failed where nothing was done to it.
  async readLogs() {
    for (const cluster of [this.cluster, this.lost]) {
      if (!cluster) continue;
      const lines = (await readFile(`${cluster.directory}/log`, 'utf8')).split('\n');
      const unexpected = lines.filter(
        (line) =>
          /PANIC:|TRAP:|terminated by signal (?!9\b)/.test(line) ||
          (/threefactor (delivery|launcher) /.test(line) && /ERROR:|WARNING:/.test(line) && !/No space left|terminating connection/.test(line)),
      );
      for (const line of unexpected) this.ledger.violated('the server does not fail by itself', line);
    }
  }

  end() {
    return (this.ending ??= this.clear());
  }

  async clear() {
    this.ended = this.stopping = true;
    await this.watching;
    await this.receiver?.stop();
    await this.clock?.close();
    for (const cluster of [this.cluster, this.standby, this.lost]) {
      await cluster?.kill().catch(() => {}); // it may be down; some of its processes may be stopped
      await cluster?.destroy().catch(() => {});
    }
    await this.space?.unmountAll();
    await rm(this.directory, { recursive: true, force: true });
  }
}
