// What is done to the system while writers write. Each fault ends when deliveries go on again. An *outage* is a time in which
// what is in flight may be posted again (ledger.mjs); a fault that is none must not repeat anything.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { eventually } from '../e2e/support/eventually.mjs';
import { moment } from './moment.mjs';

const run = promisify(execFile);

// Since the fault began: so many events have been accepted.
async function deliveriesGoOn(round, events = 60) {
  const before = round.ledger.accepted;
  await eventually('deliveries go on', () => round.ledger.accepted > before + events, 60_000);
}

async function pids(round, where) {
  return (await round.cluster.sql(`SELECT pid FROM pg_stat_activity WHERE ${where} ORDER BY pid`)).map(({ pid }) => pid);
}

const kWorkers = `application_name = 'threefactor delivery'`;
const workers = (round) => pids(round, kWorkers);

// `strike` takes the workers with it; afterwards there are others.
async function outage(round, what, strike) {
  const before = new Set(await eventually('a worker', async () => (await workers(round)).map(String)));
  const outage = round.ledger.beginOutage(what);
  await strike([...before].map(Number));
  const fresh = (pid) => !before.has(String(pid));
  await eventually('new workers', async () => (await workers(round)).length > 0 && (await workers(round)).every(fresh), 60_000);
  round.ledger.endOutage(outage);
  round.forgetAcknowledged();
  await deliveriesGoOn(round);
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
  await eventually('the log writer is stopped at rest', async () => {
    kill(pid, 'SIGSTOP');
    const [{ wait_event: at }] = await round.cluster.sql(`SELECT wait_event FROM pg_stat_activity WHERE pid = $1`, [pid]);
    if (at !== 'WalWriterMain') kill(pid, 'SIGCONT');
    return at === 'WalWriterMain';
  });
}

async function standbyHasAll(primary, standby) {
  const [{ lsn }] = await primary.sql('SELECT pg_current_wal_flush_lsn() AS lsn');
  await eventually('the standby has all', async () => {
    const [{ there }] = await standby.sql('SELECT pg_last_wal_receive_lsn() >= $1 AS there', [lsn]);
    return there;
  });
}

// Between two observations nothing is accepted any more.
async function atRest(round) {
  let before;
  await eventually('deliveries come to rest', async () => {
    const rests = round.ledger.accepted === before;
    before = round.ledger.accepted;
    await round.observed();
    return rests;
  }, 60_000);
}

// A checkpoint has been written that has all that happened before.
async function checkpointed(round) {
  const newest = async () => {
    const [row] = await round.cluster.sql('SELECT sequence, written_at::text FROM threefactor.checkpoint ORDER BY sequence DESC LIMIT 1');
    return JSON.stringify(row);
  };
  for (let left = 2; left > 0; --left) {
    const before = await newest();
    await eventually('a checkpoint', async () => (await newest()) !== before, 60_000);
  }
}

const refuse = async (round, mood, refused) => {
  await round.receiver.turn(mood);
  const before = round.ledger.posts;
  await eventually(`requests to a ${mood} receiver`, () => round.ledger.posts >= before + refused, 60_000);
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

  // Postgres restarts all of its processes.
  'SIGKILL of a backend': (round) =>
    outage(round, 'backend', async () => {
      kill(round.random.one(await eventually('a writer', async () => {
        const found = await pids(round, `application_name = 'writer'`);
        return found.length > 0 && found;
      })));
    }),

  'SIGTERM of the workers': (round) => outage(round, 'workers, SIGTERM', async (pids) => pids.forEach((pid) => kill(pid, 'SIGTERM'))),

  'SIGKILL of the server': (round) =>
    outage(round, 'server', async () => {
      await round.cluster.kill();
      await round.cluster.start();
    }),

  'fast shutdown of the server': (round) =>
    outage(round, 'fast shutdown', async () => {
      await round.cluster.stop();
      await round.cluster.start();
    }),

  // What a power failure would undo: nobody writes the log to disk but who must. Commits are asynchronous; after a while nothing
  // is answered, so that no settlement brings them to disk.
  'power failure': async (round) => {
    round.asynchronous = true;
    await stopLogWriter(round);
    await deliveriesGoOn(round);
    await round.observe();
    await outage(round, 'power failure', async () => {
      await refuse(round, 'hung', round.concurrency / 2);
      await round.cluster.kill();
      round.asynchronous = false;
      await round.receiver.turn('wild');
      await round.cluster.start();
    });
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
    round.ledger.endOutage(outage);
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

  // Writers and workers fail until there is room again.
  'a full disk': async (round) => {
    const filler = `${round.space.of(round.cluster)}/filler`;
    const outage = round.ledger.beginOutage('full disk');
    const before = round.diskFull;
    await run('dd', ['if=/dev/zero', `of=${filler}`, 'bs=64k']).catch(() => {}); // until it is full
    await eventually('writers fail', () => {
      round.forgetAcknowledged(); // they do not wait for deliveries
      return round.diskFull >= before + 5;
    }, 60_000);
    await run('rm', [filler]);
    round.forgetAcknowledged();
    await deliveriesGoOn(round);
    round.ledger.endOutage(outage);
  },

  // Of the time of day, back and forth; the monotonic clock goes on, as in reality. Retries wait for the time of day that they
  // were promised, however long it takes to come: so it is put right again.
  'a jump of the clock': async (round) => {
    const seconds = round.random.one([600, 86400]);
    await round.clock.jump(-seconds);
    await deliveriesGoOn(round);
    await round.clock.jump(seconds);
    await deliveriesGoOn(round);
  },

  // Where delivery waits for replication, the standby has what was posted and settled. Else it is made to miss the primary's last
  // commits: their keys must not come again.
  'promotion of the standby': async (round) => {
    const { cluster, standby, ledger } = round;
    await round.checkStandby();
    const promotion = ledger.beginOutage('promotion');
    if (!round.replicated) {
      await standbyHasAll(cluster, standby);
      promotion.undoes = moment();
      await standby.sql(`ALTER SYSTEM SET primary_conninfo = ''`);
      await standby.sql('SELECT pg_reload_conf()');
      await eventually('the stream has ended', async () => (await standby.sql('SELECT FROM pg_stat_wal_receiver')).length === 0);
      await deliveriesGoOn(round);
    }
    await cluster.kill();
    if (!round.replicated) ledger.settled.clear(); // what the standby knows of it will be seen again, as soon as it is promoted
    await standby.promote();
    if (round.replicated) await round.waitForStandby(standby, false);
    round.promoted();
    await eventually('a worker', async () => (await workers(round)).length > 0, 60_000);
    ledger.endOutage(promotion);
    round.forgetAcknowledged();
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
