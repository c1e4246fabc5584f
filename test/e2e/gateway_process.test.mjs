// The gateway as a process: options, ports, an unreachable database, shutdown.
import assert from 'node:assert/strict';
import { createServer } from 'node:net';

import { eventually, kGateway, kSecret, scenario } from './harness.mjs';
import { freePort, Process } from './support/process.mjs';

scenario('the gateway process', {}, async (system, step) => {
  // Starts a gateway that must end by itself; returns what it said.
  async function refuses(args, environment = { THREEFACTOR_ADMIN_SECRET: kSecret }) {
    const gateway = new Process('gateway', kGateway, args, environment);
    await eventually('a verdict', () => !gateway.running || / serving http/.test(gateway.output));
    const ended = gateway.running ? await gateway.stop('SIGKILL') : await gateway.exited;
    assert.ok(ended.code > 0, `it should have refused ${args.join(' ')}: ${gateway.output}`);
    assert.equal(ended.signal, null);
    return gateway.output;
  }
  const listen = async () => `127.0.0.1:${await freePort()}`;
  const url = system.cluster.url();

  await step('bad options', async () => {
    assert.match(await refuses(['--no-such-option']), /no-such-option/);
    assert.match(await refuses(['--database-url', url, '--listen', 'nonsense']), /listen/);
    assert.match(await refuses(['--database-url', url, '--listen', '127.0.0.1:99999']), /99999|listen/);
    assert.match(await refuses(['--database-url', url, '--listen', await listen(), '--pool-size', '0']), /pool-size/);
    assert.match(await refuses(['--listen', await listen()]), /database-url/);
  });

  await step('a port in use', async () => {
    const server = createServer();
    const address = await listen();
    await new Promise((resolve) => server.listen(Number(address.split(':')[1]), '127.0.0.1', resolve));
    assert.match(await refuses(['--database-url', url, '--listen', address]), /in use/i);
    await new Promise((resolve) => server.close(resolve));
  });

  await step('a schema that does not exist is served once it does, with a warning', async () => {
    const port = await freePort();
    const args = ['--database-url', url, '--listen', `127.0.0.1:${port}`, '--schemas', 'public,later'];
    const gateway = new Process('gateway', kGateway, args, { THREEFACTOR_ADMIN_SECRET: kSecret });
    await gateway.healthy(port);
    assert.match(gateway.output, /no schema later yet/);
    assert.equal((await gateway.stop()).code, 0);
  });

  await step('a schema that somebody made under the name of the extension is not taken for it', async () => {
    await system.sql('CREATE DATABASE squatted');
    const squatted = (text) => system.sql(text, [], 'squatted');
    await squatted('CREATE SCHEMA threefactor; CREATE TABLE public.t (id integer PRIMARY KEY)');
    await squatted(`CREATE FUNCTION threefactor.metadata() RETURNS json LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'sprung, as %', current_user; END $$`);
    const port = await freePort();
    const gateway = new Process('gateway', kGateway, ['--database-url', system.cluster.url('squatted'), '--listen', `127.0.0.1:${port}`], { THREEFACTOR_ADMIN_SECRET: kSecret });
    await gateway.healthy(port);
    assert.equal((await gateway.stop()).code, 0);
    assert.doesNotMatch(gateway.output, /sprung/);
    await system.sql('DROP DATABASE squatted');
  });

  await step('an unreachable database, a database that does not exist, a wrong URL', async () => {
    const nobody = await freePort();
    assert.match(await refuses(['--database-url', `postgres://postgres@127.0.0.1:${nobody}/x`, '--listen', await listen()]), /refused/i);
    assert.match(await refuses(['--database-url', system.cluster.url('no_such_database'), '--listen', await listen()]), /no_such_database/);
    assert.match(await refuses(['--database-url', 'nonsense://x', '--listen', await listen()]), /./);
  });

  await step('waiting for a database it can be stopped', async () => {
    const args = ['--database-url', `postgres://postgres@127.0.0.1:${await freePort()}/x`, '--listen', await listen(), '--connect-timeout', '600000'];
    const gateway = new Process('gateway', kGateway, args, { THREEFACTOR_ADMIN_SECRET: kSecret });
    await eventually('it waits', () => /waiting for database/.test(gateway.output));
    assert.deepEqual(await gateway.stop(), { code: 1, signal: null });
    assert.match(gateway.output, /stopped while waiting/);
  });

  await step('without an admin secret it serves loopback only; an empty one is not none', async () => {
    const port = await freePort();
    assert.match(await refuses(['--database-url', url, '--listen', `0.0.0.0:${port}`], {}), /admin-secret|insecure/);
    for (const name of ['THREEFACTOR_ADMIN_SECRET', 'HASURA_GRAPHQL_ADMIN_SECRET']) {
      assert.match(await refuses(['--database-url', url, '--listen', `127.0.0.1:${port}`], { [name]: '' }), new RegExp(`${name} is set but empty`));
    }
  });

  await step('variables that are not served are named; those that would protect something stop the start', async () => {
    const port = await freePort();
    const args = ['--database-url', url, '--listen', `127.0.0.1:${port}`];
    for (const [name, value] of Object.entries({
      HASURA_GRAPHQL_JWT_SECRET: '{"type":"HS256","key":"not-to-be-told"}',
      HASURA_GRAPHQL_AUTH_HOOK: 'not-to-be-told',
      HASURA_GRAPHQL_ADMIN_SECRETS: '["not-to-be-told", 5]',
      HASURA_GRAPHQL_METRICS_SECRET: 'not-to-be-told',
      HASURA_GRAPHQL_ENABLE_ALLOWLIST: 'true',
      HASURA_GRAPHQL_ENABLED_APIS: 'graphql',
      HASURA_GRAPHQL_DEV_MODE: 'not-to-be-understood',
      THREEFACTOR_JWT_SECRET: 'not-to-be-told',
      HASURA_GRAPHQL_CORS_DOMAIN: 'not-an-origin',
    })) {
      const output = await refuses(args, { THREEFACTOR_ADMIN_SECRET: kSecret, [name]: value });
      assert.match(output, new RegExp(`${name}|cors-origins|dev-mode|jwt-secret|auth-hook|admin-secret`));
      assert.doesNotMatch(output, /not-to-be-told/);
    }
    const ignored = { HASURA_GRAPHQL_ENABLE_CONSOLE: 'true', HASURA_GRAPHQL_ENABLE_ALLOWLIST: 'false', THREEFACTOR_POOLSIZE: '3' };
    const gateway = new Process('gateway', kGateway, args, { THREEFACTOR_ADMIN_SECRET: kSecret, ...ignored });
    await gateway.healthy(port);
    const named = gateway.output.split('\n').filter((line) => /not served/.test(line));
    assert.equal(named.length, 1);
    for (const name of Object.keys(ignored)) assert.match(named[0], new RegExp(name));
    assert.equal((await gateway.stop()).code, 0);
  });

  await step('the text of a RAISE EXCEPTION reaches administrators, unless they would not have it', async () => {
    await system.sql(`CREATE TABLE raising (id integer PRIMARY KEY);
      CREATE FUNCTION raise_it() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF NEW.id = 2 THEN RAISE EXCEPTION USING MESSAGE = 'custom', ERRCODE = 'ZZ001', DETAIL = 'what', HINT = 'do this'; END IF;
        RAISE EXCEPTION 'no more % today', 'pizza'; END $$;
      CREATE TRIGGER raise_it BEFORE INSERT ON raising FOR EACH ROW EXECUTE FUNCTION raise_it()`);
    await eventually('the table is served', () => system.graphql('{ raising { id } }'));
    const insert = (id = 1) => ({ query: `mutation { insert_raising_one(object: {id: ${id}}) { id } }` });
    const { body } = await system.post('/v1/graphql', insert());
    assert.equal(body.errors[0].message, 'database query error');
    assert.equal(body.errors[0].extensions.code, 'unexpected');
    const { message, status_code } = body.errors[0].extensions.internal.error;
    assert.deepEqual({ message, status_code }, { message: 'no more pizza today', status_code: 'P0001' });
    const custom = (await system.post('/v1/graphql', [insert(2)])).body[0].errors[0].extensions.internal.error;
    assert.deepEqual(custom, { exec_status: 'FatalError', hint: 'do this', message: 'custom', status_code: 'ZZ001', description: 'what' });
    const port = await freePort();
    const quiet = new Process('gateway', kGateway, ['--database-url', url, '--listen', `127.0.0.1:${port}`], { THREEFACTOR_ADMIN_SECRET: kSecret, HASURA_GRAPHQL_ADMIN_INTERNAL_ERRORS: 'false' });
    await quiet.healthy(port);
    const response = await fetch(`http://127.0.0.1:${port}/v1/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-hasura-admin-secret': kSecret },
      body: JSON.stringify(insert()),
    });
    assert.equal((await response.json()).errors[0].extensions.internal, undefined);
    assert.equal((await quiet.stop()).code, 0);
  });

  await step('help and version', async () => {
    for (const [option, expected] of [['--help', /--database-url/], ['--version', /\d/]]) {
      const gateway = new Process('gateway', kGateway, [option]);
      assert.equal((await gateway.exited).code, 0);
      assert.match(gateway.output, expected);
    }
  });

  await step('Hasura variable names', async () => {
    const port = await freePort();
    const gateway = new Process('gateway', kGateway, [], {
      HASURA_GRAPHQL_DATABASE_URL: url,
      HASURA_GRAPHQL_ADMIN_SECRET: kSecret,
      HASURA_GRAPHQL_SERVER_PORT: String(port),
    });
    await gateway.healthy(port);
    const response = await fetch(`http://127.0.0.1:${port}/v1/version`);
    assert.match((await response.json()).version, /\d/);
    assert.equal((await gateway.stop()).code, 0);
  });

  await step('CORS preflight', async () => {
    const response = await fetch(`${system.gatewayUrl}/v1/graphql`, {
      method: 'OPTIONS',
      headers: { origin: 'http://frontend.example', 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' },
    });
    assert.ok(response.ok);
    assert.ok(['*', 'http://frontend.example'].includes(response.headers.get('access-control-allow-origin')));
  });

  await step('a statement that runs when SIGTERM comes is answered; WebSockets are told to go', async () => {
    await system.sql(`CREATE VIEW slow AS SELECT 1 AS one FROM pg_sleep(0.5)`);
    await eventually('the view is served', () => system.graphql('{ slow { one } }'));
    const subscription = system.connect().subscribe('subscription { number_orders { count } }');
    await subscription.until('a first result', () => true);
    const answer = system.graphql('{ slow { one } }');
    await eventually('it runs', async () => (await system.sql("SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep'")).length > 0);
    const ended = system.gateway.stop('SIGTERM');
    assert.deepEqual(await answer, { slow: [{ one: 1 }] });
    assert.deepEqual(await ended, { code: 0, signal: null });
  });
});
