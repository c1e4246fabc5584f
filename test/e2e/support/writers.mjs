// Sessions that write at random to the tables of live_queries.sql, in every way that Postgres offers. What each does is
// fixed by its seed; how they interleave is not.
import { pg } from '../../clients/clients.mjs';
import { Random } from './random.mjs';

// Statements of a transaction.
const kStatements = [
  (r) => `INSERT INTO orders VALUES (${r.below(20)}, ${r.below(4)}, 'v${r.below(100)}') ON CONFLICT (id) DO UPDATE SET v = excluded.v`,
  (r) => `UPDATE orders SET who = ${r.below(4)} WHERE id = ${r.below(20)}`,
  (r) => `UPDATE orders SET v = 'u${r.below(100)}' WHERE who = ${r.below(4)}`,
  (r) => `UPDATE orders SET id = ${r.below(20)} WHERE id = ${r.below(20)}`, // cascades
  (r) => `DELETE FROM orders WHERE id = ${r.below(20)}`, // cascades
  (r) => `INSERT INTO items (order_id, n) SELECT id, ${r.below(100)} FROM orders WHERE id = ${r.below(20)}`,
  (r) => `DELETE FROM items WHERE n < ${r.below(30)}`,
  (r) => `INSERT INTO parts VALUES (${r.below(10)}, ${1 + r.below(2)}, ${r.below(100)}) ON CONFLICT DO NOTHING`,
  (r) => `UPDATE parts SET v = ${r.below(100)} WHERE id = ${r.below(10)}`,
  (r) => `UPDATE parts SET k = 3 - k WHERE id = ${r.below(10)}`, // moves to another partition
  (r) => `DELETE FROM parts WHERE id = ${r.below(10)} AND k = ${1 + r.below(2)}`,
  (r) => `INSERT INTO parts2 VALUES (${r.below(10)}, 2, ${r.below(9)}) ON CONFLICT DO NOTHING`,
  (r) => `UPDATE parts2_low SET v = ${r.below(9)}`,
  (r) => `INSERT INTO old_notes VALUES (${r.below(9)}, 'o${r.below(9)}') ON CONFLICT (id) DO UPDATE SET text = excluded.text`,
  (r) => `INSERT INTO notes VALUES (${r.below(9)}, 'n${r.below(9)}') ON CONFLICT DO NOTHING`,
  (r) => `DELETE FROM notes WHERE id = ${r.below(9)}`,
  (r) => `INSERT INTO inbox VALUES (${r.below(9)}, 'i${r.below(9)}')`,
  (r) => `INSERT INTO named VALUES (${r.below(20)}, ${r.below(4)}, 'w') ON CONFLICT (id) DO NOTHING`,
  (r) => `UPDATE named SET v = 'x${r.below(9)}' WHERE id = ${r.below(20)}`,
  (r) => `WITH gone AS (DELETE FROM orders WHERE id = ${r.below(20)} RETURNING id) INSERT INTO parts SELECT id % 10, 1, 7 FROM gone ON CONFLICT DO NOTHING`,
  (r) => `MERGE INTO orders o USING (VALUES (${r.below(20)}), (${r.below(20)})) AS s (id) ON o.id = s.id
          WHEN MATCHED THEN UPDATE SET v = 'm${r.below(9)}' WHEN NOT MATCHED THEN INSERT VALUES (s.id, ${r.below(4)}, 'm')`,
  (r) => `EXPLAIN (ANALYZE, TIMING off) UPDATE orders SET v = 'e${r.below(9)}' WHERE who = ${r.below(4)}`,
  (r) => `PREPARE change AS UPDATE orders SET v = $1 WHERE who = ${r.below(4)}; EXECUTE change('p${r.below(9)}'); DEALLOCATE change`,
  () => `TRUNCATE items`,
  () => `TRUNCATE parts1`,
  () => `TRUNCATE parts2`,
  () => `TRUNCATE ONLY notes`,
  (r) => (r.below(4) ? 'SELECT' : 'TRUNCATE orders CASCADE'),
  (r) => `COPY orders FROM PROGRAM 'echo "${r.below(20)},${r.below(4)},copied"' (FORMAT csv)`, // often a duplicate key
  (r) => `COPY items (order_id, n) FROM PROGRAM 'echo ${r.below(20)},${r.below(100)}' (FORMAT csv)`,
  (r) => `REFRESH MATERIALIZED VIEW ${r.below(2) ? 'CONCURRENTLY ' : ''}summary`,
  (r) => `SET LOCAL session_replication_role = replica; UPDATE orders SET v = 'r${r.below(100)}' WHERE id = ${r.below(20)};
          SET LOCAL session_replication_role = origin`,
  (r) => `SET LOCAL synchronous_commit = off; UPDATE orders SET v = 'a${r.below(100)}' WHERE id = ${r.below(20)}`,
  (r) => `SAVEPOINT s; UPDATE orders SET v = 'undone'; ROLLBACK TO s; UPDATE items SET n = n + 1 WHERE id % 3 = ${r.below(3)}`,
  (r) => `SAVEPOINT s; UPDATE items SET n = n + 1 WHERE id % 5 = ${r.below(5)}; RELEASE s`,
  (r) => `DO $$ BEGIN
            BEGIN UPDATE orders SET v = 'undone' WHERE id = ${r.below(20)}; RAISE EXCEPTION 'x'; EXCEPTION WHEN OTHERS THEN NULL; END;
            EXECUTE 'UPDATE items SET n = n + 1 WHERE id % 3 = ${r.below(3)}';
          END $$`,
];

// Statements that end transactions of their own.
const kAlone = [
  (r) => `CALL rename_in_steps(${r.below(4)}, 'c${r.below(9)}')`,
  () => 'VACUUM FULL items',
  () => 'CLUSTER orders USING orders_pkey',
];

export class Writer {
  constructor(url, seed) {
    this.url = url;
    this.random = new Random(seed);
    this.name = `writer${seed}`;
    this.prepared = 0;
    this.committed = 0;
  }

  // One transaction at random. Errors of the statements belong to the game; a lost connection is opened again.
  async write() {
    try {
      if (!this.client) await this.connect();
      await this.transaction(this.client);
      ++this.committed;
    } catch {
      await this.client?.query('ROLLBACK').catch(() => this.drop());
    }
  }

  async transaction(client) {
    const random = this.random;
    if (random.below(25) === 0) return await client.query(random.one(kAlone)(random));
    const statements = Array.from({ length: 1 + random.below(3) }, () => random.one(kStatements)(random)).join('; ');
    const end = random.below(16);
    if (end === 0) return await this.inTwoPhases(client, statements);
    await client.query(`BEGIN; ${statements}; ${end < 3 ? 'ROLLBACK' : 'COMMIT'}`);
  }

  async inTwoPhases(client, statements) {
    const gid = `${this.name}-${++this.prepared}`;
    await client.query(`BEGIN; ${statements}; PREPARE TRANSACTION '${gid}'`);
    await client.query(`${this.random.below(3) ? 'COMMIT' : 'ROLLBACK'} PREPARED '${gid}'`);
  }

  async connect() {
    const client = new pg.Client({ connectionString: this.url, application_name: this.name });
    client.on('error', () => {}); // a kill while idle: the next transaction finds out
    await client.connect();
    this.client = client;
  }

  drop() {
    this.client?.end().catch(() => {});
    this.client = undefined;
  }
}
