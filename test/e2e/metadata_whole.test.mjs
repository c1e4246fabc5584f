// The metadata as a whole: export, replacement, versions, what is inconsistent, bulks, and what tools ask.
import assert from 'node:assert/strict';

import { eventually, kGateway, kSecret, scenario } from './harness.mjs';
import { Gateway } from './support/gateway.mjs';
import { Sink } from './support/sink.mjs';

const kSchema = `
  CREATE TABLE author (id serial PRIMARY KEY, name text);
  CREATE TABLE article (id serial PRIMARY KEY, author_id integer REFERENCES author, title text, body text);
  CREATE TABLE color (value text PRIMARY KEY, comment text);
  CREATE TABLE hidden (id integer PRIMARY KEY);
  INSERT INTO color VALUES ('red', NULL);
  CREATE FUNCTION search(wanted text) RETURNS SETOF author LANGUAGE sql STABLE AS 'SELECT * FROM author WHERE name = wanted';
  CREATE FUNCTION loud(author) RETURNS text LANGUAGE sql STABLE AS 'SELECT upper($1.name)'`;

// Every kind of object, as Hasura writes it.
function everything(webhook) {
  const table = (name, rest = {}) => ({ table: { name, schema: 'public' }, ...rest });
  return {
    version: 3,
    sources: [{
      name: 'default',
      kind: 'postgres',
      tables: [
        table('article', {
          configuration: { column_config: { title: { custom_name: 'headline' } }, custom_column_names: { title: 'headline' } },
          object_relationships: [{ name: 'author', using: { foreign_key_constraint_on: 'author_id' } }],
          select_permissions: [{ role: 'reader', permission: { columns: ['id', 'title'], filter: { author: { name: { _eq: 'X-Hasura-User-Id' } } }, limit: 10 } }],
          event_triggers: [{
            name: 'articles',
            definition: { enable_manual: true, insert: { columns: '*', payload: ['id'] }, update: { columns: ['title'], payload: ['id', 'title'] }, delete: { columns: '*' } },
            retry_conf: { num_retries: 1, interval_sec: 2, timeout_sec: 30 },
            webhook,
            headers: [{ name: 'x-a', value: 'b' }],
          }],
        }),
        table('author', {
          array_relationships: [
            { name: 'articles', using: { foreign_key_constraint_on: { column: 'author_id', table: { name: 'article', schema: 'public' } } }, comment: 'his' },
            { name: 'same', using: { manual_configuration: { remote_table: { name: 'article', schema: 'public' }, column_mapping: { id: 'id' }, insertion_order: null } } },
          ],
          computed_fields: [{ name: 'shouted', definition: { function: { name: 'loud', schema: 'public' } } }],
          select_permissions: [{ role: 'writer', permission: { columns: ['id'], filter: {} } }],
        }),
        table('color', { is_enum: true }),
      ],
      functions: [{ function: { name: 'search', schema: 'public' }, configuration: { custom_name: 'find' }, permissions: [{ role: 'reader' }] }],
      configuration: { connection_info: { database_url: { from_env: 'PG_DATABASE_URL' }, use_prepared_statements: true } },
    }],
    query_collections: [{ name: 'allowed', comment: 'c', definition: { queries: [{ name: 'q', query: '{ author { id } }' }] } }],
    allowlist: [{ collection: 'allowed', scope: { global: false, roles: ['reader'] } }],
    cron_triggers: [{
      name: 'nightly', webhook, schedule: '0 3 * * *', include_in_metadata: true, payload: { a: [1, 2.50, null] },
      retry_conf: { num_retries: 3, retry_interval_seconds: 5, timeout_seconds: 20, tolerance_seconds: 60 }, comment: 'at night',
    }],
    api_limits: { disabled: false, depth_limit: { global: 5, per_role: { reader: 3 } }, rate_limit: { global: { max_reqs_per_min: 100, unique_params: 'IP' } } },
    inherited_roles: [{ role_name: 'both', role_set: ['reader', 'writer'] }],
  };
}

