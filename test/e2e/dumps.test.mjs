// Who may dump a database with the extension, and what comes of it.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

import { scenario } from './harness.mjs';

const run = promisify(execFile);

scenario('dumps', { settings: { 'threefactor.deliver': 'off' }, app: false, gateway: false }, async (system, step) => {
  const { cluster } = system;
  const sql = (text, parameters) => system.sql(text, parameters, 'owned');
  const file = `${system.directory}/dump.sql`;
  const dump = async (role, ...options) => {
    await run(`${cluster.directory}/tree/bin/pg_dump`, ['-d', cluster.url('owned').replace('postgres@', `${role}@`), '-f', file, ...options]);
    return await readFile(file, 'utf8');
  };
  for (const statement of [
    'CREATE ROLE owner LOGIN', 'CREATE ROLE next_owner LOGIN', 'CREATE ROLE reader LOGIN IN ROLE pg_read_all_data', 'CREATE ROLE tenant LOGIN',
    'CREATE DATABASE owned OWNER owner',
  ])
    await system.sql(statement, [], 'postgres');
  await sql('CREATE EXTENSION threefactor');
  await system.sql('GRANT threefactor_admin TO owner, tenant', [], 'postgres');
  await sql('GRANT CREATE ON SCHEMA public TO tenant');
  await cluster.as('tenant', `CREATE TABLE t (id integer PRIMARY KEY); GRANT SELECT ON t TO owner, next_owner`, 'owned');
  await cluster.as('tenant', `SELECT threefactor.create_event_trigger('t', 't', 'https://example.com/')`, 'owned');
  await sql('INSERT INTO t VALUES (1)');
  const holdsAll = (text) => {
    assert.match(text, /COPY threefactor.event_trigger .*\n1\tt\t/);
    assert.match(text, /CREATE TRIGGER "00_threefactor_/);
  };

  await step('the owner of the database, who is an administrator, too', async () => holdsAll(await dump('owner')));
  await step('a member of pg_read_all_data', async () => holdsAll(await dump('reader')));
  await step('both also when it is set aside, with what is undelivered', async () => {
    await cluster.as('owner', 'CALL threefactor.set_aside()', 'owned');
    for (const role of ['owner', 'reader']) assert.match(await dump(role), /COPY threefactor.parked .*\n.*\tretrying\t/);
    await cluster.as('owner', 'SELECT threefactor.adopt()', 'owned');
    assert.match(await dump('owner'), /COPY threefactor.parked .*\n\\\.\n/);
  });
  await step('the right follows the database', async () => {
    await system.sql('ALTER DATABASE owned OWNER TO next_owner', [], 'postgres');
    holdsAll(await dump('next_owner'));
    await assert.rejects(dump('owner'), /permission denied for/);
  });
  await step('it reads what is dumped, no other event', async () => {
    for (const table of ['outbox', 'outbox_0', 'attempt', 'checkpoint'])
      await assert.rejects(cluster.as('next_owner', `SELECT FROM threefactor.${table}`, 'owned'), /permission denied for/);
    for (const table of ['definition', 'parked', 'origin'])
      await assert.rejects(cluster.as('next_owner', `DELETE FROM threefactor.${table}`, 'owned'), /permission denied for/);
  });
  await step('who owns tables only dumps them, or all without the schema of the extension', async () => {
    for (const options of [['-t', 't'], ['-n', 'public'], ['--exclude-schema=threefactor'], ['--exclude-schema=threefactor', '--schema-only']])
      assert.match(await dump('tenant', ...options), /CREATE TRIGGER "00_threefactor_/, options.join(' '));
    for (const options of [['-t', 't'], ['-n', 'public']]) assert.doesNotMatch(await dump('tenant', ...options), /COPY threefactor|CREATE EXTENSION/);
  });
});
