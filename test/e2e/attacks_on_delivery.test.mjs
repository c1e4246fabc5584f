// Nothing that one user stores or runs stops the delivery of another: broken values, data too large, statements that do not
// end, settings of roles and databases, more databases than processes.
import { readFile } from 'node:fs/promises';
import assert from 'node:assert/strict';
import { createServer } from 'node:net';

import { eventually, scenario } from './harness.mjs';
import { Sink } from './support/sink.mjs';

const kQuick = `'{"attempts": 1}'`;

// Gives it a table, and an event trigger that posts to a path of its name.
async function makeTrigger({ sql, sink, name, database, rest = '' }) {
  await sql(`CREATE TABLE ${name} (id integer, text text)`, [], database);
  await sql(`SELECT threefactor.create_event_trigger($1, $1::text::regclass, $2 ${rest})`, [name, `${sink.url}/${name}`], database);
}

const workerIsThere = async (sql, database) =>
  (await sql(`SELECT pid FROM pg_stat_activity WHERE backend_type = 'threefactor delivery' AND datname = coalesce($1, current_database())`, [database]))[0]?.pid;

scenario('broken values', { settings: { 'threefactor.max_payload_size': '64kB' }, app: false, gateway: false }, async (system, step) => {
  const { sql } = system;
  const sink = await Sink.start();
  await sql('CREATE EXTENSION threefactor');
  await makeTrigger({ sql, sink, name: 'others' });
  const pid = await eventually('a worker', () => workerIsThere(sql));
  let written = 0;
  const othersGoOn = async () => {
    await sql('INSERT INTO others VALUES ($1)', [++written]);
    await eventually('another event is delivered', () => sink.on('/others').length >= written);
    assert.equal(await workerIsThere(sql), pid, 'by the same worker');
  };
  const refused = async (statement, message) => {
    await assert.rejects(sql(statement), message, statement);
    await othersGoOn();
  };

  await step('times and tolerances are bounded where they are given', async () => {
    const once = (at, tolerance) => `SELECT threefactor.schedule_once('${sink.url}/once', '${at}', tolerance => '${tolerance}')`;
    for (const at of ['infinity', '-infinity', '294276-12-31', '4714-11-24 BC', '10000-01-01']) await refused(once(at, '1 hour'), /needs a time/);
    for (const tolerance of ['10000 years', '-1 second', '178000000 years', '101 years', '-10 years 1 day'])
      await refused(once('2000-01-01', tolerance), /tolerance must be from zero to 100 years/);
  });

  await step('one-off events and schedules that are broken are dead letters and errors of their own', async () => {
    await sql(`SELECT threefactor.schedule('zone', '${sink.url}/zone', '* * * * *', time_zone => 'UTC')`);
    await sql(`SELECT threefactor.schedule('works', '${sink.url}/works', '* * * * *', time_zone => 'UTC')`);
    await sql(`SELECT threefactor.schedule_once('${sink.url}/once', '9999-12-31')`);
    // As an earlier version stored them, or a time zone that is gone.
    await sql(`INSERT INTO threefactor.scheduled_event (event_id, trigger_id, at, tolerance)
               SELECT gen_random_uuid(), trigger_id, v.at::timestamptz, v.tolerance::interval
                 FROM threefactor.event_trigger, (VALUES ('2000-01-01', '10000 years'), ('4714-11-24 BC', '0'), ('2000-01-01', '178000000 years')) AS v (at, tolerance)
                WHERE name LIKE 'once:%'`);
    await sql(`UPDATE threefactor.schedule SET time_zone = 'No/Where', next_tick = now() - interval '1 minute' WHERE trigger_id = (SELECT trigger_id FROM threefactor.event_trigger WHERE name = 'zone')`);
    await sql(`UPDATE threefactor.schedule SET tolerance = '10000 years', next_tick = now() - interval '1 minute' WHERE trigger_id = (SELECT trigger_id FROM threefactor.event_trigger WHERE name = 'works')`);
    await sql('SELECT threefactor_private.schedules_changed()');
    await eventually('the schedule that works fires', () => sink.on('/works').length > 0);
    await eventually('the one-off events are delivered', () => sink.on('/once').length === 2);
    const [dead] = await eventually('the one that is late is a dead letter', async () => {
      const rows = await sql(`SELECT last_error FROM threefactor.dead_letters WHERE event_trigger LIKE 'once:%'`);
      return rows.length === 1 && rows;
    });
    assert.match(dead.last_error, /later now than the schedule tolerates/);
    const [zone] = await eventually('the schedule says what is wrong', async () => {
      const rows = await sql(`SELECT error FROM threefactor.schedules WHERE name = 'zone'`);
      return rows[0].error && rows;
    });
    assert.match(zone.error, /time zone "No\/Where" is not known/);
    await othersGoOn();
    await sql(`SELECT threefactor.schedule('zone', '${sink.url}/zone', '* * * * *', replace => true)`);
    assert.equal((await sql(`SELECT error FROM threefactor.schedules WHERE name = 'zone'`))[0].error, null);
  });

  await step('a one-off event of which no event can be made is a dead letter, the others of its batch go on', async () => {
    // Any error will do.
    await sql(`CREATE OR REPLACE FUNCTION threefactor_private.scheduled_body(name text, at timestamptz, payload json, created_at timestamptz, comment text)
      RETURNS json LANGUAGE sql STABLE RETURN json_build_object('payload', payload, 'number', 1 / (payload ->> 'n')::integer)`);
    await sql(`SELECT threefactor.schedule_once('${sink.url}/batch', now(), json_build_object('n', n)) FROM generate_series(-2, 2) AS n`);
    await eventually('four are delivered', () => sink.on('/batch').length === 4);
    const [{ last_error: error }] = await eventually('one is dead', async () => {
      const rows = await sql(`SELECT last_error FROM threefactor.dead_letters WHERE last_error LIKE 'no event%'`);
      return rows.length === 1 && rows;
    });
    assert.equal(error, 'no event can be made of it (SQLSTATE 22012)');
    await othersGoOn();
  });

  await step('all that is given as data has the cap of rows', async () => {
    const large = `json_build_object('a', repeat('x', 65536))`;
    const cap = /larger than threefactor\.max_payload_size/;
    await refused(`SELECT threefactor.emit('topic', ${large})`, cap);
    await refused(`SELECT threefactor.schedule_once('${sink.url}/x', now(), ${large})`, cap);
    await refused(`SELECT threefactor.schedule('large', '${sink.url}/x', '@daily', payload => ${large})`, cap);
    await refused(`SELECT threefactor.invoke('others', ${large})`, cap);
    await refused(`SELECT threefactor.invoke('works', ${large})`, cap);
    await refused(`SELECT threefactor.schedule_once('${sink.url}/x', now(), comment => repeat('x', 65537))`, /comment must not be larger/);
    await sql(`SELECT threefactor.emit('topic', json_build_object('a', repeat('x', 65000)))`);
    await system.sql(`CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0`, [], 'postgres');
    await sql('CREATE EXTENSION threefactor', [], 'latin');
    const umlauts = (count) => `SELECT threefactor.emit('topic', json_build_object('a', repeat(chr(252), ${count})))`;
    await assert.rejects(sql(umlauts(40_000), [], 'latin'), cap);
    await sql(umlauts(30_000), [], 'latin');
  });

  await step('an event that is too large all the same is a dead letter with its data, and can be delivered later', async () => {
    await sql(`SELECT threefactor.create_event_trigger('large', topic => 'large', webhook => '${sink.url}/large', retry => ${kQuick}, error_webhook => '${sink.url}/large_error')`);
    await sql(`ALTER SYSTEM SET threefactor.worker_memory = '16MB'`);
    await sql('SELECT pg_reload_conf()');
    await eventually('the setting counts', async () => (await sql('SHOW threefactor.worker_memory'))[0]['threefactor.worker_memory'] === '16MB');
    await sql(`SET threefactor.max_payload_size = '8MB'; SELECT threefactor.emit('large', json_build_object('a', repeat('x', 5000000)))`);
    const [dead] = await eventually('it is dead', async () => {
      const rows = await sql(`SELECT last_error, length(new_row ->> 'a') AS length FROM threefactor.dead_letters WHERE event_trigger = 'large'`);
      return rows.length === 1 && rows;
    });
    assert.match(dead.last_error, /^the event has 50000\d\d bytes of data, more than max_payload_size and an eighth of worker_memory$/);
    assert.equal(dead.length, 5_000_000);
    await eventually('the error webhook is told, without the data', () => sink.on('/large_error').length === 1);
    await othersGoOn();
    await sql('ALTER SYSTEM RESET threefactor.worker_memory');
    await sql('SELECT pg_reload_conf()');
    await eventually('the setting counts', async () => (await sql('SHOW threefactor.worker_memory'))[0]['threefactor.worker_memory'] === '256MB');
    await sql(`SELECT threefactor.redeliver(trigger => 'large')`);
    const [call] = await eventually('it is delivered', () => sink.on('/large').length === 1 && sink.on('/large'));
    assert.equal(call.body.event.data.new.a.length, 5_000_000);
  });

  await step('definitions that are not current any more fill no memory, and what they captured is delivered', async () => {
    const made = (more) => sql(`SELECT threefactor.create_event_trigger('often', topic => 'often', webhook => '${sink.url}/often' ${more})`);
    await made(`, apply => 'SELECT ''' || repeat('x', 260000) || ''''`);
    const resident = async () => Number(/VmRSS:\s*(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))[1]) >> 10;
    await othersGoOn();
    const before = await resident();
    // As 400 calls with replace => true leave them.
    const columns = (await sql(`SELECT string_agg(quote_ident(attname), ', ') AS list FROM pg_attribute
      WHERE attrelid = 'threefactor.definition'::regclass AND attnum > 0 AND attname <> 'definition_id'`))[0].list;
    await sql(`INSERT INTO threefactor.definition (${columns}) SELECT ${columns} FROM threefactor.definition, generate_series(1, 400) WHERE topic = 'often'`);
    await sql('SELECT threefactor.pause($1)', ['often']);
    await sql(`SELECT threefactor.emit('often', '{"before": true}')`);
    await made(`, body => 'cloudevents-structured', replace => true`);
    await sql('SELECT threefactor.resume($1)', ['often']);
    const [call] = await eventually('it is delivered', () => sink.on('/often').length === 1 && sink.on('/often'));
    assert.deepEqual(call.body.event.data.new, { before: true }, 'with the body that it was captured for');
    await othersGoOn();
    assert.ok((await resident()) - before < 64, `${await resident()} MB, ${before} MB before: 400 texts of 254 kB have 100 MB`);
  });

  await step('texts that are no UTF-8, in every place', async () => {
    await system.sql(`CREATE DATABASE ascii ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0`, [], 'postgres');
    await sql('CREATE EXTENSION threefactor', [], 'ascii');
    await makeTrigger({ sql, sink, name: 'bytes', database: 'ascii' });
    await sql(`SELECT threefactor.schedule_once('${sink.url}/ascii_once', now(), E'"\\xff"', comment => E'\\xfe')`, [], 'ascii');
    const made = (more) => sql(`SELECT threefactor.create_event_trigger('apply', 'bytes', ${more}, retry => ${kQuick})`, [], 'ascii');
    const applied = `'${sink.url}/ascii_apply', headers => '{"X-A": "b"}'`;
    // What the worker would not read as it is written is refused: it would post to another URL, or run another statement.
    await assert.rejects(made(`E'${sink.url}/\\xff'`), /webhook must be UTF-8/);
    await assert.rejects(made(`${applied}, error_webhook => E'${sink.url}/\\xff'`), /error_webhook must be UTF-8/);
    await assert.rejects(made(`'${sink.url}/', headers => (E'{"X-A": "\\xff"}')::jsonb`), /headers must be UTF-8/);
    await assert.rejects(made(`${applied}, apply => E'SELECT ''\\xff'''`), /apply must be UTF-8/);
    await made(`${applied}, apply => 'SELECT 1'`);
    await sql(`INSERT INTO bytes VALUES (1, E'\\xff')`, [], 'ascii');
    await eventually('all are delivered', () => sink.on('/bytes').length === 1 && sink.on('/ascii_once').length === 1 && sink.on('/ascii_apply').length === 1);
    assert.equal(sink.on('/ascii_once')[0].body.payload, '?');
  });
  await sink.stop();
});

