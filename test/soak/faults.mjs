// What is done to the system while writers write. Each fault ends when deliveries go on again. An *outage* is a time in which
// what is in flight may be posted again (ledger.mjs); a fault that is none must not repeat anything.
import { execFile } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

import { moment } from './moment.mjs';
import { flood } from './writers.mjs';

const run = promisify(execFile);
const kRotation = 1000; // milliseconds between two rotations of a worker
const kFlood = 30; // rounds for each worker: more than its queues hold

// Since the fault began: so many events have been accepted.
async function deliveriesGoOn(round, events = 60) {
  const before = round.ledger.accepted;
  await round.until('deliveries go on', () => round.ledger.accepted > before + events, 60_000);
}

async function pids(round, where) {
  return (await round.cluster.sql(`SELECT pid FROM pg_stat_activity WHERE ${where} ORDER BY pid`)).map(({ pid }) => pid);
}

const kWorkers = `application_name = 'threefactor delivery'`;
const workers = (round) => pids(round, kWorkers);

// There are some, and none of those `before`.
async function newWorkers(round, before = []) {
  return await round.until('new workers', async () => {
    const now = await workers(round);
    return now.length > 0 && !now.some((pid) => before.includes(pid)) && now;
  }, 60_000);
}

// What had been sent before has been read; now what is posted again has no excuse in it.
async function endOutage(round, outage) {
  await round.receiver.answers();
  round.ledger.endOutage(outage);
  round.forgetAcknowledged();
}

// `strike` takes the workers with it; afterwards there are others.
async function outage(round, what, strike) {
  const before = await newWorkers(round);
  const outage = round.ledger.beginOutage(what);
  await strike(before);
  await newWorkers(round, before);
  await endOutage(round, outage);
  await deliveriesGoOn(round);
}

// All workers have gone through all that they do.
async function workersComeBy(round) {
  const [{ now }] = await round.cluster.sql('SELECT clock_timestamp()::text AS now');
  await round.until('the workers come by', async () => {
    const rows = await round.cluster.sql(
      `SELECT state_change > $1::timestamptz AS since FROM pg_stat_activity WHERE ${kWorkers}`,
      [now],
    );
    return rows.length > 0 && rows.every(({ since }) => since);
  });
}

