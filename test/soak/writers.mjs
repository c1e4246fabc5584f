// Sessions that write to the ledger: transactions that commit, roll back, roll back to savepoints, fail in one statement, take
// long, come in bulk, or are prepared and decided later, perhaps after a crash. What each does is fixed by the seed; how they interleave is not.
import { setTimeout as pause } from 'node:timers/promises';

import { pg } from '../clients/clients.mjs';
import { Random } from '../e2e/support/random.mjs';

const kAccounts = 8;
const kBulk = 700; // more rows than one claim takes
const kMostOutstanding = 1000; // events ahead of their delivery
const kPause = 20; // milliseconds between two looks at a condition
const kRest = 20; // at most, between two transactions: writers leave the machine to the others
const kDiskFull = '53100';
const kRefused = ['23503', 'TF000'];
const kShortest = 500; // milliseconds that a long transaction takes
const kLongest = 2500;

export class Writer {
  // `round`: {cluster, seed, ledger, acknowledged, asynchronous, halted, writing, diskFull}. `long`: its transactions take long.
  constructor(round, name, long) {
    this.round = round;
    this.name = name;
    this.long = long;
    this.random = Random.of(round.seed, `writer ${name}`);
    this.entries = 0;
    this.prepared = 0;
  }

  async run() {
    while (!this.round.stopping) {
      try {
        await this.connect();
        while (!this.round.stopping) await this.next();
      } catch (error) {
        if (error.code === kDiskFull) ++this.round.diskFull;
        await pause(kPause); // the server was killed, or its disk is full: again
      } finally {
        await this.client?.end().catch(() => {});
      }
    }
  }

  async connect() {
    this.client = new pg.Client({ connectionString: this.round.cluster.url(), application_name: 'writer', options: '-c log_min_messages=fatal' });
    this.client.on('error', () => {});
    await this.client.connect();
  }

  async next() {
    const { round } = this;
    const mustWait = () => round.halted || round.acknowledged - round.ledger.accepted > kMostOutstanding;
    await pause(this.random.below(kRest));
    while (mustWait() && !round.stopping) await pause(kPause);
    ++round.writing;
    try {
      await this.transaction();
    } finally {
      --round.writing;
    }
  }

  async transaction() {
    const { random, client } = this;
    await client.query('BEGIN');
    const rows = await this.changes();
    if (random.below(4) === 0) return await client.query('ROLLBACK');
    if (random.below(8) === 0 && !this.round.asynchronous) return await this.prepare();
    const asynchronous = random.below(2) === 0 || this.round.asynchronous;
    await client.query(`SET LOCAL synchronous_commit = ${asynchronous ? 'off' : 'on'}; COMMIT`);
    this.round.acknowledged += rows;
  }

  // How many rows the transaction leaves.
  async changes() {
    const { random } = this;
    const dice = random.below(100);
    if (this.long) return (await this.insert()) + (await this.linger()) + (await this.insert());
    if (dice === 0) return await this.bulk();
    if (dice < 20) return await this.ordered();
    if (dice < 40) return (await this.undone()) + (await this.insert());
    let rows = 0;
    for (let left = 1 + random.below(3); left > 0; --left) rows += await this.insert();
    return rows;
  }

  async insert(kind = this.random.one(['plain', 'plain', 'plain', 'slow', 'fragile'])) {
    const { random } = this;
    await this.client.query('INSERT INTO ledger (entry, kind, account, text) VALUES ($1, $2, $3, $4)', [
      this.nextEntry(),
      kind,
      random.below(kAccounts),
      'x'.repeat(random.below(2000)),
    ]);
    return 1;
  }

  // In a subtransaction that is rolled back: after a statement that worked, or by one that failed when its row was captured.
  async undone() {
    await this.client.query('SAVEPOINT here');
    await this.insert();
    const [account, owner] = this.random.one([[0, null], [-1, null], [0, -1]]);
    if (account < 0 || owner < 0) {
      const twoRows = `INSERT INTO ledger (entry, kind, account, owner) VALUES ($1, 'plain', 0, NULL), ($2, 'plain', $3, $4)`;
      await this.client.query(twoRows, [this.nextEntry(), this.nextEntry(), account, owner]).catch((error) => {
        if (!kRefused.includes(error.code)) throw error;
      });
    }
    await this.client.query('ROLLBACK TO here');
    return 0;
  }

  async ordered() {
    await this.client.query(
      `WITH counted AS (UPDATE account SET changes = changes + 1 WHERE account = $2 RETURNING account, changes)
       INSERT INTO ledger (entry, kind, account, number) SELECT $1, 'ordered', account, changes FROM counted`,
      [this.nextEntry(), this.random.below(kAccounts)],
    );
    return 1;
  }

  async bulk() {
    await this.client.query(
      `INSERT INTO ledger (entry, kind, account) SELECT $1 || '.' || n, 'plain', n % $2 FROM generate_series(1, $3) AS n`,
      [this.nextEntry(), kAccounts, kBulk],
    );
    return kBulk;
  }

  // Longer than the outbox takes to move on to its next partition.
  async linger() {
    await pause(kShortest + this.random.below(kLongest - kShortest));
    return 0;
  }

  // Sometimes left to the resolver.
  async prepare() {
    const gid = `${this.name}.${++this.prepared}`;
    await this.client.query(`PREPARE TRANSACTION '${gid}'`);
    if (this.random.below(2)) await this.client.query(decision(this.random, gid));
  }

  nextEntry() {
    return `${this.name}.${++this.entries}`;
  }
}

// One transaction with `rounds` entries of each kind and account.
export async function flood(cluster, rounds) {
  const rows = await cluster.sql(
    `WITH counted AS (UPDATE account SET changes = changes + $1 RETURNING account, changes)
     INSERT INTO ledger (entry, kind, account, number)
     SELECT concat_ws('.', 'flood', kind, account, round), kind, account, CASE kind WHEN 'ordered' THEN changes - $1 + round END
     FROM counted, generate_series(1, $1::integer) AS round, unnest('{slow,ordered,fragile}'::text[]) AS kind
     ORDER BY round
     RETURNING 1`,
    [rounds],
  );
  return rows.length;
}

const decision = (random, gid) => `${random.below(3) ? 'COMMIT' : 'ROLLBACK'} PREPARED '${gid}'`;

// Decides what was left prepared, each time some of it; at the end all.
export class Resolver {
  constructor(round) {
    this.round = round;
    this.random = Random.of(round.seed, 'resolver');
  }

  async resolve(all = false) {
    const { cluster } = this.round;
    for (const { gid } of await cluster.sql('SELECT gid FROM pg_prepared_xacts')) {
      // Its writer may be about to decide itself: then it is gone.
      if (all || this.random.below(3) === 0) await cluster.sql(decision(this.random, gid)).catch(() => {});
    }
  }
}
