// The page on moving from Hasura: its commands, in their order, on a project of files; and what import says and does.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

import { graphql } from '../clients/clients.mjs';

import { eventually, kGateway, kSecret, scenario } from './harness.mjs';
import { freePort } from './support/process.mjs';
import { Sink } from './support/sink.mjs';

const kPage = new URL('../../gateway/MOVING_FROM_HASURA.md', import.meta.url);

function run(command, env, cwd) {
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['-c', command], { cwd, env: { ...process.env, ...env } });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (output += part));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
}

const kFiles = (webhook) => ({
  'config.yaml': 'version: 3\nendpoint: http://localhost:8080\nmetadata_directory: metadata\n',
  'metadata/version.yaml': 'version: 3\n',
  'metadata/databases/databases.yaml': `- name: default
  kind: postgres
  configuration:
    connection_info:
      database_url:
        from_env: PG_DATABASE_URL
      isolation_level: read-committed
  tables: "!include default/tables/tables.yaml"
  functions: "!include default/functions/functions.yaml"
`,
  'metadata/databases/default/tables/tables.yaml': '- "!include public_customer.yaml"\n- "!include public_purchase.yaml"\n',
  'metadata/databases/default/tables/public_customer.yaml': `table:
  name: customer
  schema: public
configuration:
  column_config:
    full_name:
      custom_name: name
array_relationships:
  - name: purchases
    using:
      foreign_key_constraint_on:
        column: customer_id
        table:
          name: purchase
          schema: public
`,
  'metadata/databases/default/tables/public_purchase.yaml': `table:
  name: purchase
  schema: public
object_relationships:
  - name: customer
    using:
      foreign_key_constraint_on: customer_id
event_triggers:
  - name: purchase_made
    definition:
      enable_manual: false
      insert:
        columns: '*'
    retry_conf:
      interval_sec: 10
      num_retries: 3
      timeout_sec: 60
    webhook: ${webhook}
`,
  'metadata/databases/default/functions/functions.yaml': '- function:\n    name: customers_named\n    schema: public\n',
  'metadata/query_collections.yaml': `- name: allowed-queries
  definition:
    queries:
      - name: customers
        query: |
          query customers {
            customer { name }
          }
`,
  'metadata/allow_list.yaml': '- collection: allowed-queries\n  scope:\n    global: true\n',
  'metadata/cron_triggers.yaml': `- name: nightly\n  webhook: ${webhook}\n  schedule: 0 3 * * *\n  include_in_metadata: true\n  payload: {}\n`,
  'metadata/actions.graphql': '',
  'metadata/actions.yaml': 'actions: []\ncustom_types:\n  enums: []\n  input_objects: []\n  objects: []\n  scalars: []\n',
  'metadata/remote_schemas.yaml': '[]\n',
  'metadata/rest_endpoints.yaml': '[]\n',
  'metadata/inherited_roles.yaml': '[]\n',
  'metadata/api_limits.yaml': '{}\n',
  'metadata/network.yaml': '{}\n',
  'metadata/metrics_config.yaml': '{}\n',
  'metadata/opentelemetry.yaml': '{}\n',
  'metadata/graphql_schema_introspection.yaml': 'disabled_for_roles: []\n',
  'metadata/backend_configs.yaml': '{}\n',
});

