// What the gateway's log holds of operations that fail: which, and of what kind, never values.
import assert from 'node:assert/strict';

import { eventually, kGateway, kSecret, scenario } from './harness.mjs';
import { Gateway } from './support/gateway.mjs';

scenario('the log of the gateway', { app: false }, async (system, step) => {
  const { sql } = system;
  const kValue = '4111-1111';
  await sql(`
    CREATE TABLE cards (id int PRIMARY KEY, number text);
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE WARNING 'warned of %', NEW.number;
        RAISE EXCEPTION 'bad card %', NEW.number USING DETAIL = 'detail ' || NEW.number, HINT = 'hint ' || NEW.number;
      END $$;
    CREATE TRIGGER refuse BEFORE INSERT ON cards FOR EACH ROW EXECUTE FUNCTION refuse()`);
  const gateway = await Gateway.start(kGateway, system.cluster.url(), kSecret, ['--log-level', 'debug']);
  const output = () => gateway.process.output;
  const mutation = 'mutation Pay($n: String!) { insert_cards_one(object: {id: 1, number: $n}) { id } }';
  const body = { query: mutation, variables: { n: kValue } };
  const headers = { 'content-type': 'application/json', 'x-hasura-admin-secret': kSecret };
  const send = async (path, sent, id) => {
    const response = await fetch(`${gateway.url}${path}`, {
      method: 'POST',
      headers: { ...headers, 'x-request-id': id },
      body: JSON.stringify(sent),
    });
    return JSON.parse(await response.text());
  };

  await step('a failed operation: SQLSTATE, condition, request, operation', async () => {
    const { errors } = await send('/v1/graphql', body, 'the-first');
    assert.match(errors[0].extensions.internal.error.message, new RegExp(kValue), 'the administrator is told');
    await eventually('the log tells', () => output().includes('SQLSTATE P0001 (raise_exception), request the-first, operation Pay'));
    const [first] = await send('/v1/graphql', [body], 'the-second');
    assert.equal(first.errors[0].message, 'database query error');
    await eventually('the log tells', () => output().includes('P0001 (raise_exception), request the-second, operation Pay'));
  });

  await step('on a WebSocket', async () => {
    const connection = gateway.connect();
    const failed = connection.subscribe(mutation, { n: kValue });
    await eventually('an error', () => failed.last?.errors);
    assert.equal(failed.last.errors[0].message, 'database query error');
    await eventually('the log tells', () => output().split('operation Pay').length > 3);
  });

  await step('the metadata API, a GET, a path, a connection that ends after an error', async () => {
    await send('/v2/query', { type: 'run_sql', args: { sql: `SELECT '${kValue}'::int` } }, 'sql');
    await send('/v2/query', { type: 'run_sql', args: { sql: `DO $$ BEGIN RAISE WARNING '${kValue}'; END $$` } }, 'notice');
    await send('/v2/query', { type: 'run_sql', args: { sql: `SELECT pg_terminate_backend(pg_backend_pid()), '${kValue}'::int` } }, 'end');
    const query = encodeURIComponent(`{cards(where:{number:{_eq:"${kValue}"}}){id}}`);
    for (const path of [`/v1/graphql?query=${query}`, `/${kValue}`, `/v1/graphql/${kValue}?${kValue}`])
      await (await fetch(`${gateway.url}${path}`, { headers })).text();
    await eventually('the log has the last request', () => output().split('to no endpoint').length > 2);
  });

  await step('none of it holds the value', () => assert.doesNotMatch(output(), new RegExp(kValue)));

  await step('a name with a line feed writes no line of its own', async () => {
    await sql('CREATE TABLE "a\n2026-01-01 error forged" (id int)');
    await eventually('the log names it', () => output().includes('"a\\n2026-01-01 error forged"'));
    assert.doesNotMatch(output(), /^2026-01-01/m);
  });

  await gateway.stop();
});
