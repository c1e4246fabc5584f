// graphile-worker as a deliverer of webhooks: graphile_worker.mjs CONCURRENCY JOBS URL. Adds JOBS jobs with bodies of 600 bytes to the database of
// PGURL, posts each to URL, and prints how many a second it completed, its start included, as `RESULT jps=N`.
// Tuned within what it promises: a local queue, and completions written together. Since 0.18 its local queue keeps the order of named queues.
import { makeWorkerUtils, run } from 'graphile-worker';
import { Pool } from 'undici';

const [concurrency, jobs] = process.argv.slice(2, 4).map(Number);
const url = new URL(process.argv[4]);
const connectionString = process.env.PGURL;
const connections = new Pool(url.origin, { connections: Math.min(concurrency, 64), pipelining: 1 });

const utils = await makeWorkerUtils({ connectionString });
await utils.migrate();
await utils.withPgClient(async (client) => {
  await client.query('TRUNCATE graphile_worker._private_jobs');
  await client.query(
    `SELECT graphile_worker.add_job('post', json_build_object('id', n, 'padding', repeat('x', 580))) FROM generate_series(1, $1::integer) AS n`,
    [jobs]);
});
await utils.release();

let posted = 0;
let allPosted;
const finished = new Promise((resolve) => { allPosted = resolve; });
const post = async (payload) => {
  const answer = await connections.request({ path: url.pathname, method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(payload) });
  await answer.body.dump();
  if (++posted === jobs) allPosted();
};
const begin = process.hrtime.bigint();
const runner = await run({
  preset: {
    worker: { connectionString, concurrentJobs: concurrency, localQueue: { size: 500 }, completeJobBatchDelay: 0, failJobBatchDelay: 0, pollInterval: 1000, maxPoolSize: concurrency + 1 },
  },
  noHandleSignals: true,
  taskList: { post },
});
await finished;
await runner.stop();  // its last completions are written then
console.log(`RESULT jps=${(jobs / (Number(process.hrtime.bigint() - begin) / 1e9)).toFixed(0)}`);
process.exit(0);
