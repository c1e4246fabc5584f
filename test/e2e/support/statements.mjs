// Which statements the server ran, by pg_stat_statements.
import { eventually } from './eventually.mjs';

// Those of the listener, and of the tests themselves.
const kOrdinary = /threefactor\.changes|pg_stat_statements/;
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

  // The calls of statements that name `relation`.
  async of(relation) {
    let calls = 0;
    for (const [query, count] of await this.counts()) if (query.includes(`"${relation}"`)) calls += count;
    return calls;
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
