// Permissions over the metadata API are rights of the database: what a role of the database sees and writes.
import assert from 'node:assert/strict';
import { scenario } from './harness.mjs';

scenario('permissions', {}, async (system, step) => {
  const metadata = (type, args) => system.post('/v1/metadata', { type, args });
  const made = async (type, args) => {
    const { status, body } = await metadata(type, args);
    assert.deepEqual([status, body], [200, { message: 'success' }], type);
  };
  const refused = async (type, args, code, text, path = '$.args') => {
    const { status, body } = await metadata(type, args);
    assert.deepEqual([status, body.code, body.path], [400, code, path], JSON.stringify(body));
    assert.match(body.error, text);
  };

  await system.sql(`CREATE TABLE authors (id integer PRIMARY KEY, name text);
                    CREATE TABLE notes (id serial PRIMARY KEY, author_id integer REFERENCES authors, body text, shared boolean DEFAULT false);
                    INSERT INTO authors VALUES (1, 'Ann'), (2, 'Bob');
                    INSERT INTO notes (author_id, body, shared) VALUES (1, 'one', false), (1, 'two', true), (2, 'three', false);
                    CREATE FUNCTION shared_notes() RETURNS SETOF notes LANGUAGE sql STABLE AS 'SELECT * FROM public.notes WHERE shared';
                    REVOKE ALL ON FUNCTION shared_notes() FROM PUBLIC`);
  for (const [type, args] of [
    ['pg_track_table', { table: 'authors' }],
    ['pg_track_table', { table: 'notes' }],
    ['pg_track_function', { function: 'shared_notes' }],
    ['pg_create_object_relationship', { table: 'notes', name: 'author', using: { foreign_key_constraint_on: 'author_id' } }],
  ])
    await made(type, args);

  const privileges = async (role) =>
    (await system.sql(`SELECT has_column_privilege('${role}', 'notes', 'body', 'SELECT') AS body, has_column_privilege('${role}', 'notes', 'shared', 'SELECT') AS shared,
                              has_column_privilege('${role}', 'notes', 'author_id', 'INSERT') AS author, has_table_privilege('${role}', 'notes', 'DELETE') AS "delete",
                              has_function_privilege('${role}', 'shared_notes()', 'EXECUTE') AS found`))[0];

  await step('each command makes the rights that it names, and each drop takes them back', async () => {
    await made('pg_create_select_permission', {
      table: 'notes', role: 'reader', comment: 'own and shared',
      permission: { columns: ['id', 'body'], filter: { _or: [{ shared: true }, { author: { id: 'X-Hasura-User-Id' } }] }, limit: 5, allow_aggregations: true },
    });
    await made('pg_create_insert_permission', {
      table: 'notes', role: 'reader', permission: { columns: ['body'], check: { body: { _ne: '' } }, set: { author_id: 'X-Hasura-User-Id' }, backend_only: true },
    });
    await made('pg_create_update_permission', { table: 'notes', role: 'reader', permission: { columns: ['body'], filter: { author_id: 'X-Hasura-User-Id' }, check: null } });
    await made('pg_create_delete_permission', { table: 'notes', role: 'reader', permission: { filter: { author_id: 'X-Hasura-User-Id' } } });
    await made('pg_create_function_permission', { function: 'shared_notes', role: 'reader' });
    assert.deepEqual(await privileges('reader'), { body: true, shared: false, author: false, delete: true, found: true });
    assert.deepEqual(await system.sql("SELECT cmd FROM pg_policies WHERE tablename = 'notes' AND 'reader' = ANY (roles) ORDER BY cmd"),
      [{ cmd: 'DELETE' }, { cmd: 'INSERT' }, { cmd: 'SELECT' }, { cmd: 'UPDATE' }]);
    const told = (await system.sql('SELECT threefactor.metadata() AS m'))[0].m.permissions.find((each) => each.role === 'reader');
    assert.deepEqual([told.limit, told.allow_aggregations, told.backend_only], [5, true, ['insert']]);
  });

  await step('a role sees the rows of its claims', async () => {
    const seen = async (claims) => {
      await system.sql(`CREATE OR REPLACE FUNCTION seen() RETURNS SETOF integer LANGUAGE plpgsql AS $$
        BEGIN PERFORM set_config('request.jwt.claims', '${JSON.stringify(claims)}', true); SET LOCAL ROLE reader; RETURN QUERY SELECT id FROM notes ORDER BY id; RESET ROLE; END $$`);
      return (await system.sql('SELECT seen() AS id')).map((row) => row.id);
    };
    assert.deepEqual(await seen({ 'x-hasura-user-id': '1' }), [1, 2]);
    assert.deepEqual(await seen({ 'x-hasura-user-id': '2' }), [2, 3]);
    await assert.rejects(seen({ 'x-hasura-role': 'reader' }), /missing session variables: "x-hasura-user-id"/);
  });

  await step('what cannot be made is refused with its place, and makes nothing', async () => {
    const permission = (more) => ({ table: 'notes', role: 'other', permission: { columns: ['id'], filter: {}, ...more } });
    await refused('pg_create_select_permission', permission({ filter: { nothing: 1 } }), 'invalid-configuration', /at filter\.nothing: field "nothing" does not exist in table "notes"/);
    await refused('pg_create_select_permission', permission({ columns: ['nothing'] }), 'invalid-configuration', /column "nothing" does not exist/);
    await refused('pg_create_select_permission', permission({ filter: { id: 'one' } }), 'invalid-configuration', /invalid input syntax for type integer/);
    await refused('pg_create_select_permission', permission({ surprise: 1 }), 'parse-failed', /surprise/, '$.args.permission.surprise');
    await refused('pg_create_select_permission', { ...permission({}), role: 'admin' }, 'already-exists', /already defined/);
    await refused('pg_drop_select_permission', { table: 'notes', role: 'other' }, 'permission-denied', /does not exist/);
    await refused('add_inherited_role', { role_name: 'both', role_set: ['reader', 'nobody'] }, 'not-exists', /role "nobody" does not exist/);
    assert.deepEqual(await system.sql("SELECT FROM pg_roles WHERE rolname IN ('other', 'both')"), []);
  });

  await step('a table that others read is not closed to them in silence', async () => {
    await system.sql('CREATE TABLE open (id integer); CREATE ROLE analyst; GRANT SELECT ON open TO analyst');
    await refused('pg_create_select_permission', { table: 'open', role: 'reader', permission: { columns: '*', filter: {} } }, 'dependency-error', /would lose rows by it: analyst \(SELECT\)/);
    await system.sql('CREATE POLICY everything ON open TO analyst USING (true); ALTER TABLE open ENABLE ROW LEVEL SECURITY');
    await made('pg_create_select_permission', { table: 'open', role: 'reader', permission: { columns: '*', filter: {} } });
  });

  await step('a bulk that fails leaves nothing of it', async () => {
    const before = await system.sql('SELECT polname FROM pg_policy ORDER BY 1');
    const { status } = await system.post('/v1/metadata', {
      type: 'bulk',
      args: [
        { type: 'pg_create_select_permission', args: { table: 'authors', role: 'late', permission: { columns: ['id'], filter: {} } } },
        { type: 'pg_create_select_permission', args: { table: 'authors', role: 'late', permission: { columns: ['none'], filter: {} } } },
      ],
    });
    assert.equal(status, 400);
    assert.deepEqual(await system.sql('SELECT polname FROM pg_policy ORDER BY 1'), before);
    assert.deepEqual(await system.sql("SELECT FROM pg_roles WHERE rolname = 'late'"), []);
  });

  await step('comments, inherited roles, and the way back', async () => {
    await made('pg_set_permission_comment', { table: 'notes', role: 'reader', type: 'select', comment: 'changed' });
    assert.match((await system.sql("SELECT obj_description(oid, 'pg_policy') AS c FROM pg_policy WHERE polname = 'threefactor reader select' AND polrelid = 'notes'::regclass"))[0].c, /changed$/);
    await made('add_inherited_role', { role_name: 'writer', role_set: ['reader'] });
    assert.deepEqual((await system.sql("SELECT pg_has_role('writer', 'reader', 'USAGE') AS has"))[0], { has: true });
    await made('drop_inherited_role', { role_name: 'writer' });
    assert.deepEqual((await system.sql("SELECT pg_has_role('writer', 'reader', 'USAGE') AS has"))[0], { has: false });
    for (const operation of ['select', 'insert', 'update', 'delete']) await made(`pg_drop_${operation}_permission`, { table: 'notes', role: 'reader' });
    await made('pg_drop_function_permission', { function: 'shared_notes', role: 'reader' });
    assert.deepEqual(await privileges('reader'), { body: false, shared: false, author: false, delete: false, found: false });
    assert.deepEqual(await system.sql("SELECT FROM pg_policies WHERE tablename = 'notes'"), []);
  });
});
