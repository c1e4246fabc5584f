// Which statements the server ran, by pg_stat_statements.
import { eventually } from './eventually.mjs';

// Those of the listener and of the worker, and of the tests themselves.
const kOrdinary = /threefactor\.|pg_stat_statements/;
const kLooks = 30; // each takes more than 30 ms
const kSweep = /threefactor\.changes/;

export class Statements {
  // `sql` runs in a database that has pg_stat_statements; it counts for all of the cluster.
  constructor(sql, database) {
    this.sql = sql;
    this.database = database;
  }

  // Text -> calls.
  async counts() {
    const rows = await this.sql(
      `SELECT query, sum(calls)::int AS calls FROM pg_stat_statements
       WHERE dbid = (SELECT oid FROM pg_database WHERE datname = coalesce($1, current_database())) GROUP BY query`,
      [this.database],
    );
    return new Map(rows.map(({ query, calls }) => [query, calls]));
  }

  // What ran between two counts, but for what is always there.
  static between(before, after) {
    const ran = {};
    for (const [query, calls] of after) {
      const more = calls - (before.get(query) ?? 0);
      if (more > 0 && !kOrdinary.test(query)) ran[query] = more;
    }
    return ran;
  }

  static sweeps(counts) {
    return [...counts].reduce((sum, [query, calls]) => sum + (kSweep.test(query) ? calls : 0), 0);
  }

  // The calls of statements that name `relation`; empty: of all but the ordinary.
  async of(relation) {
    let calls = 0;
    for (const [query, count] of await this.counts()) {
      if (!kOrdinary.test(query) && (relation === '' || query.includes(`"${relation}"`))) calls += count;
    }
    return calls;
  }

  // Waits until statements that name `relation` run again and again.
  async goOn(relation) {
    const before = await this.of(relation);
    await eventually(`statements on ${relation} go on`, async () => (await this.of(relation)) > before + 3);
  }

  // Waits until none that name `relation` (empty: none at all) have run for some time: a second or more.
  async pause(relation) {
    let latest;
    let same = 0;
    await eventually(`statements on ${relation} pause`, async () => {
      const calls = await this.of(relation);
      same = calls === latest ? same + 1 : 0;
      latest = calls;
      return same === kLooks;
    });
  }

  // Waits until the listener has swept `times` more; returns the counts then.
  async afterSweeps(times) {
    const before = Statements.sweeps(await this.counts());
    return await eventually(
      'sweeps of the listener',
      async () => {
        const counts = await this.counts();
        return Statements.sweeps(counts) >= before + times && counts;
      },
      20_000,
    );
  }
}