// SIGKILL; the victim may just have ended by itself.
function kill(pid, signal = 'SIGKILL') {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

// The process that writes the log to disk now and then, stopped where it holds no lock.
async function stopLogWriter(round) {
  const [pid] = await pids(round, `backend_type = 'walwriter'`);
  await round.until('the log writer is stopped at rest', async () => {
    kill(pid, 'SIGSTOP');
    const [{ wait_event: at }] = await round.cluster.sql(`SELECT wait_event FROM pg_stat_activity WHERE pid = $1`, [pid]);
    if (at !== 'WalWriterMain') kill(pid, 'SIGCONT');
    return at === 'WalWriterMain';
  });
}

async function standbyHasAll(round) {
  const { cluster: primary, standby } = round;
  const [{ lsn }] = await primary.sql('SELECT pg_current_wal_flush_lsn() AS lsn');
  await round.until('the standby has all', async () => {
    const [{ there }] = await standby.sql('SELECT pg_last_wal_receive_lsn() >= $1 AS there', [lsn]);
    return there;
  });
}

// Between two observations nothing is accepted any more.
async function atRest(round) {
  let before;
  await round.until('deliveries come to rest', async () => {
    const rests = round.ledger.accepted === before;
    before = round.ledger.accepted;
    await round.observed();
    return rests;
  }, 60_000);
}

// Nobody writes, and all is delivered.
async function rest(round) {
  await round.receiver.turn('good');
  await round.halt();
  await atRest(round);
}

// A checkpoint has been written that has all that happened before.
async function checkpointed(round) {
  const newest = async () => {
    const [row] = await round.cluster.sql('SELECT sequence, written_at::text FROM threefactor.checkpoint ORDER BY sequence DESC LIMIT 1');
    return JSON.stringify(row);
  };
  for (let left = 2; left > 0; --left) {
    const before = await newest();
    await round.until('a checkpoint', async () => (await newest()) !== before, 60_000);
  }
}

// Writers that were halted write again.
const refuse = async (round, mood, refused) => {
  const before = round.ledger.posts; // before: as few may come as there are places for
  await round.receiver.turn(mood);
  round.halted = false;
  await round.until(`requests to a ${mood} receiver`, () => round.ledger.posts >= before + refused, 60_000);
};

export const faults = {
  // While requests are in flight that have been so for longer than a checkpoint takes.
  'SIGKILL of a worker': async (round) => {
    await round.receiver.turn('limping');
    await checkpointed(round);
    await outage(round, 'worker', async (pids) => {
      kill(round.random.one(pids));
      await round.receiver.turn('wild');
    });
  },

  // Or of another process that does not end by itself; Postgres restarts all of them.
  'SIGKILL of a backend': (round) =>
    outage(round, 'backend', async () => {
      const others = `application_name NOT IN ('e2e', 'threefactor delivery') AND backend_type <> 'autovacuum worker'`;
      kill(round.random.one([...(await pids(round, `application_name = 'writer'`)), ...(await pids(round, others))]));
    }),

  'SIGTERM of the workers': (round) => outage(round, 'workers, SIGTERM', async (pids) => pids.forEach((pid) => kill(pid, 'SIGTERM'))),

  'SIGKILL of the server': (round) =>
    outage(round, 'server', async () => {
      await round.cluster.kill();
      await round.cluster.start();
    }),

  // Its children notice by themselves.
  'SIGKILL of the postmaster': (round) =>
    outage(round, 'postmaster', async () => {
      await round.cluster.killPostmaster();
      await round.cluster.start();
    }),

  // The work is divided anew. One that is only just coming would be taken for one of those who come afterwards.
  'another number of workers': async (round) => {
    const [{ now }] = await round.cluster.sql(`SELECT current_setting('threefactor.workers')::integer AS now`);
    await round.until('all workers are there', async () => (await workers(round)).length === now, 60_000);
    await outage(round, 'another number of workers', () =>
      round.set(round.cluster, 'threefactor.workers', round.random.one([1, 2, 3].filter((count) => count !== now))),
    );
  },

  'fast shutdown of the server': (round) =>
    outage(round, 'fast shutdown', async () => {
      await round.cluster.stop();
      await round.cluster.start();
    }),

  // What a power failure would undo: nobody writes the log to disk but who must. Commits are asynchronous, and from the first on
  // nothing is answered, so that no settlement brings them to disk. Nor does waiting for a standby, which flushes for its own sake.
  'power failure': async (round) => {
    const { cluster } = round;
    await round.set(cluster, 'threefactor.deliver_after', 'flush');
    await rest(round);
    round.asynchronous = true;
    await stopLogWriter(round);
    await outage(round, 'power failure', async () => {
      await refuse(round, 'hung', round.concurrency / 2);
      await cluster.kill();
      round.asynchronous = false;
      await round.receiver.turn('wild');
      await cluster.start();
    });
    if (round.replicated) await round.set(cluster, 'threefactor.deliver_after', 'replicated');
    await deliveriesGoOn(round);
  },

  // What can be seen to be settled survives. Nothing is written and so nothing claimed any more, which would flush the log.
  'power failure at rest': async (round) => {
    await round.receiver.turn('hung');
    await round.halt();
    await stopLogWriter(round);
    await round.receiver.turn('good');
    await atRest(round);
    await round.observe();
    await outage(round, 'power failure at rest', async () => {
      await round.cluster.kill();
      round.halted = false;
      await round.receiver.turn('wild');
      await round.cluster.start();
    });
  },

  'SIGKILL of the receiver': async (round) => {
    const outage = round.ledger.beginOutage('receiver');
    await round.receiver.kill();
    await round.receiver.restart();
    await endOutage(round, outage);
    await deliveriesGoOn(round);
  },

  'a receiver that refuses all': async (round) => {
    await refuse(round, 'bad', 150);
    await round.receiver.turn('wild');
    await deliveriesGoOn(round);
  },

  // Until no more can be in flight, then all are reset.
  'a receiver that hangs': async (round) => {
    await refuse(round, 'hung', round.concurrency / 2);
    await round.receiver.turn('wild');
    await deliveriesGoOn(round);
  },

  // Of one event trigger, which keeps its own place in the outbox, over a death of the workers too.
  'a pause': async (round) => {
    await round.cluster.sql(`SELECT threefactor.pause('slow')`);
    await deliveriesGoOn(round, 300);
    await checkpointed(round);
    await outage(round, 'worker, during a pause', async (pids) => kill(round.random.one(pids)));
    await round.cluster.sql(`SELECT threefactor.resume('slow')`);
    await deliveriesGoOn(round);
  },

  // Which ends while its place is within a transaction that fills all queues but its own, so that nobody else goes on reading.
  'a pause within a large transaction': async (round) => {
    await rest(round);
    await round.receiver.turn('hung');
    await round.cluster.sql(`SELECT threefactor.pause('slow')`);
    round.acknowledged += await flood(round.cluster, kFlood * (await workers(round)).length);
    await workersComeBy(round);
    await round.cluster.sql(`SELECT threefactor.resume('slow')`);
    await workersComeBy(round);
    round.halted = false;
    await round.receiver.turn('wild');
    await deliveriesGoOn(round);
  },

  // All else in it is settled, and the workers look at each partition again and again, when one after the other commits.
  'transactions outlast their partition': async (round) => {
    const sessions = await Promise.all([1, 2, 3].map(() => round.cluster.open()));
    try {
      for (const [n, session] of sessions.entries())
        await session.query(`BEGIN; INSERT INTO ledger (entry, kind, account) VALUES ('late ${n}', 'plain', 0)`);
      const [own] = (await sessions.at(-1).query('SELECT tableoid FROM threefactor.outbox WHERE xid = pg_current_xact_id()')).rows;
      await round.until('the outbox moves on', async () => {
        const [newest] = await round.cluster.sql('SELECT tableoid FROM threefactor.outbox ORDER BY xid DESC LIMIT 1');
        return newest && newest.tableoid !== own.tableoid;
      }, 60_000);
      await rest(round);
      const partitions = await round.cluster.sql(`SELECT FROM pg_inherits WHERE inhparent = 'threefactor.outbox'::regclass`);
      for (let left = partitions.length + 2; left > 0; --left) await workersComeBy(round);
      for (const session of sessions) {
        await pause(round.random.below(kRotation)); // any moment of a rotation
        await session.query('COMMIT');
        ++round.acknowledged;
      }
    } finally {
      round.halted = false;
      await Promise.all(sessions.map((session) => session.end().catch(() => {})));
    }
    await round.receiver.turn('wild');
    await deliveriesGoOn(round);
  },

  // Writers and workers fail until there is room again.
  'a full disk': async (round) => {
    const filler = `${round.space.of(round.cluster)}/filler`;
    const outage = round.ledger.beginOutage('full disk');
    const before = round.diskFull;
    await run('dd', ['if=/dev/zero', `of=${filler}`, 'bs=64k']).catch(() => {}); // until it is full
    await round.until('writers fail', () => {
      round.forgetAcknowledged(); // they do not wait for deliveries
      return round.diskFull >= before + 5;
    }, 60_000);
    await run('rm', [filler]);
    round.forgetAcknowledged();
    await deliveriesGoOn(round);
    await endOutage(round, outage);
  },

  // Of the time of day, back, and forward further; the monotonic clock goes on, as in reality. Retries wait for the time of
  // day that they were promised, however long it takes to come: so it does not stay back.
  'a jump of the clock': async (round) => {
    const seconds = round.random.one([600, 86400]);
    await round.clock.jump(-seconds);
    await deliveriesGoOn(round);
    await round.clock.jump(2 * seconds);
    await deliveriesGoOn(round);
  },

  // Where delivery waits for replication, the standby has what was posted and settled. Else it is made to miss the primary's last
  // commits: their keys must not come again.
  'promotion of the standby': async (round) => {
    const { cluster, standby, ledger } = round;
    await round.checkStandby();
    const promotion = ledger.beginOutage('promotion');
    if (!round.replicated) {
      await standbyHasAll(round);
      promotion.undoes = moment();
      await round.set(standby, 'primary_conninfo', '');
      await round.until('the stream has ended', async () => (await standby.sql('SELECT FROM pg_stat_wal_receiver')).length === 0);
      await deliveriesGoOn(round);
    }
    await cluster.kill();
    await round.receiver.answers();
    if (!round.replicated) ledger.forget(); // what the standby knows of it will be seen again, as soon as it is promoted
    await standby.promote();
    if (round.replicated) await round.set(standby, 'synchronous_standby_names', '');
    round.promoted();
    await newWorkers(round);
    await endOutage(round, promotion);
    await deliveriesGoOn(round);
  },
};

// The faults of a round, in its order: each once, as far as the machine allows them. `missing`: fault -> why it cannot be.
export function deal(random, missing) {
  const deck = Object.keys(faults).filter((name) => !missing.has(name));
  for (let last = deck.length - 1; last > 0; --last) {
    const other = random.below(last + 1);
    [deck[last], deck[other]] = [deck[other], deck[last]];
  }
  return deck;
}
