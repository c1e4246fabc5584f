// What permissions say that Postgres has no notion of holds in the gateway: caps of rows, aggregation, root fields, computed fields, and
// what is for backends only.
import assert from 'node:assert/strict';

import { eventually, kSecret, scenario } from './harness.mjs';
import { ModernConnection } from './support/subscription.mjs';

const as = (role, more = {}) => ({ 'x-hasura-role': role, ...more });
const kBackend = { 'x-hasura-use-backend-only-permissions': 'true' };

scenario('limits of permissions', { app: false, gateway: false }, async (system, step) => {
  await system.sql(`CREATE EXTENSION threefactor;
    CREATE TABLE authors (id integer PRIMARY KEY, name text);
    CREATE TABLE notes (id serial PRIMARY KEY, author_id integer REFERENCES authors, body text);
    INSERT INTO authors VALUES (1, 'Ann'), (2, 'Bob');
    INSERT INTO notes (author_id, body) SELECT 1, 'note ' || i FROM generate_series(1, 6) AS i;
    CREATE FUNCTION all_notes() RETURNS SETOF notes LANGUAGE sql STABLE AS 'SELECT * FROM public.notes ORDER BY id';
    CREATE FUNCTION loud(note notes) RETURNS text LANGUAGE sql STABLE AS 'SELECT upper(note.body)';
    CREATE FUNCTION quiet(note notes) RETURNS text LANGUAGE sql STABLE AS 'SELECT lower(note.body)'`);
  system.gatewayArguments = ['--unauthorized-role', 'few'];
  await system.startGateway();
  const made = async (type, args) => {
    const { status, body } = await system.post('/v1/metadata', { type, args });
    assert.deepEqual([status, body], [200, { message: 'success' }], type);
  };
  for (const table of ['authors', 'notes']) await made('pg_track_table', { table });
  await made('pg_create_array_relationship', { table: 'authors', name: 'written', using: { foreign_key_constraint_on: { table: 'notes', column: 'author_id' } } });
  await made('pg_track_function', { function: 'all_notes' });
  for (const name of ['loud', 'quiet']) await made('pg_add_computed_field', { table: 'notes', name, definition: { function: name } });

  const columns = { columns: '*', filter: {} };
  for (const role of ['few', 'counter', 'narrow']) await made('pg_create_select_permission', { table: 'authors', role, permission: { ...columns, allow_aggregations: true } });
  await made('pg_create_select_permission', { table: 'notes', role: 'few', permission: { ...columns, limit: 2, computed_fields: ['loud'] } });
  await made('pg_create_select_permission', { table: 'notes', role: 'counter', permission: { ...columns, limit: 2, allow_aggregations: true } });
  await made('pg_create_select_permission', {
    table: 'notes', role: 'narrow', permission: { ...columns, allow_aggregations: true, query_root_fields: ['select_by_pk'], subscription_root_fields: ['select'] },
  });
  for (const role of ['few', 'counter']) await made('pg_create_function_permission', { function: 'all_notes', role });
  const rights = { insert: { columns: '*', check: {} }, update: { columns: '*', filter: {}, check: {} }, delete: { filter: {} } };
  for (const [operation, permission] of Object.entries(rights))
    await made(`pg_create_${operation}_permission`, { table: 'notes', role: 'few', permission: { ...permission, backend_only: true } });
  // A role that only SQL knows.
  await system.sql(`CREATE ROLE native; GRANT SELECT ON notes TO native; CREATE POLICY all_rows ON notes TO native USING (true)`);

  const ask = async (query, headers) => (await system.post('/v1/graphql', { query }, headers)).body;
  const data = async (query, headers) => {
    const body = await ask(query, headers);
    assert.ok(body.data, JSON.stringify(body));
    return body.data;
  };
  const isUnknown = async (query, headers, field) => {
    const body = await ask(query, headers);
    assert.match(body.errors?.[0]?.message ?? JSON.stringify(body), new RegExp(`field ['"]${field}['"] not found in type`), query);
  };
  const ids = (rows) => rows.map((row) => row.id);

  await step('a limit caps every list of the table, and what the request asks for is the smaller one', async () => {
    const found = await data(
      `{ notes(order_by: {id: desc}) { id } one: notes(limit: 1, order_by: {id: asc}) { id } many: notes(limit: 5, offset: 4, order_by: {id: asc}) { id }
         authors(order_by: {id: asc}) { id written(order_by: {id: asc}) { id } } all_notes { id } }`,
      as('few'),
    );
    assert.deepEqual(ids(found.notes), [6, 5]);
    assert.deepEqual(ids(found.one), [1]);
    assert.deepEqual(ids(found.many), [5, 6]);
    assert.deepEqual(found.authors.map((author) => ids(author.written)), [[1, 2], []]);
    assert.deepEqual(ids(found.all_notes), [1, 2]);
  });

  await step('nodes are capped, aggregates count all rows that the role may read', async () => {
    const query = `{ notes_aggregate(order_by: {id: desc}) { aggregate { count } nodes { id } }
      nodes: notes_aggregate(order_by: {id: desc}) { nodes { id } } one: notes_aggregate(limit: 1, order_by: {id: asc}) { aggregate { count } nodes { id } }
      none: notes_aggregate(where: {id: {_lt: 0}}) { aggregate { count } nodes { id } }
      authors(order_by: {id: asc}) { written_aggregate(order_by: {id: asc}) { aggregate { count } nodes { id } } }
      all_notes_aggregate { aggregate { count } nodes { id } } }`;
    const found = await data(query, as('counter'));
    assert.deepEqual(found.notes_aggregate, { aggregate: { count: 6 }, nodes: [{ id: 6 }, { id: 5 }] });
    assert.deepEqual(found.nodes, { nodes: [{ id: 6 }, { id: 5 }] });
    assert.deepEqual(found.one, { aggregate: { count: 1 }, nodes: [{ id: 1 }] });
    assert.deepEqual(found.none, { aggregate: { count: 0 }, nodes: [] });
    assert.deepEqual(found.authors[0].written_aggregate, { aggregate: { count: 6 }, nodes: [{ id: 1 }, { id: 2 }] });
    assert.deepEqual(found.authors[1].written_aggregate, { aggregate: { count: 0 }, nodes: [] });
    assert.deepEqual(found.all_notes_aggregate, { aggregate: { count: 6 }, nodes: [{ id: 1 }, { id: 2 }] });
    assert.equal((await data('{ notes_aggregate { aggregate { count } nodes { id } } }')).notes_aggregate.nodes.length, 6);
  });

  await step('without allow_aggregations nothing aggregates, unless the right is one of SQL', async () => {
    await isUnknown('{ notes_aggregate { aggregate { count } } }', as('few'), 'notes_aggregate');
    await isUnknown('{ all_notes_aggregate { aggregate { count } } }', as('few'), 'all_notes_aggregate');
    await isUnknown('{ authors { written_aggregate { aggregate { count } } } }', as('few'), 'written_aggregate');
    await isUnknown('{ authors(where: {written_aggregate: {count: {predicate: {_gt: 1}}}}) { id } }', as('few'), 'written_aggregate');
    await isUnknown('{ authors(order_by: {written_aggregate: {count: asc}}) { id } }', as('few'), 'written_aggregate');
    const found = await data('{ notes { id } notes_aggregate { aggregate { count } } }', as('native'));
    assert.deepEqual([found.notes.length, found.notes_aggregate.aggregate.count], [6, 6]);
  });

  await step('root fields and computed fields are those that are listed', async () => {
    assert.deepEqual(await data('{ notes_by_pk(id: 1) { id } authors { written(limit: 1) { id } } }', as('narrow')), {
      notes_by_pk: { id: 1 }, authors: [{ written: [{ id: 1 }] }, { written: [] }],
    });
    await isUnknown('{ notes { id } }', as('narrow'), 'notes');
    await isUnknown('{ notes_aggregate { aggregate { count } } }', as('narrow'), 'notes_aggregate');
    await isUnknown('subscription { notes_by_pk(id: 1) { id } }', as('narrow'), 'notes_by_pk');
    assert.equal((await data('{ notes(order_by: {id: asc}, limit: 1) { loud } }', as('few'))).notes[0].loud, 'NOTE 1');
    await isUnknown('{ notes { quiet } }', as('few'), 'quiet');
    await isUnknown('{ notes { loud } }', as('counter'), 'loud');
  });

  await step('a subscription is capped too, and follows when the permission changes', async () => {
    const connection = new ModernConnection(`${system.gatewayUrl.replace('http', 'ws')}/v1/graphql`, kSecret, as('few'));
    system.connections.push(connection);
    const subscription = connection.subscribe('subscription { notes(order_by: {id: desc}) { id } }');
    await subscription.until('the first rows', (result) => ids(result.notes).join() === '6,5');
    await system.sql("INSERT INTO notes (id, author_id, body) VALUES (7, 2, 'new')");
    await subscription.until('the new row', (result) => ids(result.notes).join() === '7,6');
    await made('pg_drop_select_permission', { table: 'notes', role: 'few' });
    await made('pg_create_select_permission', { table: 'notes', role: 'few', permission: { ...columns, limit: 1, computed_fields: ['loud'] } });
    await subscription.until('the new limit', (result) => ids(result.notes).join() === '7');
    assert.ok(subscription.results.every((result) => result.notes.length <= 2));
    await system.sql('DELETE FROM notes WHERE id = 7');
  });

  await step('what is for backends only takes the admin secret and the header', async () => {
    const insert = 'mutation { insert_notes(objects: {id: 100, author_id: 1, body: "new"}) { affected_rows } }';
    const writes = {
      insert_notes: insert,
      update_notes: 'mutation { update_notes(where: {id: {_eq: 100}}, _set: {body: "changed"}) { affected_rows } }',
      delete_notes: 'mutation { delete_notes(where: {id: {_eq: 100}}) { affected_rows } }',
    };
    const refusal = /no mutations exist|field "\w+" not found in type/;
    for (const [name, query] of Object.entries(writes)) {
      for (const headers of [as('few'), as('few', { 'x-hasura-use-backend-only-permissions': 'false' })])
        assert.match((await ask(query, headers)).errors[0].message, refusal, name);
      assert.equal((await ask(query, as('few', { ...kBackend, 'x-hasura-admin-secret': 'wrong' }))).errors[0].extensions.code, 'access-denied');
      assert.equal((await data(query, as('few', kBackend)))[name].affected_rows, 1, name);
    }
    const response = await fetch(`${system.gatewayUrl}/v1/graphql`, {
      method: 'POST', headers: { 'content-type': 'application/json', ...kBackend }, body: JSON.stringify({ query: insert }),
    });
    assert.match((await response.json()).errors[0].message, refusal, 'who knows no secret');
    const { __schema } = await data('{ __schema { mutationType { fields { name } } } }', as('few'));
    assert.equal(__schema.mutationType, null);
  });

  await step('a permission that is made anew is what holds', async () => {
    await made('pg_drop_select_permission', { table: 'notes', role: 'counter' });
    await made('pg_create_select_permission', { table: 'notes', role: 'counter', permission: { ...columns, limit: 3 } });
    await isUnknown('{ notes_aggregate { aggregate { count } } }', as('counter'), 'notes_aggregate');
    assert.equal((await data('{ notes { id } }', as('counter'))).notes.length, 3);
    // Without the metadata API: the change is signalled.
    await system.sql(`SELECT threefactor.drop_permission('notes', 'counter', 'select');
                      SELECT threefactor.create_permission('notes', 'counter', 'select', '{"columns": "*", "filter": {}, "limit": 1.0}')`);
    await eventually('the new limit', async () => (await data('{ notes { id } }', as('counter'))).notes.length === 1);
  });
});