scenario('moving from Hasura', { app: false, gateway: false }, async (system, step) => {
  const sink = await Sink.start();
  const project = `${system.directory}/shop`;
  const write = async (files) => {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(`${project}/${name}`), { recursive: true });
      await writeFile(`${project}/${name}`, text);
    }
  };
  const env = { DATABASE_URL: system.cluster.url(), ADMIN_SECRET: kSecret, PATH: `${dirname(kGateway)}:${process.env.PATH}` };
  const shell = (command) => run(command, env, system.directory);
  const exported = async () => (await system.sql('SELECT threefactor.export_metadata()::text AS text'))[0].text;
  // What Hasura's server has left.
  await system.sql(`CREATE TABLE customer (id serial PRIMARY KEY, full_name text);
    CREATE TABLE purchase (id serial PRIMARY KEY, customer_id integer NOT NULL REFERENCES customer);
    CREATE TABLE internal (id serial PRIMARY KEY);
    CREATE FUNCTION customers_named(wanted text) RETURNS SETOF customer LANGUAGE sql STABLE AS 'SELECT * FROM customer WHERE full_name = wanted';
    CREATE SCHEMA hdb_catalog; CREATE TABLE hdb_catalog.event_log (id integer);
    CREATE FUNCTION hdb_catalog.note() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO hdb_catalog.event_log VALUES (1); RETURN NULL; END';
    CREATE TRIGGER "notify_hasura_purchase_made_INSERT" AFTER INSERT ON purchase FOR EACH ROW EXECUTE FUNCTION hdb_catalog.note()`);
  await write(kFiles(`${sink.url}/purchase`));
  let server;
  let url;
  try {
    const commands = [...(await readFile(kPage, 'utf8')).matchAll(/^```sh\n(.*?)^```$/gms)].map(([, command]) => command.trim());
    assert.equal(commands.length, 6);
    const [create, dropTriggers, show, apply, serve, schema] = commands;

    await step('the extension, and the triggers of Hasura', async () => {
      for (const command of [create, dropTriggers]) assert.deepEqual((await shell(command)).code, 0, command);
      assert.deepEqual(await system.sql(`SELECT tgname FROM pg_trigger WHERE tgname LIKE 'notify%'`), []);
    });

    await step('import shows what it would do, and changes nothing', async () => {
      const before = await exported();
      const { code, output } = await shell(show);
      assert.equal(code, 0, output);
      for (const line of ['table customer in source default', 'object_relation customer in table purchase in source default',
        'event_trigger purchase_made in table purchase in source default', 'function customers_named in source default',
        'query_collection allowed-queries', 'allowlist allowed-queries', 'cron_trigger nightly', 'public.internal', 'Nothing was changed. --apply does it.'])
        assert.ok(output.includes(line), `${line} in\n${output}`);
      assert.match(output, /Kept, without effect here:\n {2}\$\.sources\[0\]\.configuration/);
      assert.equal(await exported(), before);
    });

    await step('what cannot be done is listed, and stops the whole', async () => {
      const before = await exported();
      const table = await readFile(`${project}/metadata/databases/default/tables/public_purchase.yaml`, 'utf8');
      await write({
        'metadata/actions.yaml': 'actions:\n  - name: login\n    definition:\n      kind: synchronous\ncustom_types: {}\n',
        'metadata/databases/default/tables/tables.yaml': '- "!include public_customer.yaml"\n- "!include public_purchase.yaml"\n- table:\n    name: absent\n    schema: public\n',
        'metadata/databases/default/tables/public_purchase.yaml': `${table}    request_transform:\n      version: 2\n`,
      });
      for (const command of [show, apply]) {
        const { code, output } = await shell(command);
        assert.equal(code, 2, output);
        assert.match(output, /Cannot be done:\n(?: {2}.*\n)* {2}\$\.actions\[0\]: actions: not supported here: "login"\n/);
        assert.match(output, /\$\.sources\[0\]\.tables\[1\]\.event_triggers\[0\]\.request_transform: request_transform is not supported/);
        assert.match(output, /table absent in source default: Inconsistent object: table "absent" does not exist/);
        assert.equal(await exported(), before);
      }
      const partial = await shell(`${apply} --partial`);
      assert.equal(partial.code, 0, partial.output);
      const { sources: [{ tables }] } = JSON.parse(await exported());
      assert.deepEqual(tables.map((each) => [each.table.name, each.event_triggers?.length]), [['absent', undefined], ['customer', undefined], ['purchase', undefined]]);
      await write(kFiles(`${sink.url}/purchase`));
    });

    await step('import does it', async () => {
      const { code, output } = await shell(apply);
      assert.equal(code, 0, output);
      assert.match(output, /Removed:\n {2}table absent in source default\n/);
      const first = await exported();
      assert.equal((await shell(apply)).code, 0);
      assert.equal(await exported(), first, 'again, nothing changes');
      await writeFile(`${project}.json`, first);
      const again = await shell(`threefactor-gateway import shop.json --apply --database-url "$DATABASE_URL"`);
      assert.equal(again.code, 0, again.output);
      assert.equal(await exported(), first, 'a file of JSON');
    });

    await step('it is served', async () => {
      const port = await freePort();
      server = spawn('bash', ['-c', `exec env ${serve.replace('127.0.0.1:8080', `127.0.0.1:${port}`)}`], { env: { ...process.env, ...env }, stdio: 'ignore' });
      url = `http://127.0.0.1:${port}`;
      await eventually('it is there', async () => (await fetch(`${url}/healthz`).catch(() => undefined))?.status === 200);
      const query = 'mutation { insert_customer_one(object: {name: "Ann", purchases: {data: [{}]}}) { name purchases { customer { name } } } }';
      const response = await fetch(`${url}/v1/graphql`, {
        method: 'POST', headers: { 'content-type': 'application/json', 'x-hasura-admin-secret': kSecret }, body: JSON.stringify({ query }),
      });
      assert.deepEqual(await response.json(), { data: { insert_customer_one: { name: 'Ann', purchases: [{ customer: { name: 'Ann' } }] } } });
      await eventually('the event is delivered', () => sink.on('/purchase').length === 1);
    });

    await step('the schema of the role is printed, the same that introspection tells', async () => {
      const { code, output } = await shell(schema);
      assert.equal(code, 0);
      const read = graphql.buildSchema(output);
      assert.ok(read.getQueryType().getFields().customers_named);
      const asked = await fetch(`${url}/v1/graphql`, {
        method: 'POST', headers: { 'content-type': 'application/json', 'x-hasura-admin-secret': kSecret }, body: JSON.stringify({ query: graphql.getIntrospectionQuery() }),
      });
      const sorted = (of) => graphql.printSchema(graphql.lexicographicSortSchema(of));
      assert.equal(sorted(read), sorted(graphql.buildClientSchema((await asked.json()).data)));
      const wrong = await shell(`threefactor-gateway schema --role '"nobody' --database-url "$DATABASE_URL"`);
      assert.equal(wrong.code, 1);
      assert.match(wrong.output, /nobody/);
    });

    await step('bad input is told so', async () => {
      for (const [command, what] of [
        ['import', /import needs the path/],
        ['import nothing', /nothing: there is no such file or directory/],
        [`import ${system.cluster.directory}`, /no metadata of Hasura|cannot be read|Permission denied/i],
        ['import shop --nonsense', /--nonsense/],
      ]) {
        const { code, output } = await shell(`threefactor-gateway ${command} --database-url "$DATABASE_URL"`);
        assert.equal(code, 1, output);
        assert.match(output, what);
      }
      await writeFile(`${project}.json`, '{"version": 3, "sources": [');
      assert.match((await shell('threefactor-gateway import shop.json --database-url "$DATABASE_URL"')).output, /shop\.json/);
      await writeFile(`${project}.json`, '{"version": 3, "sources": [], "sources": []}');
      assert.match((await shell('threefactor-gateway import shop.json --database-url "$DATABASE_URL"')).output, /given twice/);
      const unreachable = await shell('threefactor-gateway import shop --database-url postgresql://u:topsecret@127.0.0.1:1/x');
      assert.equal(unreachable.code, 1);
      assert.ok(!unreachable.output.includes('topsecret'), unreachable.output);
      await system.sql('CREATE DATABASE plain');
      assert.match((await shell(`threefactor-gateway import shop --database-url "${system.cluster.url('plain')}"`)).output, /CREATE EXTENSION threefactor/);
    });
  } finally {
    server?.kill();
    await sink.stop();
    await rm(project, { recursive: true, force: true });
  }
});
