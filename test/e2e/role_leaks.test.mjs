// Nothing of one request reaches the next, on a gateway of a single session: whatever a request leaves behind meets the one
// after it. Functions of users do what they like; requests fail, are cancelled, time out, and lose their server.
import assert from 'node:assert/strict';

import { eventually, kSecret, scenario } from './harness.mjs';
import { PgBouncer } from './support/pgbouncer.mjs';

const kSchema = `
  CREATE ROLE shop_owner; CREATE ROLE gateway LOGIN; CREATE ROLE web; CREATE ROLE other;
  GRANT shop_owner, web, other TO gateway;
  GRANT ALL ON SCHEMA public TO shop_owner; GRANT TEMPORARY ON DATABASE food_ordering TO web;
  SET ROLE shop_owner;
  CREATE TABLE answers (id integer PRIMARY KEY, text text);
  INSERT INTO answers VALUES (1, 'none');
  CREATE TABLE parents (id integer PRIMARY KEY);
  CREATE TABLE children (id integer PRIMARY KEY, parent integer REFERENCES parents DEFERRABLE INITIALLY DEFERRED, seen text);
  CREATE SEQUENCE numbers; GRANT USAGE ON SEQUENCE numbers TO web;
  GRANT SELECT ON answers TO web, other; GRANT SELECT, INSERT, DELETE ON parents, children TO web;
  -- Runs any statement with the rights of whoever calls it, as a careless function might.
  CREATE FUNCTION run(statement text) RETURNS SETOF answers LANGUAGE plpgsql VOLATILE AS $$ BEGIN
    EXECUTE statement; RETURN QUERY SELECT * FROM answers; END $$;
  CREATE FUNCTION run_and_fail(statement text) RETURNS SETOF answers LANGUAGE plpgsql VOLATILE AS $$ BEGIN
    EXECUTE statement; RAISE EXCEPTION 'failed'; END $$;
  CREATE FUNCTION run_and_sleep(statement text) RETURNS SETOF answers LANGUAGE plpgsql VOLATILE AS $$ BEGIN
    EXECUTE statement; PERFORM pg_sleep(30); END $$;
  -- All that can be seen of a session.
  CREATE FUNCTION session() RETURNS SETOF answers LANGUAGE sql STABLE AS $$
    SELECT 1, json_build_object('user', current_user, 'session', session_user, 'claims', coalesce(current_setting('request.jwt.claims', true), ''), 'variables', coalesce(current_setting('hasura.user', true), ''),
      'settings', (SELECT json_object_agg(name, setting) FROM pg_settings WHERE source = 'session' AND name NOT IN ('client_encoding', 'application_name')),
      'encoding', current_setting('client_encoding'), 'application', current_setting('application_name'),
      'own', coalesce(current_setting('my.secret', true), ''), 'path', current_setting('search_path'), 'timeout', current_setting('statement_timeout'),
      'locks', (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()),
      'cursors', (SELECT json_agg(name) FROM pg_cursors WHERE name <> ''), 'prepared', (SELECT json_agg(name) FROM pg_prepared_statements WHERE from_sql),
      'channels', (SELECT json_agg(c) FROM pg_listening_channels() AS c), 'temporary', (SELECT json_agg(relname) FROM pg_class WHERE relpersistence = 't' AND pg_table_is_visible(oid)))::text $$;
  CREATE FUNCTION remember() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    NEW.seen := current_user || (current_setting('request.jwt.claims')::json->>'x-hasura-user-id'); RETURN NEW; END $$;
  CREATE TRIGGER remember BEFORE INSERT ON children FOR EACH ROW EXECUTE FUNCTION remember();
  CREATE TABLE checked (child integer, by text); GRANT INSERT ON checked TO web;
  CREATE FUNCTION check_late() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO checked VALUES (NEW.id, current_user || (current_setting('request.jwt.claims')::json->>'x-hasura-user-id')); RETURN NULL; END $$;
  CREATE CONSTRAINT TRIGGER late AFTER INSERT ON children DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_late();
  -- A view and a policy whose expressions leave something behind, without any function of users.
  CREATE VIEW careless AS SELECT 1 AS id, set_config('my.secret', 'of a view', false) AS text, pg_try_advisory_lock(7) AS locked;
  GRANT SELECT ON careless TO web;
  CREATE TABLE watched (id integer); INSERT INTO watched VALUES (1); GRANT SELECT ON watched TO web;
  ALTER TABLE watched ENABLE ROW LEVEL SECURITY;
  CREATE POLICY careless ON watched TO web USING (set_config('my.secret', 'of a policy', false) <> '');
  RESET ROLE`;