scenario('the metadata as a whole', { app: false, gateway: false }, async (system, step) => {
  const sink = await Sink.start();
  await system.sql(`CREATE EXTENSION threefactor; ${kSchema}`);
  await system.startGateway();
  const post = (type, args = {}, more = {}, path = '/v1/metadata') => system.post(path, { type, args, ...more });
  const done = async (type, args, more) => {
    const { status, body, text } = await post(type, args, more);
    assert.equal(status, 200, `${type}: ${text}`);
    return body;
  };
  const exported = async () => (await post('export_metadata')).text;
  const refused = async (answer, status, code, path, error) => {
    const { status: got, body, text } = await answer;
    assert.deepEqual([got, body?.code, body?.path], [status, code, path], text);
    if (error) assert.match(body.error, error);
    return body;
  };
  const full = everything(`${sink.url}/articles`);
  try {
    await step('what is replaced is exported as it was given, and again byte for byte', async () => {
      assert.deepEqual(await done('replace_metadata', full), { message: 'success' });
      const first = await exported();
      const given = structuredClone(full);
      const { tables } = given.sources[0];
      delete tables[1].array_relationships[1].using.manual_configuration.insertion_order;
      assert.deepEqual(JSON.parse(first), given);
      assert.deepEqual(await done('replace_metadata', { metadata: JSON.parse(first) }, { version: 2 }), { is_consistent: true, inconsistent_objects: [] });
      assert.equal(await exported(), first);
      await done('clear_metadata');
      assert.deepEqual(JSON.parse(await exported()).sources[0].tables, []);
      await done('replace_metadata', JSON.parse(first));
      assert.equal(await exported(), first);
    });

    await step('it is served, and the payload of each operation has its own columns', async () => {
      const { article } = await system.graphql('{ article { id headline author { shouted } } find(args: {wanted: "x"}) { id } }');
      assert.deepEqual(article, []);
      await system.sql(`INSERT INTO author VALUES (1, 'ann'); INSERT INTO article VALUES (1, 1, 'one', 'text')`);
      await system.sql(`UPDATE article SET title = 'two'`);
      await system.sql(`UPDATE article SET body = 'other'`); // no column that counts
      await system.sql('DELETE FROM article');
      await eventually('three events', () => sink.on('/articles').length >= 3);
      const byOperation = Object.fromEntries(sink.on('/articles').map(({ body }) => [body.event.op, body.event.data]));
      assert.deepEqual(byOperation.INSERT, { old: null, new: { id: 1 } });
      assert.deepEqual(byOperation.UPDATE, { old: { id: 1, title: 'one' }, new: { id: 1, title: 'two' } });
      assert.deepEqual(byOperation.DELETE, { old: { id: 1, author_id: 1, title: 'two', body: 'other' }, new: null });
      assert.equal(sink.on('/articles').length, 3);
      await refused(post('run_sql', { sql: 'ALTER TABLE article DROP COLUMN title' }, {}, '/v2/query'), 400, 'dependency-error', '$.args');
    });

    await step('a replacement keeps event triggers, and what they have not delivered', async () => {
      sink.behave = (request, response) => response.writeHead(500).end();
      await system.sql(`INSERT INTO article VALUES (2, 1, 'kept', 'text')`);
      await eventually('it has failed once', async () => (await system.sql(`SELECT FROM threefactor.deliveries WHERE state IN ('retrying', 'dead')`)).length === 1);
      const before = await system.sql('SELECT trigger_id, definition_id FROM threefactor.event_trigger WHERE errors_of IS NULL ORDER BY 1');
      await done('replace_metadata', full);
      const changed = structuredClone(full);
      changed.sources[0].tables[0].event_triggers[0].headers[0].value = 'another';
      assert.deepEqual(await system.sql('SELECT trigger_id, definition_id FROM threefactor.event_trigger WHERE errors_of IS NULL ORDER BY 1'), before, 'nothing is made anew');
      await done('replace_metadata', changed);
      const after = await system.sql('SELECT trigger_id FROM threefactor.event_trigger WHERE errors_of IS NULL ORDER BY 1');
      assert.deepEqual(after, before.map(({ trigger_id }) => ({ trigger_id })));
      assert.equal((await system.sql(`SELECT FROM threefactor.deliveries WHERE state IN ('retrying', 'dead')`)).length, 1);
      sink.behave = (request, response) => response.end('{}');
    });

    await step('what Hasura has no word for is exported, and made again', async () => {
      await system.sql(`SELECT threefactor.create_event_trigger('native', 'author', '${sink.url}/native', operations => '{INSERT,TRUNCATE}', condition => 'NEW.id > 100', order_by => '{id}',
        secrets => '{whsec_c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0}', endpoint => '{"rate": 5}', apply => 'SELECT $1, $2', body => 'supabase', on_dead => 'skip')`);
      await system.sql(`SELECT threefactor.create_event_trigger('of_topic', topic => 'orders', webhook => '${sink.url}/topic')`);
      await system.sql(`SELECT threefactor.schedule('zoned', '${sink.url}/zoned', '0 3 * * *', time_zone => 'Europe/Berlin')`);
      await system.sql(`SELECT threefactor.untrack_table('hidden')`);
      const before = await exported();
      const [{ threefactor }] = JSON.parse(before).sources[0].tables.find(({ table }) => table.name === 'author').event_triggers;
      assert.deepEqual([threefactor.condition, threefactor.order_by, threefactor.body, threefactor.truncate], ['NEW.id > 100', ['id'], 'supabase', true]);
      await done('clear_metadata');
      await done('replace_metadata', JSON.parse(before));
      assert.equal(await exported(), before);
      await system.sql(`SELECT threefactor.create_event_trigger('of_topic', topic => 'orders', webhook => '${sink.url}/topic')`);
      await done('replace_metadata', JSON.parse(before));
      assert.equal((await system.sql(`SELECT FROM threefactor.event_triggers WHERE name = 'of_topic'`)).length, 1, 'no metadata of Hasura can hold it');
      await done('replace_metadata', full);
      assert.deepEqual((await system.sql(`SELECT name FROM threefactor.event_triggers ORDER BY name`)).map(({ name }) => name), ['articles', 'nightly', 'of_topic']);
    });

    await step('resource_version counts changes, and refuses those who have not seen them', async () => {
      const { resource_version: before, metadata } = await done('export_metadata', {}, { version: 2 });
      await done('get_catalog_state');
      await done('set_catalog_state', { type: 'console', state: { a: 1 } });
      assert.equal((await done('export_metadata', {}, { version: 2 })).resource_version, before, 'no metadata was changed');
      await done('replace_metadata', { metadata }, { version: 2, resource_version: before });
      assert.equal((await done('export_metadata', {}, { version: 2 })).resource_version, before + 1);
      const body = await refused(post('replace_metadata', { metadata: { version: 3, sources: [] } }, { version: 2, resource_version: before }), 409, 'conflict', '$');
      assert.equal(body.error, `metadata resource version referenced (${before}) did not match current version`);
      await refused(post('track_table', 'hidden', { resource_version: before }), 409, 'conflict', '$');
      assert.deepEqual((await done('export_metadata', {}, { version: 2 })).metadata, metadata);
      await system.sql(`SELECT threefactor.track_table('hidden')`); // by SQL, too
      assert.equal((await done('export_metadata', {}, { version: 2 })).resource_version, before + 2);
      await done('reload_metadata', {}, { resource_version: before + 2 });
      await Promise.all([1, 2, 3, 4].map((i) => system.post('/v1/metadata', { type: 'create_query_collection', resource_version: before + 3, args: { name: `race${i}`, definition: { queries: [] } } })));
      assert.equal(JSON.parse(await exported()).query_collections.filter(({ name }) => name.startsWith('race')).length, 1, 'one of those that saw the same version');
    });

    await step('every key is applied, or refused with its path, and then nothing is changed', async () => {
      await done('replace_metadata', full);
      const before = await exported();
      const change = (edit) => {
        const metadata = structuredClone(full);
        edit(metadata, metadata.sources[0], metadata.sources[0].tables[0]);
        return post('replace_metadata', { metadata }, { version: 2 });
      };
      const at = '$.args.metadata';
      const table = `${at}.sources[0].tables[0]`;
      for (const [edit, code, path] of [
        [(m) => (m.remote_schemas = [{ name: 'r' }]), 'not-supported', `${at}.remote_schemas[0]`],
        [(m) => (m.actions = [{ name: 'login' }]), 'not-supported', `${at}.actions[0]`],
        [(m) => (m.custom_types = { enums: [{ name: 'e' }] }), 'not-supported', `${at}.custom_types`],
        [(m) => (m.rest_endpoints = [{ name: 'r' }]), 'not-supported', `${at}.rest_endpoints[0]`],
        [(m) => (m.something = {}), 'parse-failed', `${at}.something`],
        [(m) => (m.version = 4), 'parse-failed', `${at}.version`],
        [(m) => m.sources.push({ name: 'second', kind: 'mssql', tables: [] }), 'not-supported', `${at}.sources[1]`],
        [(m, s) => (s.kind = 'mssql'), 'not-supported', `${at}.sources[0].kind`],
        [(m, s) => (s.customization = { root_fields: { namespace: 'n' } }), 'not-supported', `${at}.sources[0].customization.root_fields`],
        [(m, s) => (s.more = 1), 'parse-failed', `${at}.sources[0].more`],
        [(m, s, t) => (t.more = 1), 'parse-failed', `${table}.more`],
        [(m, s, t) => (t.remote_relationships = [{ name: 'r' }]), 'not-supported', `${table}.remote_relationships[0]`],
        [(m, s, t) => (t.configuration.more = 1), 'parse-failed', `${table}.configuration.more`],
        [(m, s, t) => (t.object_relationships[0].more = 1), 'parse-failed', `${table}.object_relationships[0].more`],
        [(m, s, t) => (t.object_relationships[0].using.more = 1), 'parse-failed', `${table}.object_relationships[0].using.more`],
        [(m, s, t) => (t.select_permissions[0].permission.more = 1), 'parse-failed', `${table}.select_permissions[0].permission.more`],
        [(m, s, t) => (t.event_triggers[0].more = 1), 'parse-failed', `${table}.event_triggers[0].more`],
        [(m, s, t) => (t.event_triggers[0].definition.more = 1), 'parse-failed', `${table}.event_triggers[0].definition.more`],
        [(m, s, t) => (t.event_triggers[0].definition.insert.more = 1), 'parse-failed', `${table}.event_triggers[0].definition.insert.more`],
        [(m, s, t) => (t.event_triggers[0].request_transform = { version: 2 }), 'not-supported', `${table}.event_triggers[0].request_transform`],
        [(m, s, t) => t.event_triggers.push(t.event_triggers[0]), 'already-exists', `${table}.event_triggers[1]`],
        [(m, s) => s.tables.push(s.tables[0]), 'already-exists', `${at}.sources[0].tables[3]`],
        [(m) => (m.cron_triggers[0].more = 1), 'parse-failed', `${at}.cron_triggers[0].more`],
        [(m) => (m.query_collections[0].definition.queries[0].query = '{ a '), 'parse-failed', `${at}.query_collections[0].definition.queries[0].query`],
        [(m) => (m.api_limits.depth_limit.global = -1), 'parse-failed', `${at}.api_limits.depth_limit.global`],
        [(m) => (m.inherited_roles[0].more = 1), 'parse-failed', `${at}.inherited_roles[0].more`],
      ]) {
        await refused(change(edit), 400, code, path);
      }
      const body = await refused(change((m, s, t) => {
        t.table.name = 'absent';
        m.allowlist.push({ collection: 'absent' });
      }), 400, 'unexpected', '$.args', /^cannot continue due to inconsistent metadata$/);
      assert.deepEqual(new Set(body.internal.map(({ type }) => type)), new Set(['table', 'object_relation', 'select_permission', 'event_trigger', 'allowlist']));
      assert.equal(await exported(), before);
    });

    await step('names that would clash are refused, and both are named', async () => {
      const metadata = structuredClone(full);
      metadata.sources[0].tables[1].configuration = { custom_name: 'article' };
      const body = await refused(post('replace_metadata', metadata), 400, 'unexpected', '$.args');
      assert.ok(body.internal.some(({ name, reason }) => /author/.test(name) && /taken by table "article"|table "article"/.test(reason)) ||
        body.internal.some(({ name, reason }) => /article/.test(name) && /author/.test(reason)), JSON.stringify(body.internal));
    });

    await step('what is inconsistent is kept where that is allowed, tried again, and dropped on request', async () => {
      const metadata = structuredClone(full);
      metadata.sources[0].tables.push({
        table: { name: 'later', schema: 'public' },
        object_relationships: [{ name: 'author', using: { foreign_key_constraint_on: 'author_id' } }],
        event_triggers: [{ name: 'of_later', definition: { enable_manual: false, insert: { columns: '*' } }, webhook: sink.url, retry_conf: { num_retries: 0, interval_sec: 10, timeout_sec: 60 } }],
      });
      const { is_consistent, inconsistent_objects: objects } = await done('replace_metadata', { metadata, allow_inconsistent_metadata: true }, { version: 2 });
      assert.equal(is_consistent, false);
      assert.deepEqual(objects.map(({ type }) => type), ['table', 'object_relation', 'event_trigger']);
      for (const { reason, name } of objects) {
        assert.match(reason, /^Inconsistent object: /);
        assert.match(name, /later/);
      }
      const kept = await done('get_inconsistent_metadata');
      assert.deepEqual([kept.is_consistent, kept.inconsistent_objects], [false, objects]);
      const before = await exported();
      assert.ok(JSON.parse(before).sources[0].tables.some(({ table, event_triggers: [trigger] = [] }) => table.name === 'later' && trigger.name === 'of_later'));
      await done('replace_metadata', { metadata: JSON.parse(before), allow_inconsistent_metadata: true }, { version: 2 });
      assert.equal(await exported(), before);

      await done('reload_metadata');
      assert.equal((await done('get_inconsistent_metadata')).inconsistent_objects.length, 3);
      await system.sql('CREATE TABLE later (id integer PRIMARY KEY, author_id integer REFERENCES author)');
      await done('reload_metadata');
      assert.deepEqual((await done('get_inconsistent_metadata')).inconsistent_objects, []);
      assert.deepEqual(JSON.parse(await exported()), JSON.parse(before));
      await system.graphql('{ later { author { id } } }');

      await system.sql('DROP TABLE later CASCADE');
      await done('replace_metadata', { metadata: JSON.parse(before), allow_inconsistent_metadata: true }, { version: 2 });
      await done('drop_inconsistent_metadata');
      assert.deepEqual((await done('get_inconsistent_metadata')).inconsistent_objects, []);
      assert.ok(!(await exported()).includes('later'));
    });

    await step('bulks: one transaction, or each its own', async () => {
      const collection = (name) => ({ type: 'create_query_collection', args: { name, definition: { queries: [] } } });
      const collections = async () => (JSON.parse(await exported()).query_collections ?? []).map(({ name }) => name);
      const before = await collections();
      for (const type of ['bulk', 'bulk_atomic'])
        await refused(post(type, [collection('half'), collection('half')]), 400, 'already-exists', '$.args[1].args');
      assert.deepEqual(await collections(), before);
      const { status, body } = await post('bulk_keep_going', [collection('one'), collection('one'), { type: 'nothing' }, { type: 'bulk', args: [collection('two'), collection('two')] }, collection('three')]);
      assert.equal(status, 200);
      assert.deepEqual(body.map((part) => part.message ?? part.code), ['success', 'already-exists', 'parse-failed', 'already-exists', 'success']);
      assert.deepEqual([body[1].path, body[2].path, body[3].path], ['$.args[1].args', '$.args[2].type', '$.args[3].args[1].args']);
      assert.deepEqual(await collections(), [...before, 'one', 'three'].sort());
      assert.deepEqual(await done('bulk', []), []);
      assert.deepEqual(await done('bulk', [{ type: 'bulk', args: [] }, { type: 'bulk', args: [{ type: 'reload_metadata', args: {} }, { type: 'bulk', args: [] }] }]), [[], [{ message: 'success' }, []]]);
      await refused(post('bulk', [{ type: 'bulk_keep_going', args: [] }]), 400, 'not-supported', '$.args[0].type');
    });

    await step('query collections and the allow-list', async () => {
      await done('replace_metadata', full);
      await refused(post('create_query_collection', { name: 'allowed', definition: { queries: [] } }), 400, 'already-exists', '$.args');
      await refused(post('create_query_collection', { name: 'bad', definition: { queries: [{ name: 'a', query: '{a}' }, { name: 'a', query: '{b}' }] } }), 400, 'already-exists', '$.args');
      await refused(post('create_query_collection', { name: '', definition: { queries: [] } }), 400, 'parse-failed', '$.args.name');
      await done('add_query_to_collection', { collection_name: 'allowed', query_name: 'r', query: 'query { author { name } }' });
      await refused(post('add_query_to_collection', { collection_name: 'allowed', query_name: 'r', query: '{ a }' }), 400, 'already-exists', '$.args');
      await refused(post('add_query_to_collection', { collection_name: 'none', query_name: 'r', query: '{ a }' }), 400, 'not-exists', '$.args');
      await done('drop_query_from_collection', { collection_name: 'allowed', query_name: 'q' });
      await refused(post('drop_query_from_collection', { collection_name: 'allowed', query_name: 'q' }), 400, 'not-exists', '$.args');
      await refused(post('drop_query_collection', { collection: 'allowed', cascade: false }), 400, 'dependency-error', '$.args');
      await done('update_scope_of_collection_in_allowlist', { collection: 'allowed', scope: { global: true } });
      await refused(post('add_collection_to_allowlist', { collection: 'allowed' }), 400, 'already-exists', '$.args');
      await refused(post('update_scope_of_collection_in_allowlist', { collection: 'allowed', scope: { global: false } }), 400, 'parse-failed', '$.args.scope');
      await done('rename_query_collection', { name: 'allowed', new_name: 'renamed' });
      let metadata = JSON.parse(await exported());
      assert.deepEqual(metadata.query_collections, [{ name: 'renamed', comment: 'c', definition: { queries: [{ name: 'r', query: 'query { author { name } }' }] } }]);
      assert.deepEqual(metadata.allowlist, [{ collection: 'renamed', scope: { global: true } }]);
      await done('drop_collection_from_allowlist', { collection: 'renamed' });
      await refused(post('drop_collection_from_allowlist', { collection: 'renamed' }), 400, 'not-exists', '$.args');
      await done('drop_query_collection', { collection: 'renamed', cascade: false });
      metadata = JSON.parse(await exported());
      assert.deepEqual([metadata.query_collections, metadata.allowlist], [undefined, undefined]);
    });

    await step('limits are checked and kept', async () => {
      const limits = { disabled: true, node_limit: { global: 100 }, time_limit: { global: 10, per_role: { user: 3 } }, batch_limit: { global: 5 } };
      await done('set_api_limits', limits);
      assert.deepEqual(JSON.parse(await exported()).api_limits, limits);
      for (const [args, path] of [
        [{ depth_limit: { per_role: { user: 3 } } }, '$.args.depth_limit'],
        [{ depth_limit: { global: 1.5 } }, '$.args.depth_limit.global'],
        [{ time_limit: { global: 1, per_role: { user: 0 } } }, '$.args.time_limit.per_role.user'],
        [{ rate_limit: { global: { max_reqs_per_min: 1, unique_params: [1] } } }, '$.args.rate_limit.global.unique_params'],
        [{ rate_limit: { global: 5 } }, '$.args.rate_limit.global'],
        [{ width_limit: {} }, '$.args.width_limit'],
      ]) await refused(post('set_api_limits', args), 400, 'parse-failed', path);
      await done('remove_api_limits');
      assert.equal(JSON.parse(await exported()).api_limits, undefined);
    });

    await step('sources go by the name that the metadata gives', async () => {
      const metadata = structuredClone(full);
      metadata.sources[0].name = 'shop';
      await done('replace_metadata', metadata);
      assert.equal(JSON.parse(await exported()).sources[0].name, 'shop');
      await done('pg_untrack_table', { source: 'shop', table: 'color' });
      await done('pg_track_table', { source: 'default', table: 'color' });
      await refused(post('pg_track_table', { source: 'other', table: 'color' }), 400, 'not-exists', '$.args', /^source with name "other" does not exist$/);
      await refused(post('bulk', [{ type: 'pg_track_table', args: { table: 'hidden' } }], { source: 'other' }), 400, 'not-exists', '$');
      await done('replace_metadata', full);
    });

    await step('suggestions, logs and what else is asked', async () => {
      const { relationships } = await done('pg_suggest_relationships', { omit_tracked: false });
      assert.deepEqual(relationships, [
        { type: 'object', from: { columns: ['author_id'], constraint_name: 'article_author_id_fkey', table: { name: 'article', schema: 'public' } }, to: { columns: ['id'], table: { name: 'author', schema: 'public' } } },
        { type: 'array', from: { columns: ['id'], table: { name: 'author', schema: 'public' } }, to: { columns: ['author_id'], constraint_name: 'article_author_id_fkey', table: { name: 'article', schema: 'public' } } },
      ]);
      assert.deepEqual((await done('pg_suggest_relationships', { omit_tracked: true })).relationships, []);
      assert.equal((await done('pg_suggest_relationships', { tables: ['author'] })).relationships.length, 1);
      await system.sql(`INSERT INTO article VALUES (7, 1, 'logged', 'text')`);
      await eventually('it is delivered', async () => (await done('pg_get_event_logs', { name: 'articles', status: 'processed' })).length === 1);
      assert.equal((await done('pg_get_event_logs', { name: 'articles', status: 'pending' })).length, 0);
      const logs = await done('pg_get_event_logs', { name: 'articles', status: 'processed' });
      assert.ok(logs.some(({ payload }) => payload.op === 'INSERT' && payload.data.new.id === 7), JSON.stringify(logs));
      const invocations = await done('pg_get_event_invocation_logs', { name: 'articles', limit: 1 });
      assert.equal(invocations.length, 1);
      const { event } = await done('pg_get_event_by_id', { event_id: logs[0].id });
      assert.deepEqual(event, logs[0]);
      assert.deepEqual((await done('get_cron_triggers')).cron_triggers, full.cron_triggers);
      assert.ok((await done('pg_get_source_tables')).some(({ name }) => name === 'article'));
      const state = await done('dump_internal_state');
      assert.deepEqual(state.metadata, JSON.parse(await exported()));
    });

    await step('hdb_catalog is made on request', async () => {
      await system.sql('SELECT threefactor.create_hdb_catalog()');
      const rows = await system.sql(`SELECT trigger_name, delivered, payload #>> '{data,new,id}' AS id FROM hdb_catalog.event_log WHERE payload ->> 'op' = 'INSERT' ORDER BY created_at DESC LIMIT 1`);
      assert.deepEqual(rows, [{ trigger_name: 'articles', delivered: true, id: '7' }]);
      assert.ok((await system.sql('SELECT FROM hdb_catalog.event_invocation_logs')).length >= 3);
      for (const view of ['hdb_cron_events', 'hdb_cron_event_invocation_logs', 'hdb_scheduled_events', 'hdb_scheduled_event_invocation_logs']) await system.sql(`SELECT * FROM hdb_catalog.${view}`);
      await system.sql('CREATE TABLE uses_default (id uuid DEFAULT hdb_catalog.gen_hasura_uuid() PRIMARY KEY)');
      await assert.rejects(system.sql(`DELETE FROM hdb_catalog.event_log`));
      await assert.rejects(system.sql('SELECT threefactor.create_hdb_catalog()'), /exists already/);
    });

    await step('what the command-line tool of Hasura asks, in its order', async () => {
      const get = async (path) => (await fetch(`${system.gatewayUrl}${path}`, { headers: { 'x-hasura-admin-secret': kSecret } })).json();
      assert.match((await get('/v1/version')).version, /^v2\./);
      assert.equal((await get('/v1alpha1/config')).is_admin_secret_set, true);
      assert.equal((await fetch(`${system.gatewayUrl}/v1alpha1/config`)).status, 401);
      assert.equal(await (await fetch(`${system.gatewayUrl}/healthz`)).text(), 'OK');
      const { id } = await done('get_catalog_state');
      assert.match(id, /^[0-9a-f-]{36}$/);
      const sql = (text) => system.post('/v2/query', { type: 'run_sql', args: { source: 'default', sql: text } });
      // With config version 2 migrations are noted in a table.
      const table = await sql(`SELECT EXISTS (SELECT 1 FROM information_schema.tables WHERE table_schema = 'hdb_catalog' AND table_name = 'schema_migrations')`);
      assert.deepEqual(table.body.result, [['exists'], ['f']]);
      assert.equal((await sql('CREATE TABLE hdb_catalog.schema_migrations (version bigint not null primary key, dirty boolean not null)')).status, 200);
      assert.equal((await sql('INSERT INTO hdb_catalog.schema_migrations (version, dirty) VALUES (1620138136207, false)')).status, 200);
      assert.deepEqual((await sql('SELECT version, dirty FROM hdb_catalog.schema_migrations')).body.result, [['version', 'dirty'], ['1620138136207', 'f']]);
      // With version 3 in the state of the tool.
      const state = { migrations: { default: { 1620138136207: false } }, settings: { migration_mode: 'true' }, isStateCopyCompleted: true };
      await done('set_catalog_state', { type: 'cli', state });
      assert.deepEqual(await done('get_catalog_state'), { id, cli_state: state, console_state: { a: 1 } });
      await refused(post('set_catalog_state', { type: 'other', state }), 400, 'parse-failed', '$.args.type');
      const migration = await system.post('/v2/query', {
        type: 'bulk', source: 'default', args: [{ type: 'run_sql', args: { source: 'default', sql: 'CREATE TABLE migrated (id integer PRIMARY KEY)', cascade: false, read_only: false } }],
      });
      assert.deepEqual(migration.body, [{ result_type: 'CommandOk', result: null }]);
      const metadata = await done('export_metadata');
      assert.deepEqual(await done('replace_metadata', { allow_inconsistent_metadata: true, metadata }, { version: 2 }), { is_consistent: true, inconsistent_objects: [] });
      await done('reload_metadata', { reload_remote_schemas: true, reload_sources: true });
      assert.equal((await done('get_inconsistent_metadata')).is_consistent, true);
      await done('drop_inconsistent_metadata');
      assert.deepEqual(await done('export_metadata'), metadata);
    });

    await step('older forms of the document', async () => {
      for (const metadata of [
        { tables: [{ table: 'author', array_relationships: [{ name: 'articles', using: { foreign_key_constraint_on: { table: 'article', column: 'author_id' } } }], event_triggers: [] }], functions: ['search'] },
        { version: 2, tables: [{ table: 'author', array_relationships: [{ name: 'articles', using: { foreign_key_constraint_on: { table: 'article', column: 'author_id' } } }] }], functions: [{ function: 'search' }], remote_schemas: [] },
      ]) {
        assert.deepEqual(await done('replace_metadata', metadata, {}), { message: 'success' });
        const [{ tables, functions }] = JSON.parse(await exported()).sources;
        assert.deepEqual(tables, [{ table: { name: 'author', schema: 'public' }, array_relationships: [{ name: 'articles', using: { foreign_key_constraint_on: { column: 'author_id', table: { name: 'article', schema: 'public' } } } }] }]);
        assert.deepEqual(functions, [{ function: { name: 'search', schema: 'public' } }]);
      }
    });

    await step('a document of 10 MB', async () => {
      const queries = Array.from({ length: 2500 }, (_, i) => ({ name: `q${i}`, query: `query q${i} { author { id name ${'articles { id } '.repeat(260)} } }` }));
      const metadata = { ...full, query_collections: [...full.query_collections, { name: 'large', definition: { queries } }] };
      const text = JSON.stringify({ type: 'replace_metadata', args: metadata });
      assert.ok(text.length > 10_000_000, `${text.length}`);
      const { status, text: answer } = await system.post('/v1/metadata', text);
      assert.equal(status, 200, answer.slice(0, 500));
      assert.equal(JSON.parse(await exported()).query_collections[1].definition.queries.length, 2500);
      await done('replace_metadata', full);
    });

    await step('nobody but an administrator', async () => {
      const answer = await system.post('/v1/metadata', { type: 'export_metadata', args: {} }, { 'x-hasura-role': 'reader' });
      assert.equal(answer.status, 400);
      assert.deepEqual([answer.body.code, answer.body.path], ['access-denied', '$.args']);
    });

    await step('an administrator who owns some of it exports and replaces that', async () => {
      await done('replace_metadata', full);
      const whole = await exported();
      await system.sql(`CREATE ROLE partly LOGIN IN ROLE threefactor_admin; GRANT CREATE, USAGE ON SCHEMA public TO partly; SET ROLE partly;
        CREATE TABLE mine (id integer PRIMARY KEY); SELECT threefactor.track_table('mine'); RESET ROLE`);
      const gateway = await Gateway.start(kGateway, system.cluster.url().replace('postgres@', 'partly@'), kSecret);
      try {
        const metadata = await gateway.post('/v1/metadata', { type: 'export_metadata', args: {} });
        assert.deepEqual(metadata.sources[0].tables, [{ table: { name: 'mine', schema: 'public' } }]);
        assert.ok(!JSON.stringify(metadata).includes('articles'), 'neither webhooks nor anything else of others');
        assert.deepEqual(await gateway.post('/v1/metadata', { type: 'replace_metadata', args: { version: 3, sources: [] } }), { message: 'success' });
        const answer = await gateway.post('/v1/metadata', { type: 'replace_metadata', args: full });
        assert.equal(answer.code, 'unexpected');
        assert.ok(answer.internal.every(({ reason }) => /must be owner|permission denied|already exists/.test(reason)), JSON.stringify(answer.internal));
      } finally {
        await gateway.stop();
      }
      assert.equal(await exported(), whole);
    });
  } finally {
    await sink.stop();
  }
});
