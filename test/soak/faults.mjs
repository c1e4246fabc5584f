// What is done to the system while writers write. Each fault ends when deliveries go on again. An *outage* is a time in which
// what is in flight may be posted again (ledger.mjs); a fault that is none must not repeat anything.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { eventually } from '../e2e/support/eventually.mjs';

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

const refuse = async (round, mood, refused) => {
  await round.receiver.turn(mood);
  const before = round.ledger.posts;
  await eventually(`requests to a ${mood} receiver`, () => round.ledger.posts >= before + refused, 60_000);
};

export const faults = {
  'SIGKILL of a worker': (round) => outage(round, 'worker', async (pids) => kill(round.random.one(pids))),

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
    const [writer] = await pids(round, `backend_type = 'walwriter'`);
    kill(writer, 'SIGSTOP');
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

  'a pause': async (round) => {
    await round.cluster.sql(`SELECT threefactor.pause('slow')`);
    await deliveriesGoOn(round, 500);
    await round.cluster.sql(`SELECT threefactor.resume('slow')`);
    await deliveriesGoOn(round);
  },

  // Writers and workers fail until there is room again.
  'a full disk': async (round) => {
    const filler = `${round.space.of(round.cluster)}/filler`;
    const outage = round.ledger.beginOutage('full disk');
    const before = round.diskFull;
    await run('dd', ['if=/dev/zero', `of=${filler}`, 'bs=64k']).catch(() => {}); // until it is full
    await eventually('writers fail', () => round.diskFull >= before + 5, 60_000);
    await run('rm', [filler]);
    round.forgetAcknowledged();
    await deliveriesGoOn(round);
    round.ledger.endOutage(outage);
  },

  // Of the time of day, back or forth; the monotonic clock goes on, as in reality.
  'a jump of the clock': async (round) => {
    await round.clock.jump(round.random.one([-86400, -600, 600, 86400]));
    await deliveriesGoOn(round);
  },

  // The standby misses the primary's last commits: keys must not come again, what it has must be delivered.
  'promotion of the standby': async (round) => {
    const { cluster, standby } = round;
    const [{ lsn }] = await cluster.sql('SELECT pg_current_wal_flush_lsn() AS lsn');
    await eventually('the standby has all', async () => {
      const [{ there }] = await standby.sql('SELECT pg_last_wal_receive_lsn() >= $1 AS there', [lsn]);
      return there;
    });
    await round.checkStandby();
    const undone = round.ledger.beginOutage('promotion');
    await standby.sql(`ALTER SYSTEM SET primary_conninfo = ''`);
    await standby.sql('SELECT pg_reload_conf()');
    await eventually('the stream has ended', async () => (await standby.sql('SELECT FROM pg_stat_wal_receiver')).length === 0);
    await deliveriesGoOn(round);
    await cluster.kill();
    round.ledger.settled.clear(); // what the standby knows of it will be seen again
    await standby.promote();
    round.promoted(undone);
    await eventually('a worker', async () => (await workers(round)).length > 0, 60_000);
    round.ledger.endOutage(undone);
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