scenario('requests', { app: false, gateway: false }, async (system, step) => {
  const { sql } = system;
  await sql('CREATE EXTENSION threefactor');

  await step('an attempt is one request, whatever becomes of the connection', async () => {
    let requests = 0;
    // Accepts three of four; the fourth finds its connection closed, having been read.
    const server = createServer((socket) => {
      let text = '';
      socket.on('error', () => {});
      socket.on('data', (data) => {
        text += data;
        for (;;) {
          const head = text.indexOf('\r\n\r\n');
          const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? NaN);
          if (head < 0 || !(text.length >= head + 4 + length)) return;
          text = text.slice(head + 4 + length);
          if (++requests % 4 === 0) return socket.destroy();
          socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}');
        }
      });
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    await sql('CREATE TABLE posted (id integer)');
    await sql(`SELECT threefactor.create_event_trigger('posted', 'posted', $1, retry => '{"attempts": 100, "backoff": "fixed", "interval": 0.01}')`,
      [`http://127.0.0.1:${server.address().port}/`]);
    await sql('INSERT INTO posted SELECT generate_series(1, 200)');
    await eventually('all are delivered', async () => (await sql(`SELECT FROM threefactor.attempts WHERE outcome = 'delivered'`)).length === 200);
    const attempts = await sql('SELECT error FROM threefactor.attempts');
    assert.equal(attempts.length, requests);
    assert.ok(attempts.some(({ error }) => /closed without an answer/.test(error)), 'connections that were kept open were among them');
    server.close();
  });

  await step('Retry-After lengthens a pause, and never shortens it', async () => {
    const sink = await Sink.start();
    const values = { empty: '', zero: '0', past: 'Sun, 06 Nov 1994 08:49:37 GMT', negative: '-1', fraction: '0.001', garbage: 'soon', longer: '60', huge: '99999999999999999999' };
    sink.behave = (call, response) => response.writeHead(503, { 'retry-after': values[call.path.slice(1)] }).end();
    for (const name of Object.keys(values))
      await makeTrigger({ sql, sink, name, rest: `, retry => '{"backoff": "fixed", "interval": 30, "max_interval": 90}'` });
    for (const name of Object.keys(values)) await sql(`INSERT INTO ${name} VALUES (1)`);
    const rows = await eventually('each has failed once', async () => {
      const found = await sql(`SELECT d.event_trigger AS name, round(extract(epoch FROM d.next_attempt_at - a.started_at))::integer AS pause
         FROM threefactor.deliveries AS d JOIN threefactor.attempts AS a USING (event_id, event_trigger) WHERE d.state = 'retrying'`);
      return found.length === Object.keys(values).length && found;
    });
    const expected = { longer: 60, huge: 90 };
    for (const { name, pause } of rows) assert.ok(Math.abs(pause - (expected[name] ?? 30)) <= 2, `${name}: ${pause} s`);
    await sink.stop();
  });
});

