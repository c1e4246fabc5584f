// What the delivery worker does with answers, and with event triggers that are slow, paused or gone.
import assert from 'node:assert/strict';

import { eventually, scenario } from './harness.mjs';
import { fail, hang, Sink } from './support/sink.mjs';

const settings = {
  'threefactor.concurrency': 8,
  'threefactor.outbox_partition_size': '1MB',
  'threefactor.retention': '0',
  'threefactor.max_payload_size': '64MB',
  'threefactor.environment_variables': 'PGDATA',
};

scenario('deliveries', { settings, app: false, gateway: false }, async (system, step) => {
  const { sql } = system;
  const sink = await Sink.start();
  await sql('CREATE EXTENSION threefactor');

  // A table and event trigger `name`, posting to a path of that name.
  const make = async (name, retry = {}, more = '') => {
    await sql(`CREATE TABLE IF NOT EXISTS ${name} (id integer, text text)`);
    await sql(`SELECT threefactor.create_event_trigger($1, $2::text::regclass, $3, retry => $4 ${more})`, [
      name, name, `${sink.url}/${name}`, retry,
    ]);
  };
  const behave = {};
  sink.behave = (call, response) => (behave[call.path.slice(1)] ?? ((_, answer) => answer.end('{}')))(call, response);
  const ids = (name) => new Set(sink.on(`/${name}`).map((call) => call.body.event.data.new.id));
  const attempts = (name) =>
    sql(`SELECT attempt, outcome, status, error FROM threefactor.attempts WHERE event_trigger = $1 ORDER BY attempt`, [name]);

  await step('a failure is retried with the same key, the attempt in a header', async () => {
    await make('flaky', { attempts: 5, backoff: 'fixed', interval: 0.05 });
    behave.flaky = (call, response) => (sink.on('/flaky').length < 3 ? fail(call, response) : response.end('{}'));
    await sql(`INSERT INTO flaky VALUES (1, 'a')`);
    const calls = await eventually('three attempts', () => sink.on('/flaky').length === 3 && sink.on('/flaky'));
    assert.deepEqual(calls.map((call) => call.headers['threefactor-attempt']), ['1', '2', '3']);
    assert.deepEqual(calls.map((call) => call.body.delivery_info), [0, 1, 2].map((n) => ({ current_retry: n, max_retries: 4 })));
    assert.equal(new Set(calls.map((call) => call.body.id)).size, 1);
    assert.equal(calls[0].headers['webhook-id'], calls[0].body.id);
    assert.equal(calls[0].headers['idempotency-key'], `"${calls[0].body.id}"`);
    const [settled] = await eventually('it is settled', async () => {
      const rows = await sql(`SELECT threefactor.delivery_key(event_id, trigger_id) AS key FROM threefactor.attempt WHERE outcome = 'delivered'`);
      return rows.length && rows;
    });
    assert.equal(calls[0].body.id, settled.key);
    assert.deepEqual(await sql('SELECT * FROM threefactor.parked'), []);
  });

  await step('Retry-After is honoured, and clamped to the longest interval', async () => {
    await make('after', { attempts: 3, backoff: 'fixed', interval: 60, max_interval: 0.2 });
    behave.after = (call, response) =>
      sink.on('/after').length < 3 ? response.writeHead(503, { 'retry-after': '3600' }).end() : response.end('{}');
    await sql(`INSERT INTO after VALUES (1, 'a')`);
    await eventually('the third attempt', () => sink.on('/after').length === 3);
  });

  await step('after the last attempt: a dead letter', async () => {
    await make('dead', { attempts: 2, backoff: 'fixed', interval: 0 });
    behave.dead = fail;
    await sql(`INSERT INTO dead VALUES (1, 'a')`);
    const [letter] = await eventually('a dead letter', async () => {
      const rows = await sql('SELECT * FROM threefactor.dead_letters');
      return rows.length && rows;
    });
    assert.equal(letter.attempts, 2);
    assert.equal(letter.last_status, 500);
    assert.deepEqual(letter.new_row, { id: 1, text: 'a' });
    assert.equal(sink.on('/dead').length, 2);
  });

  await step('a status that is not retried is final', async () => {
    await make('final', { attempts: 9, statuses: [503] });
    behave.final = (call, response) => response.writeHead(404).end('{"error":"nothing here"}');
    await sql(`INSERT INTO final VALUES (1, 'a')`);
    const rows = await eventually('settled', async () => {
      const found = await attempts('final');
      return found.length && found;
    });
    assert.deepEqual(rows, [{ attempt: 1, outcome: 'dead', status: 404, error: null }]);
  });

  await step('a header that cannot be made ends the delivery with its reason, others go on', async () => {
    await make('variable', {}, `, headers => '{"X-Secret": {"env": "WEBHOOK_SECRET"}}'`);
    await sql(`INSERT INTO variable VALUES (1, 'a')`);
    const rows = await eventually('settled', async () => {
      const found = await attempts('variable');
      return found.length && found;
    });
    assert.equal(rows[0].outcome, 'dead');
    assert.match(rows[0].error, /WEBHOOK_SECRET is not in threefactor.environment_variables/);
    await sql(`INSERT INTO flaky VALUES (2, 'b')`);
    await eventually('delivered', () => ids('flaky').has(2));
  });

  await step('a handler that hangs does not hold up another', async () => {
    await make('hanging', { attempts: 1, timeout: 60 });
    await make('fast');
    behave.hanging = hang;
    await sql(`INSERT INTO hanging SELECT i, 'x' FROM generate_series(1, 2000) AS i`);
    await eventually('it hangs', () => sink.on('/hanging').length > 0);
    await sql(`INSERT INTO fast SELECT i, 'x' FROM generate_series(1, 500) AS i`);
    await eventually('all of the fast', () => ids('fast').size === 500);
    assert.ok(sink.on('/hanging').length < settings['threefactor.concurrency']);
    await sql(`SELECT threefactor.drop_event_trigger('hanging')`);
    delete behave.hanging;
    sink.server.closeAllConnections();
  });

  await step('a paused event trigger waits and holds up nobody; resumed, it catches up', async () => {
    await sql('CREATE TABLE pair (id integer, text text)');
    for (const name of ['paused', 'awake'])
      await sql(`SELECT threefactor.create_event_trigger($1, 'pair', $2)`, [name, `${sink.url}/${name}`]);
    await sql(`SELECT threefactor.pause('paused')`);
    await sql(`INSERT INTO pair SELECT i, 'x' FROM generate_series(1, 1500) AS i`);
    await eventually('the other has all', () => ids('awake').size === 1500);
    assert.equal(sink.on('/paused').length, 0);
    await sql(`SELECT threefactor.resume('paused')`);
    await sql(`INSERT INTO pair SELECT i, 'x' FROM generate_series(1501, 1600) AS i`);
    await eventually('both have all', () => ids('paused').size === 1600 && ids('awake').size === 1600);
    assert.equal(sink.on('/paused').length, 1600, 'each once');
    assert.equal(sink.on('/awake').length, 1600, 'each once');
  });

  await step('a pause does not keep the outbox from being emptied', async () => {
    for (const name of ['long_pause', 'meanwhile'])
      await sql(`SELECT threefactor.create_event_trigger($1, 'pair', $2, payload => $3, retry => '{"interval": 0}')`, [
        name, `${sink.url}/${name}`, name === 'meanwhile' ? ['id'] : ['id', 'text'],
      ]);
    await sql(`SELECT threefactor.drop_event_trigger(name) FROM (VALUES ('paused'), ('awake')) AS v (name)`);
    await sql(`SELECT threefactor.pause('long_pause')`);
    for (let i = 0; i < 6; i++) // several partitions
      await sql(`INSERT INTO pair SELECT i, (SELECT string_agg(md5(i + j || ''), '') FROM generate_series(1, 60) AS j) FROM generate_series($1::integer + 1, $1 + 500) AS i`, [10000 + i * 500]);
    await eventually('the other has all', () => ids('meanwhile').size === 3000);
    const full = async () =>
      (await sql(`SELECT count(*)::integer AS n FROM pg_inherits
        WHERE inhparent = 'threefactor.outbox'::regclass AND pg_relation_size(inhrelid) > 0`))[0].n;
    await eventually('one partition is left', async () => {
      await sql(`INSERT INTO fast VALUES (0, 'x')`);
      return (await full()) === 1;
    });
    assert.equal(sink.on('/long_pause').length, 0);
    await system.cluster.kill();
    await system.cluster.start();
    await sql(`SELECT threefactor.resume('long_pause')`);
    await eventually('the paused has all', () => ids('long_pause').size === 3000);
    assert.equal(sink.on('/long_pause').length, 3000, 'each once');
    await eventually('nothing is left aside', async () => {
      const [{ n }] = await sql(`SELECT count(*)::integer AS n FROM threefactor.parked WHERE state = 'retrying'`);
      return n === 0;
    });
  });

  await step('a row of 20 MB is delivered whole', async () => {
    await make('large');
    await sql(`INSERT INTO large VALUES (1, repeat('0123456789', 2000000))`);
    const [call] = await eventually('delivered', () => sink.on('/large').length && sink.on('/large'));
    assert.equal(call.body.event.data.new.text.length, 20_000_000);
  });

  await step('the table is dropped while events wait: they are delivered', async () => {
    await make('doomed');
    await sql(`SELECT threefactor.pause('doomed')`);
    await sql(`INSERT INTO doomed SELECT i, 'x' FROM generate_series(1, 10) AS i`);
    await sql('DROP TABLE doomed');
    await sql(`SELECT threefactor.resume('doomed')`);
    await eventually('delivered', () => ids('doomed').size === 10);
  });

  await step('a prepared transaction: delivered after COMMIT PREPARED', async () => {
    await sql(`BEGIN; INSERT INTO fast VALUES (9001, 'x'); PREPARE TRANSACTION 'later'`);
    await sql(`INSERT INTO fast VALUES (9002, 'x')`);
    await eventually('the later one', () => ids('fast').has(9002));
    assert.ok(!ids('fast').has(9001));
    await sql(`COMMIT PREPARED 'later'`);
    await eventually('the prepared one', () => ids('fast').has(9001));
  });

  await step('a pause in a prepared transaction counts from COMMIT PREPARED on', async () => {
    await make('two_phase');
    await sql(`BEGIN; SELECT threefactor.pause('two_phase'); PREPARE TRANSACTION 'pause'`);
    await sql(`INSERT INTO two_phase VALUES (1, 'x')`);
    await eventually('not yet paused', () => ids('two_phase').has(1));
    await sql(`COMMIT PREPARED 'pause'`);
    await sql(`INSERT INTO two_phase VALUES (2, 'x'); INSERT INTO fast VALUES (9003, 'x')`);
    await eventually('another goes on', () => ids('fast').has(9003));
    assert.ok(!ids('two_phase').has(2));
    await sql(`SELECT threefactor.resume('two_phase')`);
    await eventually('resumed', () => ids('two_phase').has(2));
  });

  await step("a DBA's own indexes on the outbox, and REINDEX beside the workers, change nothing", async () => {
    const worker = async () => (await sql('SELECT pid FROM threefactor_private.worker_status()'))[0]?.pid;
    await make('indexed');
    await sql(`CREATE INDEX dba_partial ON threefactor.outbox (xid, position) WHERE operation = 'DELETE'`);
    await sql('CREATE INDEX dba_descending ON threefactor.outbox (xid DESC, position DESC)');
    await sql('CREATE INDEX dba_hash ON threefactor.outbox USING hash (xid)');
    const first = await worker();
    await sql('SELECT pg_terminate_backend($1)', [first]); // another looks for the tables anew
    const second = await eventually('another worker', async () => ![undefined, first].includes(await worker()) && (await worker()));
    await sql(`INSERT INTO indexed SELECT i, 'x' FROM generate_series(1, 10) AS i`);
    await eventually('delivered', () => ids('indexed').size === 10);
    for (const { name } of await sql(`SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'threefactor.outbox'::regclass`)) {
      await sql(`REINDEX TABLE CONCURRENTLY ${name}`);
      await sql(`REINDEX TABLE ${name}`);
    }
    await sql(`INSERT INTO indexed SELECT i, 'x' FROM generate_series(11, 20) AS i`);
    await eventually('delivered', () => ids('indexed').size === 20);
    assert.equal(await worker(), second);
    await sql('DROP INDEX threefactor.dba_partial, threefactor.dba_descending, threefactor.dba_hash');
  });

  await step('the outbox comes back to its size, the attempts too', async () => {
    await eventually('one partition of each is left', async () => {
      sink.server.closeAllConnections(); // the last that hang
      const rows = await sql(`SELECT inhparent::regclass::text AS parent, count(*)::integer AS n FROM pg_inherits
        WHERE inhparent IN ('threefactor.outbox'::regclass, 'threefactor.attempt'::regclass) AND pg_relation_size(inhrelid) > 0
        GROUP BY 1`);
      return rows.every((row) => row.n === 1);
    });
  });
  await sink.stop();
});
