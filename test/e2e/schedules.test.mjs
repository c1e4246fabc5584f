// Schedules against the clock: bodies, wakes, kills, catching up, the metadata API.
import assert from 'node:assert/strict';

import { eventually, scenario } from './harness.mjs';
import { Sink } from './support/sink.mjs';

scenario('schedules', { app: false }, async (system, step) => {
  const { cluster, sql } = system;
  const sink = await Sink.start();
  await sql('CREATE EXTENSION threefactor');
  const pid = async () => (await sql(`SELECT pid FROM pg_stat_activity WHERE backend_type = 'threefactor delivery'`))[0]?.pid;
  // The schedule's next tick becomes the minute of `ago` before now: its clock is turned back, not ours.
  const missed = (name, ago) =>
    sql(
      `WITH changed AS (SELECT threefactor_private.schedules_changed())
       UPDATE threefactor.schedule SET next_tick = date_trunc('minute', now()) - $2::interval FROM changed
        WHERE trigger_id = (SELECT trigger_id FROM threefactor.event_trigger WHERE name = $1)`,
      [name, ago],
    );

  await step('a one-off event is posted when its time has come, with the body of Hasura', async () => {
    const due = new Date(Date.now() + 700);
    const [{ event }] = await sql(
      `SELECT threefactor.schedule_once($1, $2, '{"dinner": [1, 2]}', comment => 'a "reminder"', headers => '{"X-Kind": "once"}') AS event`,
      [`${sink.url}/once`, due],
    );
    const call = await eventually('it is posted', () => sink.on('/once')[0]);
    assert.ok(Date.now() >= due.getTime(), 'not before its time');
    const { id, created_at: created, ...rest } = call.body;
    assert.deepEqual(rest, { scheduled_time: due.toISOString().replace('Z', '000Z'), payload: { dinner: [1, 2] }, comment: 'a "reminder"' });
    assert.match(created, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
    assert.equal(call.headers['x-kind'], 'once');
    const [delivery] = await eventually('it is settled', () =>
      sql(`SELECT idempotency_key FROM threefactor.deliveries WHERE event_id = $1 AND state = 'delivered'`, [event]).then((rows) => rows.length && rows));
    assert.equal(delivery.idempotency_key, id);
    assert.equal(call.headers['idempotency-key'], `"${id}"`);
  });

  await step('a cancelled one is not posted', async () => {
    const [{ event }] = await sql(`SELECT threefactor.schedule_once($1, now() + interval '1 s') AS event`, [`${sink.url}/cancelled`]);
    await sql('SELECT threefactor.unschedule(event => $1)', [event]);
    await sql(`SELECT threefactor.schedule_once($1, now() + interval '1.1 s')`, [`${sink.url}/after`]);
    await eventually('a later one is posted', () => sink.on('/after').length === 1);
    assert.equal(sink.on('/cancelled').length, 0);
  });

  await step('a tick is posted with the body of Hasura; a failure is retried', async () => {
    await sql(
      `SELECT threefactor.schedule('every-minute', $1, '* * * * *', payload => '{"a": null}', comment => 'ticks',
                                   retry => '{"attempts": 3, "backoff": "fixed", "interval": 0.05}')`,
      [`${sink.url}/tick`],
    );
    sink.behave = (call, response) => (sink.on('/tick').length < 2 ? response.writeHead(500).end() : response.end('{}'));
    await missed('every-minute', '0 min');
    await eventually('two attempts', () => sink.on('/tick').length === 2);
    const [first, second] = sink.on('/tick').map((call) => call.body);
    assert.deepEqual(first, second);
    const { id, scheduled_time: time, ...rest } = first;
    assert.match(id, /^[0-9a-f-]{36}$/);
    assert.match(time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:00Z$/);
    assert.deepEqual(rest, { name: 'every-minute', payload: { a: null }, comment: 'ticks' });
    sink.behave = (call, response) => response.end('{}');
  });

  await step('each tick is one event, whoever is killed while they are made', async () => {
    await sql(`SELECT threefactor.schedule('kills', $1, '* * * * *', tolerance => '10 days')`, [`${sink.url}/kills`]);
    await missed('kills', '3000 min');
    for (const round of [1, 2, 3, 4]) {
      const before = sink.on('/kills').length;
      await eventually(`ticks go on (${round})`, () => sink.on('/kills').length > before + 50);
      if (round % 2) process.kill(await eventually('a worker', pid), 'SIGKILL');
      else {
        await cluster.kill();
        await cluster.start();
      }
    }
    await eventually('the schedule has caught up', async () => (await sql(`SELECT FROM threefactor.schedules WHERE name = 'kills' AND next_tick > now()`)).length === 1);
    await eventually('all are delivered', async () => (await sql(`SELECT FROM threefactor.deliveries WHERE event_trigger = 'kills' AND state <> 'delivered'`)).length === 0);
    const [made] = await sql(
      `SELECT count(*)::integer AS events, count(DISTINCT new_row ->> 'scheduled_time')::integer AS ticks,
              (extract(epoch FROM max((new_row ->> 'scheduled_time')::timestamptz) - min((new_row ->> 'scheduled_time')::timestamptz)) / 60)::integer + 1 AS minutes
         FROM threefactor.events WHERE event_triggers = '{kills}'`,
    );
    assert.equal(made.events, made.ticks, 'one event a tick');
    assert.equal(made.ticks, made.minutes, 'no tick is left out');
    assert.equal(new Set(sink.on('/kills').map((call) => call.body.scheduled_time)).size, made.ticks);
  });

  await step('whoever holds a schedule in an open transaction does not hold up the others', async () => {
    const holder = await cluster.open();
    await holder.query('BEGIN');
    await holder.query(`SELECT FROM threefactor.schedule WHERE trigger_id = (SELECT trigger_id FROM threefactor.event_trigger WHERE name = 'kills') FOR UPDATE`);
    await sql(`SELECT threefactor.schedule_once($1, now())`, [`${sink.url}/beside`]);
    await eventually('the other one is posted', () => sink.on('/beside').length === 1);
    await holder.query('ROLLBACK');
    await holder.end();
  });

  await step('what is too late is a dead letter, which can be delivered again', async () => {
    await sql(`SELECT threefactor.schedule_once($1, now() - interval '1 hour', '[1]', tolerance => '1 min', error_webhook => $2)`, [
      `${sink.url}/late`, `${sink.url}/error`,
    ]);
    const [letter] = await eventually('a dead letter', () => sql('SELECT * FROM threefactor.dead_letters').then((rows) => rows.length && rows));
    assert.match(letter.last_error, /later now than the schedule tolerates/);
    const told = await eventually('the error webhook is told', () => sink.on('/error')[0]);
    assert.equal(told.body.event.op, 'ERROR');
    assert.equal(told.body.event.data.new.error, letter.last_error);
    assert.equal(told.body.event.data.new.event.id, letter.idempotency_key);
    assert.deepEqual(told.body.event.data.new.event.event.data.new.payload, [1]);
    await sql('SELECT threefactor.redeliver(event => $1)', [letter.event_id]);
    await eventually('it is posted', () => sink.on('/late').length === 1);
  });

  const command = async (type, args) => (await system.post('/v1/metadata', { type, args })).body;
  await step('the metadata API: cron triggers and scheduled events', async () => {
    const cron = {
      name: 'from_hasura',
      webhook: `${sink.url}/hasura`,
      schedule: '*/5 * * * *',
      payload: { key: [1] },
      headers: [{ name: 'X-Kind', value: 'cron' }],
      retry_conf: { num_retries: 2, retry_interval_seconds: 3, timeout_seconds: 4, tolerance_seconds: 3600 },
      include_in_metadata: true,
      comment: 'made by hand',
    };
    assert.deepEqual(await command('create_cron_trigger', cron), { message: 'success' });
    const [made] = await sql(`SELECT cron, time_zone, retry, tolerance::text, comment, payload FROM threefactor.schedules WHERE name = 'from_hasura'`);
    assert.equal(made.cron, '*/5 * * * *');
    assert.equal(made.tolerance, '01:00:00');
    assert.deepEqual(made.payload, { key: [1] });
    assert.equal(made.retry.attempts, 3);
    assert.equal(made.retry.backoff, 'fixed');
    assert.equal(made.retry.interval, 3);
    assert.equal(made.retry.timeout, 4);
    assert.equal((await command('create_cron_trigger', cron)).code, 'already-exists');
    assert.deepEqual(await command('create_cron_trigger', { ...cron, replace: true, schedule: '@daily' }), { message: 'success' });
    assert.equal((await command('create_cron_trigger', { ...cron, name: 'x', schedule: 'now' })).code, 'parse-failed');
    await missed('from_hasura', '0 min');
    const call = await eventually('it is posted', () => sink.on('/hasura')[0]);
    assert.equal(call.body.name, 'from_hasura');
    assert.deepEqual(await command('delete_cron_trigger', { name: 'from_hasura' }), { message: 'success' });
    assert.equal((await command('delete_cron_trigger', { name: 'from_hasura' })).code, 'not-exists');

    const once = { webhook: `${sink.url}/hasura_once`, schedule_at: '2099-01-01T00:00:00Z', payload: { a: 1 }, comment: 'far away' };
    const answer = await command('create_scheduled_event', once);
    assert.equal(answer.message, 'success');
    const [pending] = await sql('SELECT event_id, payload FROM threefactor.scheduled_events');
    assert.equal(pending.event_id, answer.event_id);
    assert.deepEqual(await command('delete_scheduled_event', { type: 'one_off', event_id: answer.event_id }), { message: 'success' });
    assert.deepEqual(await sql('SELECT event_id FROM threefactor.scheduled_events'), []);
  });
  await sink.stop();
});