scenario('statements that do not end', {
  settings: { 'threefactor.appliers': 2, 'threefactor.apply_timeout': '500ms' }, app: false, gateway: false,
}, async (system, step) => {
  const { sql, cluster } = system;
  const sink = await Sink.start();
  await sql('CREATE EXTENSION threefactor; CREATE TABLE effect (name text); CREATE ROLE owner LOGIN; GRANT ALL ON effect TO owner; GRANT CREATE ON SCHEMA public TO owner');
  await sql(`CREATE FUNCTION evade() RETURNS void LANGUAGE plpgsql AS $$ BEGIN
    LOOP BEGIN PERFORM pg_sleep(600); EXCEPTION WHEN query_canceled THEN NULL; END; END LOOP; END $$`);
  const make = async (name, apply, retry = '{"attempts": 1}') => {
    await sql(`CREATE TABLE ${name} (id integer); ALTER TABLE ${name} OWNER TO owner`);
    await sql('SELECT threefactor.create_event_trigger($1, $1::text::regclass, $2, apply => $3, retry => $4)', [name, `${sink.url}/${name}`, apply, retry]);
  };

  await step('one that catches its timeout is ended with its process, said so, and others are applied meanwhile', async () => {
    await make('evades', 'SELECT evade()');
    await make('works', `INSERT INTO effect VALUES ('works')`);
    await sql('INSERT INTO evades SELECT generate_series(1, 3)');
    await eventually('it is shown as in flight', async () => (await sql(`SELECT in_flight::integer AS n FROM threefactor.status WHERE event_trigger = 'evades'`))[0].n > 0);
    await sql('INSERT INTO works SELECT generate_series(1, 20)');
    await eventually('others are applied', async () => (await sql('SELECT FROM effect')).length === 20);
    const rows = await eventually('each is a failed attempt', async () => {
      const found = await sql(`SELECT error FROM threefactor.attempts WHERE event_trigger = 'evades'`);
      return found.length === 3 && found;
    }, 60_000);
    for (const { error } of rows) assert.match(error, /^apply failed, 57014 query_canceled: it ran past threefactor\.apply_timeout, its process was ended/);
    await eventually('no process is left that runs it', async () => (await sql(`SELECT FROM pg_stat_activity WHERE query LIKE '%evade()%' AND pid <> pg_backend_pid()`)).length === 0);
  });
  await step('a process that does not even end is left behind and replaced', async () => {
    await make('stuck', `SELECT pg_sleep(600)`);
    await sql('INSERT INTO stuck VALUES (1)');
    const [{ pid }] = await eventually('it runs', async () => {
      const rows = await sql(`SELECT pid FROM pg_stat_activity WHERE backend_type = 'threefactor apply' AND query = 'SELECT pg_sleep(600)' AND state = 'active'`);
      return rows.length === 1 && rows;
    });
    process.kill(pid, 'SIGSTOP'); // as one that does not look for interrupts
    try {
      await eventually('it is a failed attempt', async () => (await sql(`SELECT FROM threefactor.attempts WHERE event_trigger = 'stuck'`)).length === 1, 60_000);
      await sql('INSERT INTO works VALUES (21)');
      await eventually('others are applied', async () => (await sql('SELECT FROM effect')).length === 21);
      assert.match(await cluster.logTail(Infinity), new RegExp(`process ${pid}, which runs the apply statement .* does not end`));
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    await eventually('then it ends', async () => (await sql('SELECT FROM pg_stat_activity WHERE pid = $1', [pid])).length === 0);
  });
  await sink.stop();
});

scenario('settings of roles and databases', { app: false, gateway: false }, async (system, step) => {
  const { sql, cluster } = system;
  const sink = await Sink.start();
  await sql('CREATE EXTENSION threefactor; CREATE ROLE nobody; CREATE ROLE owner LOGIN; GRANT nobody TO owner; CREATE TABLE effect (run_by text, role text, replica text)');
  await sql('GRANT ALL ON effect TO owner; GRANT CREATE ON SCHEMA public TO owner');
  await makeTrigger({ sql, sink, name: 'plain' });
  await sql('CREATE TABLE applied (id integer); ALTER TABLE applied OWNER TO owner');
  await sql(`SELECT threefactor.create_event_trigger('applied', 'applied', $1, apply =>
    'INSERT INTO effect VALUES (current_user, current_setting(''role''), current_setting(''session_replication_role''))')`, [`${sink.url}/applied`]);
  const [{ version }] = await sql(`SELECT current_setting('server_version_num')::integer / 10000 AS version`);
  const kHostile = [
    `role = 'nobody'`, `session_authorization = 'owner'`, `default_transaction_read_only = on`, `default_transaction_isolation = 'serializable'`,
    `default_transaction_deferrable = on`, `statement_timeout = 1`, `lock_timeout = 1`, `row_security = off`, `session_replication_role = replica`,
    `search_path = nowhere`, `DateStyle = 'German'`, `IntervalStyle = 'sql_standard'`, `TimeZone = 'Asia/Tokyo'`, `bytea_output = 'escape'`,
    `standard_conforming_strings = off`, `transform_null_equals = on`, `quote_all_identifiers = on`, `exit_on_error = on`,
    `plpgsql.variable_conflict = 'use_column'`, `plpgsql.extra_errors = 'all'`, `enable_indexscan = off`, `enable_sort = off`,
    `default_tablespace = ''`, `${version < 16 ? 'force_parallel_mode' : 'debug_parallel_query'} = on`, `synchronous_commit = off`, `track_activities = off`,
  ];

  await step('none of them stops a worker or gives it another role', async () => {
    // A session that is made before: what comes after cannot do without.
    const admin = await cluster.open();
    for (const target of ['DATABASE food_ordering', 'ROLE postgres', 'ROLE ALL', 'ROLE owner IN DATABASE food_ordering'])
      for (const setting of kHostile) await admin.query(`ALTER ${target} SET ${setting}`);
    await admin.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type IN ('threefactor delivery', 'threefactor launcher')`);
    await eventually('a worker', async () => (await admin.query(`SELECT FROM pg_stat_activity WHERE backend_type = 'threefactor delivery'`)).rows.length === 1);
    await admin.query(`INSERT INTO plain VALUES (1, 'a'); INSERT INTO applied VALUES (1)`);
    await admin.query(`SELECT threefactor.schedule_once('${sink.url}/once', now(), '1')`);
    await eventually('it delivers', () => sink.on('/plain').length === 1 && sink.on('/once').length === 1);
    const effect = await eventually('and applies', async () => {
      const { rows } = await admin.query('SELECT * FROM effect');
      return rows.length === 1 && rows[0];
    });
    assert.deepEqual(effect, { run_by: 'owner', role: 'none', replica: 'origin' });
    await admin.end();
  });
  await sink.stop();
});

scenario('a worker is asked for', { settings: { 'threefactor.max_databases': 4 }, app: false, gateway: false }, async (system, step) => {
  const { sql } = system;
  const sink = await Sink.start();
  const state = async (database) => (await sql('SELECT state FROM threefactor_private.worker_status()', [], database))[0].state;

  await step('by whoever writes, after its schema was renamed and back', async () => {
    await sql('CREATE EXTENSION threefactor');
    await makeTrigger({ sql, sink, name: 'renamed' });
    await eventually('a worker', () => workerIsThere(sql));
    await sql(`UPDATE pg_namespace SET nspname = 'elsewhere' WHERE nspname = 'threefactor'`); // a member of an extension cannot be renamed otherwise
    await sql(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'threefactor delivery'`);
    await eventually('it has gone for good', async () => !(await workerIsThere(sql)) && (await sql(`SELECT FROM pg_stat_activity WHERE backend_type LIKE 'threefactor delivery%'`)).length === 0);
    await sql(`UPDATE pg_namespace SET nspname = 'threefactor' WHERE nspname = 'elsewhere'`);
    await sql('INSERT INTO renamed VALUES (1)');
    await eventually('it is delivered', () => sink.on('/renamed').length === 1);
  });

  await step('by adopt(), in a copy of a template', async () => {
    await sql('CREATE DATABASE copy TEMPLATE food_ordering', [], 'postgres');
    await eventually('it says what it waits for', async () => (await sql('SELECT state FROM threefactor.status', [], 'copy'))[0].state === 'waits for adopt()');
    await sql('SELECT threefactor.adopt()', [], 'copy');
    await sql('INSERT INTO renamed VALUES (2)', [], 'copy');
    await eventually('it is delivered', () => sink.on('/renamed').some((call) => call.body.event.data.new.id === 2));
    assert.equal(await state('copy'), 'running');
  });
  await sink.stop();
});

