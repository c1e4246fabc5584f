// apply: the handler only answers; a statement takes its answer, once, as the owner of the table.
import assert from 'node:assert/strict';

import { eventually, scenario } from './harness.mjs';
import { Sink } from './support/sink.mjs';

const settings = {
  'threefactor.appliers': 2,
  'threefactor.apply_lock_timeout': '60s',
  'threefactor.apply_timeout': '60s',
  'threefactor.outbox_partition_size': '1MB',
};

scenario('apply', { settings, app: false, gateway: false }, async (system, step) => {
  const { cluster, sql } = system;
  const sink = await Sink.start();
  const behave = {};
  const answer = (value) => (call, response) => response.end(typeof value === 'string' ? value : JSON.stringify(value));
  sink.behave = (call, response) => (behave[call.path.slice(1)] ?? answer({}))(call, response);
  await sql('CREATE EXTENSION threefactor');
  await sql('CREATE ROLE owner LOGIN; CREATE ROLE other LOGIN; GRANT CREATE ON SCHEMA public TO owner, other');
  await sql('CREATE TABLE effect (name text, entry integer, run_by text DEFAULT current_user, session text DEFAULT session_user, response json)');
  await sql('GRANT ALL ON effect TO owner, other; CREATE TABLE secret (id integer)');

  // A table of `owner` and an event trigger of that name, posting to a path of that name.
  const make = async (name, apply, { owner = 'owner', retry = { attempts: 5, backoff: 'fixed', interval: 0.05 } } = {}) => {
    await sql(`CREATE TABLE ${name} (id integer, text text); ALTER TABLE ${name} OWNER TO ${owner}`);
    await sql(`SELECT threefactor.create_event_trigger($1, $1::text::regclass, $2, operations => '{INSERT}', retry => $3, apply => $4)`, [
      name, `${sink.url}/${name}`, retry, apply,
    ]);
  };
  const insertEffect = (name) => `INSERT INTO effect (name, entry, response) VALUES ('${name}', ($1 #>> '{event,data,new,id}')::integer, $2)`;
  const effects = (name) => sql('SELECT entry, run_by, session, response FROM effect WHERE name = $1 ORDER BY entry', [name]);
  const attempts = (name) =>
    sql('SELECT attempt, outcome, status, error FROM threefactor.attempts WHERE event_trigger = $1 ORDER BY attempt', [name]);
  const settled = (name, outcome) =>
    eventually(`${name} is ${outcome}`, async () => {
      const rows = await attempts(name);
      return rows.some((row) => row.outcome === outcome) && rows;
    });

  await step('a decision becomes a change, made by the owner of the table', async () => {
    await make('orders', insertEffect('orders'));
    behave.orders = (call, response) => response.end(JSON.stringify({ approved: call.body.event.data.new.id > 1 }));
    await sql(`INSERT INTO orders VALUES (1, 'a'), (2, 'b')`);
    const rows = await eventually('two changes', async () => {
      const found = await effects('orders');
      return found.length === 2 && found;
    });
    assert.deepEqual(rows, [
      { entry: 1, run_by: 'owner', session: 'owner', response: { approved: false } },
      { entry: 2, run_by: 'owner', session: 'owner', response: { approved: true } },
    ]);
    await settled('orders', 'delivered');
  });

  await step('its changes are events too', async () => {
    await make('second', insertEffect('second'));
    await make('first', `INSERT INTO second SELECT ($1 #>> '{event,data,new,id}')::integer, $2 ->> 'text'`);
    behave.first = answer({ text: 'made by apply' });
    await sql(`INSERT INTO first VALUES (7, 'a')`);
    await eventually('the second one is applied', async () => (await effects('second')).length === 1);
    assert.equal(sink.on('/second')[0].body.event.data.new.text, 'made by apply');
  });

  await step('a statement that fails is a failed attempt, retried with the same key', async () => {
    await sql('CREATE TABLE gate (open boolean); GRANT ALL ON gate TO owner; INSERT INTO gate VALUES (false)');
    await make('flaky', `INSERT INTO effect (name, entry) SELECT 'flaky', 1 / (CASE WHEN open THEN 1 ELSE 0 END) FROM gate`, {
      retry: { attempts: 100, backoff: 'fixed', interval: 0.05, statuses: [503] },
    });
    await sql(`INSERT INTO flaky VALUES (1, 'a')`);
    await eventually('it is posted again', () => sink.on('/flaky').length >= 3);
    await sql('UPDATE gate SET open = true');
    const rows = await settled('flaky', 'delivered');
    assert.equal(rows[0].outcome, 'retrying');
    assert.equal(rows[0].status, 200);
    assert.equal(rows[0].error, 'apply failed, 22012 division_by_zero: division by zero');
    assert.equal(new Set(sink.on('/flaky').map((call) => call.headers['idempotency-key'])).size, 1);
    assert.equal((await effects('flaky')).length, 1);
  });

  await step('after the last attempt: a dead letter', async () => {
    await make('constrained', `INSERT INTO constrained VALUES (0, $2 ->> 'text')`, { retry: { attempts: 2, backoff: 'fixed', interval: 0 } });
    await sql('ALTER TABLE constrained ADD CHECK (id > 0), ADD UNIQUE (text) DEFERRABLE INITIALLY DEFERRED');
    behave.constrained = answer({ text: 'x' });
    await sql(`INSERT INTO constrained VALUES (1, 'a')`);
    const rows = await settled('constrained', 'dead');
    assert.match(rows[1].error, /^apply failed, 23514 check_violation: new row for relation "constrained" violates check constraint /);
  });

  await step('what only the commit finds is a failure too', async () => {
    await make('deferred', `INSERT INTO effect (name, entry) VALUES ('deferred', 1)`, { retry: { attempts: 1 } });
    await sql('CREATE TABLE once (id integer UNIQUE DEFERRABLE INITIALLY DEFERRED); GRANT ALL ON once TO owner; INSERT INTO once VALUES (1)');
    await sql(`SELECT threefactor.create_event_trigger('deferred', 'deferred', $1, retry => '{"attempts": 1}', replace => true,
      apply => 'WITH effect AS (INSERT INTO effect (name, entry) VALUES (''deferred'', 1)) INSERT INTO once VALUES (1)')`, [`${sink.url}/deferred`]);
    await sql(`INSERT INTO deferred VALUES (1, 'a')`);
    const rows = await settled('deferred', 'dead');
    assert.match(rows[0].error, /^apply failed, 23505 unique_violation: /);
    assert.deepEqual(await effects('deferred'), []);
  });

  await step('a response that is not JSON, not text, or too large is a failed attempt that says so', async () => {
    const cases = {
      not_json: ['approved', /^the response is not JSON, 22P02 invalid_text_representation: invalid input syntax for type json/],
      no_response: ['', /^the response is not JSON/],
      not_text: [Buffer.from([0x22, 0xff, 0x22]), /^the response is not UTF-8$/],
      too_large: [`"${'x'.repeat(1 << 20)}"`, /^the response is larger than 1 MB$/],
    };
    for (const [name, [body, error]] of Object.entries(cases)) {
      await make(name, insertEffect(name), { retry: { attempts: 1 } });
      behave[name] = (call, response) => response.end(body);
      await sql(`INSERT INTO ${name} VALUES (1, 'a')`);
      const [row] = await settled(name, 'dead');
      assert.match(row.error, error, name);
      assert.deepEqual(await effects(name), []);
    }
  });

  await step('the values in an error show to the owner, not to a monitor, nor in the log', async () => {
    await sql(`CREATE ROLE watcher IN ROLE threefactor_monitor; GRANT threefactor_admin TO owner`);
    await sql('ALTER SYSTEM SET threefactor.log_deliveries = on');
    await sql('SELECT pg_reload_conf()');
    const tries = {
      cast_row: `SELECT ($1 #>> '{event,data,new,text}')::integer`,
      cast_response: `SELECT ($2 ->> 'card')::date`,
      violates: `INSERT INTO checked VALUES ($1 #>> '{event,data,new,text}')`,
      says_so: 'SELECT say_so($1)',
      at_commit: `INSERT INTO at_commit_checked VALUES ($1 #>> '{event,data,new,text}'), ($1 #>> '{event,data,new,text}')`,
    };
    await sql(`CREATE FUNCTION say_so(event json) RETURNS void LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'card %', event #>> '{event,data,new,text}' USING DETAIL = event::text, ERRCODE = 'UE123'; END $$;
      CREATE TABLE at_commit_checked (text text UNIQUE DEFERRABLE INITIALLY DEFERRED); CREATE TABLE checked (text text CHECK (text NOT LIKE '4%')); GRANT ALL ON at_commit_checked, checked TO owner`);
    const kind = {
      cast_row: 'apply failed, 22P02 invalid_text_representation',
      cast_response: 'apply failed, 22007 invalid_datetime_format',
      violates: 'apply failed, 23514 check_violation',
      says_so: 'apply failed, UE123 (a code of its own)',
      at_commit: 'apply failed, 23505 unique_violation',
    };
    for (const [name, statement] of Object.entries(tries)) {
      behave[name] = answer({ card: '4111-1111-response' });
      await make(name, statement, { retry: { attempts: 1 } });
      await sql(`INSERT INTO ${name} VALUES (1, '4111-1111-row')`);
      const [row] = await settled(name, 'dead');
      assert.equal(row.error.split(': ')[0], kind[name]);
      const seenBy = async (role) => {
        const session = await cluster.open();
        await session.query(`SET ROLE ${role}`);
        const { rows } = await session.query(`SELECT (SELECT json_agg(a) FROM threefactor.attempts AS a WHERE event_trigger = $1)::text AS attempts,
          (SELECT json_agg(d) FROM threefactor.deliveries AS d WHERE event_trigger = $1)::text AS deliveries, (SELECT json_agg(d) FROM threefactor.dead_letters AS d WHERE event_trigger = $1)::text AS dead_letters,
          (SELECT json_agg(s) FROM threefactor.status AS s WHERE event_trigger = $1)::text AS status,
          (SELECT last_error FROM threefactor.dead_letters WHERE event_trigger = $1) AS last_error`, [name]);
        await session.end();
        return rows[0];
      };
      const watched = await seenBy('watcher');
      assert.equal(watched.last_error, kind[name]);
      assert.doesNotMatch(JSON.stringify(watched), /4111/);
      const owned = await seenBy('owner');
      assert.match(owned.dead_letters, /4111-1111-row/);
      assert.equal(owned.last_error, row.error);
      await eventually('the status says it', async () => (await seenBy('watcher')).status.includes(kind[name]));
      const [{ gauges }] = await sql('SELECT json_agg(error)::text AS gauges FROM threefactor_private.gauges()');
      assert.doesNotMatch(gauges, /4111/);
    }
    // Nor by other ways into the log: what a statement says, and what is noted of the end of a process.
    await sql(`CREATE FUNCTION speak(event json) RETURNS void LANGUAGE plpgsql AS $$ BEGIN RAISE WARNING 'card %', event; RAISE LOG 'card %', event; SET LOCAL log_min_messages = debug5; END $$;
      CREATE FUNCTION end_with(event json) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE format('SELECT pg_terminate_backend(pg_backend_pid()), %L', event); END $$`);
    for (const [name, statement] of [['speaks', 'SELECT speak($1)'], ['ends', 'SELECT end_with($1)']]) {
      await make(name, statement, { retry: { attempts: 1 } });
      await sql(`INSERT INTO ${name} VALUES (1, '4111-1111-row')`);
      await settled(name, 'dead');
    }
    await eventually('the log says the kinds', async () => (await cluster.logTail(Infinity)).includes(kind.violates));
    assert.doesNotMatch(await cluster.logTail(Infinity), /4111-1111/);
    await sql('ALTER SYSTEM RESET threefactor.log_deliveries');
    await sql('SELECT pg_reload_conf()');
  });

  await step('a response far larger than what is kept is applied whole', async () => {
    const text = 'y'.repeat(900_000);
    await make('large', insertEffect('large'));
    behave.large = answer({ text });
    await sql(`INSERT INTO large VALUES (1, 'a')`);
    await settled('large', 'delivered');
    assert.equal((await effects('large'))[0].response.text, text);
  });

  await step('it has no more rights than the owner, whatever it tries', async () => {
    await sql(`CREATE TABLE others (id integer); ALTER TABLE others OWNER TO other`);
    const tries = {
      reads_secret: 'SELECT FROM secret',
      writes_others: 'INSERT INTO others VALUES (1)',
      resets_role: 'SELECT escape_by($e$RESET ROLE$e$)',
      resets_session: 'SELECT escape_by($e$RESET SESSION AUTHORIZATION$e$)',
      becomes_superuser: 'SELECT escape_by($e$SET SESSION AUTHORIZATION postgres$e$)',
      commits: 'SELECT escape_by($e$COMMIT$e$)',
      reads_outbox: 'SELECT FROM threefactor.outbox',
    };
    await sql(`CREATE FUNCTION escape_by(statement text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE statement; DELETE FROM secret; END $$`);
    await sql('INSERT INTO secret VALUES (1)');
    for (const [name, statement] of Object.entries(tries)) {
      await make(name, statement, { retry: { attempts: 1 } });
      await sql(`INSERT INTO ${name} VALUES (1, 'a')`);
      const [row] = await settled(name, 'dead');
      assert.match(row.error, /^apply failed, (42501|0A000|2D000) /, name);
    }
    assert.equal((await sql('SELECT FROM secret')).length, 1);
  });

  await step('a session keeps nothing for the next statement', async () => {
    await sql(`CREATE FUNCTION leave_behind() RETURNS void LANGUAGE plpgsql AS $$ BEGIN
      CREATE TEMP TABLE effect (LIKE public.effect INCLUDING DEFAULTS);
      PERFORM set_config('search_path', 'pg_temp', false), set_config('lock_timeout', '1', false), pg_advisory_lock(1); END $$`);
    await make('leaves', 'SELECT leave_behind()');
    await sql(`INSERT INTO leaves VALUES (1, 'a')`);
    await settled('leaves', 'delivered');
    await make('finds', insertEffect('finds'));
    await sql(`INSERT INTO finds VALUES (1, 'a')`);
    await settled('finds', 'delivered');
    assert.equal((await effects('finds')).length, 1);
    assert.equal((await sql(`SELECT FROM pg_locks WHERE locktype = 'advisory'`)).length, 0);
  });

  await step('a statement that waits for a lock delays nobody else', async () => {
    await sql('CREATE TABLE held (id integer); GRANT ALL ON held TO owner');
    await make('waits', `WITH held AS (INSERT INTO held VALUES (1)) ${insertEffect('waits')}`);
    await make('applies', insertEffect('applies'));
    await make('only_posts', null);
    const holder = await cluster.open();
    await holder.query('BEGIN; LOCK TABLE held');
    await sql(`INSERT INTO waits SELECT i, 'a' FROM generate_series(1, 200) AS i`);
    await eventually('one waits', async () => (await sql(`SELECT FROM pg_locks WHERE NOT granted AND relation = 'held'::regclass`)).length > 0);
    await sql(`INSERT INTO applies SELECT i, 'a' FROM generate_series(1, 200) AS i`);
    await sql(`INSERT INTO only_posts SELECT i, 'a' FROM generate_series(1, 200) AS i`);
    await eventually('another is applied', async () => (await effects('applies')).length === 200);
    await eventually('another is posted', () => sink.on('/only_posts').length === 200);
    assert.deepEqual(await effects('waits'), []);
    await holder.query('ROLLBACK');
    await holder.end();
    await eventually('now it is applied', async () => (await effects('waits')).length === 200);
  });

  await step('a statement that waits does not hold up DROP DATABASE', async () => {
    await sql('CREATE DATABASE dropped');
    const there = (text, parameters) => sql(text, parameters, 'dropped');
    await there('CREATE EXTENSION threefactor; CREATE TABLE t (id integer)');
    await there(`SELECT threefactor.create_event_trigger('t', 't', $1, apply => 'SELECT pg_sleep(600)')`, [`${sink.url}/dropped`]);
    await there('INSERT INTO t VALUES (1)');
    await eventually('it runs', async () => (await sql(`SELECT FROM pg_stat_activity WHERE datname = 'dropped' AND backend_type = 'threefactor apply' AND state = 'active'`)).length === 1);
    await sql('DROP DATABASE dropped');
  });

  await step('delivered again with the same key, nothing is applied again', async () => {
    const [{ event_id: event }] = await sql(`SELECT event_id FROM threefactor.deliveries WHERE event_trigger = 'finds'`);
    await sql('SELECT threefactor.redeliver(event => $1, dead_only => false)', [event]);
    await eventually('it is posted again', () => sink.on('/finds').length === 2);
    await eventually('and settled', async () => (await sql('SELECT FROM threefactor.parked WHERE event_id = $1', [event])).length === 0);
    assert.equal((await effects('finds')).length, 1);
  });

  await step('a role that may not log in any more: a failed attempt that says so', async () => {
    await sql('ALTER ROLE owner NOLOGIN');
    await sql(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'threefactor apply'`);
    await make('locked_out', insertEffect('locked_out'), { owner: 'other', retry: { attempts: 1 } });
    await sql(`ALTER ROLE other NOLOGIN; INSERT INTO locked_out VALUES (1, 'a')`);
    assert.equal((await settled('locked_out', 'dead'))[0].error, 'apply failed: role "other" is not permitted to log in');
    await sql('ALTER ROLE owner LOGIN; ALTER ROLE other LOGIN');
  });

  await step('who ends its applier takes nothing with it that was to come after', async () => {
    await make('poison', `SELECT CASE ($1 #>> '{event,data,new,text}') WHEN 'poison' THEN pg_terminate_backend(pg_backend_pid()) END`, { retry: { attempts: 1 } });
    await sql(`INSERT INTO poison SELECT n, CASE WHEN n IN (60, 70) THEN 'poison' ELSE '' END FROM generate_series(1, 200) AS n`);
    await eventually('all are settled', async () => (await attempts('poison')).length === 200);
    const dead = await sql(`SELECT (new_row ->> 'id')::integer AS id, last_error FROM threefactor.dead_letters WHERE event_trigger = 'poison' ORDER BY 1`);
    assert.deepEqual(dead.map(({ id }) => id), [60, 70]);
    assert.match(dead[0].last_error, /the applier ended|terminating connection/);
  });

  await step('each effect once, whoever is killed', async () => {
    await sql('SELECT threefactor.pause(name) FROM threefactor.event_triggers');
    await make('ledger', insertEffect('ledger'), { retry: { attempts: 1000, backoff: 'fixed', interval: 0.1 } });
    const pid = async (type) => (await sql('SELECT pid FROM pg_stat_activity WHERE backend_type = $1 ORDER BY random() LIMIT 1', [type]))[0]?.pid;
    const signal = (type, name) => async () => process.kill(await eventually(`a ${type}`, () => pid(type)), name);
    const server = async () => {
      await cluster.kill();
      await cluster.start();
    };
    const victims = [
      signal('threefactor apply', 'SIGTERM'), signal('threefactor apply', 'SIGKILL'), signal('threefactor delivery', 'SIGKILL'),
      server, signal('threefactor delivery', 'SIGTERM'), signal('threefactor apply', 'SIGTERM'), server,
    ];
    let written = 0;
    for (const kill of victims) {
      const before = (await eventually('the server answers', () => effects('ledger'))).length;
      await eventually('written', async () => {
        await sql(`INSERT INTO ledger SELECT i, repeat('x', 500) FROM generate_series($1::integer + 1, $1 + 300) AS i`, [written]);
        written += 300;
        return true;
      });
      await eventually('applies go on', async () => (await effects('ledger')).length > before + 50);
      await kill();
    }
    await eventually('all is applied and settled', async () => {
      const [row] = await sql(`SELECT count(*) FILTER (WHERE state = 'delivered')::integer AS delivered FROM threefactor.deliveries WHERE event_trigger = 'ledger'`);
      return row.delivered >= written;
    }, 60_000);
    const [{ entries, different }] = await sql(`SELECT count(*)::integer AS entries, count(DISTINCT entry)::integer AS different FROM effect WHERE name = 'ledger'`);
    assert.equal(entries, different, 'no effect twice');
    const [{ inserted }] = await sql('SELECT count(*)::integer AS inserted FROM ledger');
    assert.equal(entries, inserted, 'each effect');
    assert.ok(sink.on('/ledger').length > inserted, 'the kills led to repeats, which this is about');
  });
  await sink.stop();
});
