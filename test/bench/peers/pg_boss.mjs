// pg-boss as a deliverer of webhooks: pg_boss.mjs WORKERS BATCH JOBS URL. Adds JOBS jobs with bodies of 600 bytes to the database of PGURL, posts each
// to URL, and prints how many a second it completed as `RESULT jps=N`. Tuned within what it promises: several workers that fetch in batches, and at once again while batches are full.
import { PgBoss } from 'pg-boss';
import { Pool } from 'undici';

const [workers, batchSize, jobs] = process.argv.slice(2, 5).map(Number);
const url = new URL(process.argv[5]);
const queue = 'post';
const connections = new Pool(url.origin, { connections: 64, pipelining: 1 });

const boss = new PgBoss({ connectionString: process.env.PGURL, max: 10 });
boss.on('error', (error) => console.error(error.message));
await boss.start();
await boss.createQueue(queue);
await boss.deleteAllJobs(queue);
for (let first = 0; first < jobs; first += 1000) {
  const count = Math.min(1000, jobs - first);
  await boss.insert(queue, Array.from({ length: count }, (_, index) => ({ data: { id: first + index, padding: 'x'.repeat(580) } })));
}

let posted = 0;
let allPosted;
const finished = new Promise((resolve) => { allPosted = resolve; });
const post = async (job) => {
  const answer = await connections.request({ path: url.pathname, method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(job.data) });
  await answer.body.dump();
};
const begin = process.hrtime.bigint();
await boss.work(queue, { batchSize, localConcurrency: workers, pollingIntervalSeconds: 0.5, burstWhenBatchFull: true }, async (batch) => {
  await Promise.all(batch.map(post));
  posted += batch.length;
  if (posted >= jobs) allPosted();
});
await finished;
await boss.stop({ graceful: true });  // its last completions are written then
console.log(`RESULT jps=${(jobs / (Number(process.hrtime.bigint() - begin) / 1e9)).toFixed(0)}`);
process.exit(0);