const kLeaks = [
  `SELECT set_config('my.secret', 'mine', false)`,
  `SET search_path TO pg_temp, evil`,
  `SET ROLE other`,
  `SET SESSION AUTHORIZATION DEFAULT`,
  `SET statement_timeout TO 1`,
  `SELECT set_config('role', 'shop_owner', false)`,
  `SELECT set_config('request.jwt.claims', '{"x-hasura-user-id":"stolen"}', false)`,
  `SELECT set_config('hasura.user', '{"x-hasura-user-id":"stolen"}', false)`,
  `SET default_transaction_read_only TO on`,
  `SELECT pg_advisory_lock(42)`,
  `SELECT pg_advisory_lock_shared(43)`,
  `CREATE TEMPORARY TABLE answers AS SELECT 9 AS id, 'temporary'::text AS text`,
  `PREPARE mine AS SELECT 1`,
  `LISTEN mine`,
  `DECLARE mine CURSOR WITH HOLD FOR SELECT 'secret'`,
  `SELECT nextval('numbers')`,
];

async function everything(system, step, name) {
  const ask = async (query, role = 'web', id = '1', variables = {}) =>
    (await system.post('/v1/graphql', { query, variables }, role === 'admin' ? {} : { 'x-hasura-role': role, 'x-hasura-user-id': id })).body;
  const run = (statement, how = 'run', id = '1') => ask(`mutation ($s: String!) { ${how}(args: {statement: $s}) { id } }`, 'web', id, { s: statement });
  const session = async (role, id) => {
    const body = await ask('{ session { text } }', role, id);
    assert.ok(body.data, JSON.stringify(body));
    return JSON.parse(body.data.session[0].text);
  };
  const clean = {};
  for (const role of ['web', 'other', 'admin']) clean[role] = await session(role, '2');
  assert.equal(clean.web.user, 'web');
  assert.equal(JSON.parse(clean.web.claims)['x-hasura-user-id'], '2');
  assert.equal(clean.admin.user, 'shop_owner');

  const isClean = async (after) => {
    for (const role of ['web', 'other', 'admin']) assert.deepEqual(await session(role, '2'), clean[role], `${role} after ${after}`);
    const lastval = await run('SELECT lastval()', 'run', '2');
    assert.equal(lastval.errors?.[0].extensions.code, 'unexpected', `lastval after ${after}: ${JSON.stringify(lastval)}`);
  };

  for (const statement of kLeaks) {
    await step(`${name}: ${statement}`, async () => {
      const body = await run(statement);
      assert.ok(body.data || /TEMPORARY|search_path/.test(statement), JSON.stringify(body)); // the others' own answer can be read after them
      await isClean(statement);
      assert.ok((await run(statement, 'run_and_fail')).errors);
      await isClean(`${statement}, which failed`);
    });
  }

  await step(`${name}: expressions of a view and of a policy`, async () => {
    for (const query of ['{ careless { id text locked } }', '{ watched { id } }']) {
      const body = await ask(query);
      assert.ok(body.data, JSON.stringify(body));
      await isClean(query);
    }
  });

  await step(`${name}: timeouts, cancels and servers that are killed`, async () => {
    await system.sql(`ALTER ROLE web SET statement_timeout = '400ms'`);
    await eventually('the timeout is known', async () => (await session('web', '2')).timeout === '400ms');
    const body = await run('SELECT pg_advisory_lock(44)', 'run_and_sleep');
    assert.equal(body.errors[0].extensions.code, 'unexpected');
    await system.sql('ALTER ROLE web RESET statement_timeout');
    await eventually('the timeout is gone', async () => (await session('web', '2')).timeout === clean.web.timeout);
    await isClean('a timeout');

    const running = async () => (await system.sql(`SELECT pid FROM pg_stat_activity WHERE query LIKE '%run_and_sleep%' AND state = 'active' AND pid <> pg_backend_pid()`))[0]?.pid;
    for (const how of ['pg_cancel_backend', 'pg_terminate_backend']) {
      const answer = run('SELECT pg_advisory_lock(45)', 'run_and_sleep');
      const pid = await eventually('it runs', running);
      await system.sql(`SELECT ${how}($1)`, [pid]);
      assert.ok((await answer).errors);
      await isClean(how);
    }
  });

  await step(`${name}: a mutation keeps its role and claims to the end, deferred checks included`, async () => {
    const insert = (id, parent, user) => ask(`mutation { insert_parents_one(object: {id: ${id}}) { id } insert_children_one(object: {id: ${id}, parent: ${parent}}) { seen } }`, 'web', user);
    const body = await insert(1, 1, '77');
    assert.equal(body.data?.insert_children_one.seen, 'web77', JSON.stringify(body));
    assert.deepEqual(await system.sql('SELECT child, by FROM checked'), [{ child: 1, by: 'web77' }]);
    const missing = await insert(2, 99, '78');
    assert.equal(missing.errors[0].extensions.code, 'constraint-violation', JSON.stringify(missing));
    assert.deepEqual(await system.sql('SELECT id FROM parents'), [{ id: 1 }]);
    await isClean('a deferred error');
    await system.sql('DELETE FROM children; DELETE FROM parents; DELETE FROM checked');
  });

  await step(`${name}: many requests of all roles at once`, async () => {
    await Promise.all(
      Array.from({ length: 120 }, async (_, i) => {
        if (i % 3 === 0) return void (await run(kLeaks[i % kLeaks.length], i % 2 ? 'run' : 'run_and_fail', String(i)));
        const role = ['web', 'other', 'admin'][i % 3];
        const now = await session(role, String(i));
        assert.equal(now.user, role === 'admin' ? 'shop_owner' : role);
        if (role !== 'admin') assert.equal(JSON.parse(now.claims).sub, String(i));
        assert.equal(now.own ?? '', '');
      }),
    );
    await isClean('all of it');
  });
}