scenario('more databases than processes', {
  settings: { max_worker_processes: 3, max_parallel_workers: 0, max_logical_replication_workers: 0 }, app: false, gateway: false,
}, async (system, step) => {
  const { sql, cluster } = system;
  const sink = await Sink.start();
  const names = ['one', 'two', 'three', 'four', 'five'];

  await step('all are served in turn, and said so', async () => {
    for (const name of names) {
      await sql(`CREATE DATABASE ${name}`, [], 'postgres');
      await sql('CREATE EXTENSION threefactor', [], name);
      await makeTrigger({ sql, sink, name: `of_${name}`, database: name });
    }
    for (const name of names) await sql(`INSERT INTO of_${name} VALUES (1)`, [], name);
    await eventually('a database says that it waits', async () => {
      const states = await Promise.all(names.map(async (name) => (await sql('SELECT state FROM threefactor.status', [], name))[0].state));
      return states.includes('waits for a background worker slot (max_worker_processes)');
    }, 60_000);
    for (let round = 1; round <= 2; round++) {
      await eventually('each is served', () => names.every((name) => sink.on(`/of_${name}`).length === round), 120_000);
      if (round < 2) for (const name of names) await sql(`INSERT INTO of_${name} VALUES (2)`, [], name);
    }
    assert.match(await cluster.logTail(Infinity), /no background worker slot \(max_worker_processes\) for database "/);
  });

  await step('CREATE EXTENSION warns', async () => {
    await sql('CREATE DATABASE six', [], 'postgres');
    const { pg } = await import('../clients/clients.mjs');
    const client = new pg.Client({ connectionString: cluster.url('six') });
    const notices = [];
    client.on('notice', (notice) => notices.push(notice.message));
    await client.connect();
    await eventually('others wait', async () => {
      await client.query('DROP EXTENSION IF EXISTS threefactor');
      await client.query('CREATE EXTENSION threefactor');
      return notices.some((message) => /no background worker slot \(max_worker_processes\)/.test(message));
    });
    await client.end();
  });
  await sink.stop();
});