async function prepare(system) {
  await system.sql('CREATE EXTENSION threefactor');
  await system.cluster.psql(['-c', kSchema]);
  await system.sql('GRANT threefactor_gateway TO gateway; GRANT threefactor_admin TO shop_owner');
  await system.sql(`SET ROLE shop_owner; SELECT threefactor.track_function('public', name) FROM unnest('{run,run_and_fail,run_and_sleep,session}'::text[]) AS name`);
}

scenario('what a request leaves behind', { app: false, gateway: false }, async (system, step) => {
  await prepare(system);
  system.databaseUrl = system.cluster.url().replace('postgres@', 'gateway@');
  system.gatewayArguments = ['--admin-role', 'shop_owner', '--pool-size', '1', '--threads', '1'];
  await system.startGateway();
  await everything(system, step, 'a session of its own');
});

scenario('what a request leaves behind, behind a pooler', { app: false, gateway: false }, async (system, step) => {
  await prepare(system);
  const bouncer = await PgBouncer.start(system.cluster, `${system.directory}/pgbouncer`, 1, 'gateway');
  try {
    system.databaseUrl = bouncer.url();
    system.gatewayArguments = ['--admin-role', 'shop_owner', '--pool-size', '3', '--direct-database-url', system.cluster.url().replace('postgres@', 'gateway@')];
    await system.startGateway();
    await everything(system, step, 'PgBouncer');
  } finally {
    await system.gateway?.end();
    await bouncer.stop();
  }
});
