// The metadata API as existing apps post it.
import assert from 'node:assert/strict';

import { eventually, kGateway, kSecret, scenario } from './harness.mjs';
import { Gateway } from './support/gateway.mjs';
import { Sink } from './support/sink.mjs';

const kInsertOrder = `INSERT INTO orders (order_id, user_id, restaurant_id, address) VALUES ($1, 'u1', 1, 'x')`;

function eventTrigger(name, webhook, operations) {
  return {
    type: 'create_event_trigger',
    args: { name, table: { name: 'orders', schema: 'public' }, webhook, headers: [], ...operations },
  };
}

scenario('metadata API', {}, async (system, step) => {
  const sink = await Sink.start();
  try {
    await step('bulk of create_event_trigger at /v1/query', async () => {
      const { status, body, text } = await system.post('/v1/query', {
        type: 'bulk',
        args: [
          eventTrigger('placed', `${sink.url}/placed`, { insert: { columns: ['order_id', 'address'] } }),
          eventTrigger('approved', `${sink.url}/approved`, { update: { columns: ['approved'] } }),
        ],
      });
      assert.equal(status, 200, text);
      assert.deepEqual(body, [{ message: 'success' }, { message: 'success' }]);
    });

    await step('its events come in the Hasura body, with an idempotency key', async () => {
      await system.sql(kInsertOrder, ['m-1']);
      await eventually('the insert is posted', () => sink.on('/placed').length === 1);
      const { headers, body } = sink.on('/placed')[0];
      assert.equal(body.event.op, 'INSERT');
      assert.equal(body.event.data.old, null);
      assert.equal(body.event.data.new.order_id, 'm-1');
      assert.equal(body.event.data.new.address, 'x');
      assert.deepEqual(body.table, { schema: 'public', name: 'orders' });
      assert.deepEqual(body.trigger, { name: 'placed' });
      assert.equal(body.delivery_info.current_retry, 0);
      assert.match(body.id, /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/);
      assert.ok(!Number.isNaN(Date.parse(body.created_at)), body.created_at);
      assert.equal(headers['idempotency-key'].replaceAll('"', ''), body.id);
      assert.equal(headers['webhook-id'], body.id);
      assert.match(headers['content-type'], /^application\/json/);
    });

    await step('an update counts only when a listed column changed', async () => {
      await system.sql("UPDATE orders SET address = 'y' WHERE order_id = 'm-1'");
      await system.sql("UPDATE orders SET approved = true WHERE order_id = 'm-1'");
      await eventually('the second update is posted', () => sink.on('/approved').length > 0);
      const calls = sink.on('/approved').filter(({ body }) => body.event.data.new.order_id === 'm-1');
      assert.equal(calls.length, 1);
      assert.equal(calls[0].body.event.data.old.approved, false);
      assert.equal(calls[0].body.event.data.new.approved, true);
    });

    await step('a bulk with a bad part changes nothing, and says what is wrong', async () => {
      const { status, body } = await system.post('/v1/query', {
        type: 'bulk',
        args: [
          eventTrigger('half', `${sink.url}/half`, { insert: { columns: '*' } }),
          eventTrigger('bad', `${sink.url}/bad`, { insert: { columns: ['no_such_column'] } }),
        ],
      });
      assert.equal(status, 400);
      assert.match(body.error, /no_such_column/);
      assert.deepEqual(await system.sql("SELECT name FROM threefactor.event_triggers WHERE name IN ('half', 'bad')"), []);
    });

    await step('bad requests are told so', async () => {
      const cases = [
        ['{', 'not JSON'],
        ['[]', 'not an object'],
        [{ type: 'no_such_type', args: {} }, 'unknown type'],
        [{ type: 'create_event_trigger', args: {} }, 'no arguments'],
        [eventTrigger('none', sink.url, {}), 'no operation'],
        [eventTrigger('bad name', sink.url, { insert: { columns: '*' } }), 'bad name'],
        [{ type: 'bulk', args: {} }, 'bulk of no array'],
      ];
      for (const [request, what] of cases) {
        const { status, body, text } = await system.post('/v1/query', request);
        assert.ok(status >= 400 && status < 500, `${what}: ${status} ${text}`);
        assert.equal(typeof body?.error, 'string', what);
        assert.equal(typeof body.code, 'string', what);
      }
    });

    await step('only administrators', async () => {
      const request = eventTrigger('x', sink.url, { insert: { columns: '*' } });
      for (const secret of ['', 'wrong']) {
        const { status, body } = await system.post('/v1/query', request, { 'x-hasura-admin-secret': secret });
        assert.ok(status >= 400 && status < 500);
        assert.equal(body.code, 'access-denied');
      }
    });

    await step('run_sql, and the schema follows', async () => {
      const { status, text } = await system.post('/v1/query', {
        type: 'run_sql',
        args: { sql: 'CREATE TABLE reviews (id serial PRIMARY KEY, stars integer NOT NULL)' },
      });
      assert.equal(status, 200, text);
      await eventually('the new table is served', async () => {
        const data = await system.graphql('mutation { insert_reviews_one(object: {stars: 5}) { stars } }');
        return data.insert_reviews_one.stars === 5;
      });
    });

    const runSql = (sql, more = {}) => system.post('/v1/query', { type: 'run_sql', args: { sql, ...more } });
    const refused = async (answer, error, code = 'dependency-error') => {
      const { status, body } = await answer;
      assert.deepEqual([status, body.path, body.error, body.code], [400, '$.args', error, code]);
    };
    const metadata = async (...requests) => {
      const { status, text } = await system.post('/v1/query', { type: 'bulk', args: requests.map(([type, args]) => ({ type, args })) });
      assert.equal(status, 200, text);
    };

    await step('the first data API: writes that do all they say, or nothing', async () => {
      await metadata(
        ['run_sql', { sql: `CREATE TABLE ledger (id int PRIMARY KEY, amount numeric DEFAULT 10.50, note text DEFAULT 'none', tags jsonb)` }],
        ['track_table', 'ledger'],
        ['insert', { table: 'ledger', objects: [{ id: 1, amount: 2 }, { id: 2, note: 'b', tags: { a: [1] } }, { id: 3, amount: 2 }] }],
      );
      const ask = async (type, args) => (await system.post('/v1/query', { type, args: { table: 'ledger', ...args } })).body;
      assert.deepEqual(await ask('update', { where: { id: 1 }, $mul: { amount: '1.5' }, $default: ['note'], $set: { tags: [] }, returning: ['*'] }), {
        affected_rows: 1,
        returning: [{ id: 1, amount: 3.0, note: 'none', tags: [] }],
      });
      assert.deepEqual(await ask('update', { where: { id: { $in: [1, 2] } }, $default: ['amount'], returning: [] }), { affected_rows: 2 });
      assert.deepEqual(await ask('count', { distinct: ['amount', 'amount'] }), { count: 2 });
      assert.deepEqual(await ask('count', { where: { tags: { $cast: { String: { $like: '%a%' } } } } }), { count: 1 });
      assert.deepEqual(await ask('select', { columns: ['id'], where: { $not: { note: { $ne: 'b' } } }, order_by: ['-amount', '+id'], limit: 1 }), [{ id: 2 }]);

      const upsert = (on_conflict) => ask('insert', { objects: [{ id: 1, note: 'new' }, { id: 4, note: 'd' }], on_conflict, returning: ['id', 'note'] });
      assert.deepEqual(await upsert({ action: 'ignore' }), { affected_rows: 1, returning: [{ id: 4, note: 'd' }] });
      assert.deepEqual(await upsert({ action: 'update', constraint_on: ['id'] }), {
        affected_rows: 2,
        returning: [{ id: 1, note: 'new' }, { id: 4, note: 'd' }],
      });
      assert.deepEqual(await upsert({ action: 'update', constraint: 'ledger_pkey' }).then((body) => body.affected_rows), 2);
      assert.deepEqual(await system.sql('SELECT id, amount::text FROM ledger WHERE id = 1'), [{ id: 1, amount: '10.50' }]);

      const before = await system.sql('SELECT * FROM ledger ORDER BY id');
      for (const [type, args, code, path] of [
        ['update', { where: {} }, 'unexpected-payload', '$.args'],
        ['update', { where: {}, $set: {} }, 'unexpected-payload', '$.args'],
        ['update', { where: {}, $unset: ['note'] }, 'parse-failed', '$.args.$unset'],
        ['update', { where: { nothing: 1 }, $set: { note: 'x' } }, 'not-exists', '$.args.where.nothing'],
        ['update', { where: null, $set: { note: 'x' } }, 'parse-failed', '$.args'],
        ['update', { where: { id: null }, $set: { note: 'x' } }, 'validation-failed', '$.args.where.id._eq'],
        ['delete', { where: { id: { $eq: null } } }, 'validation-failed', "$.args.where.id['$eq']"],
        ['delete', { where: {}, limit: 1 }, 'parse-failed', '$.args.limit'],
        ['insert', { objects: [{ id: 1 }] }, 'constraint-violation', '$.args'],
        ['insert', { objects: [{ id: 9 }], on_conflict: { action: 'update' } }, 'unexpected-payload', '$.args.on_conflict'],
        ['select', { columns: ['id'], offset: '1' }, 'parse-failed', '$.offset'],
        ['select', { columns: ['id'], where: { note: { $ceq: 'id' } } }, 'not-supported', "$.args.where.note['$ceq']"],
      ]) {
        const body = await ask(type, args);
        assert.deepEqual([body.code, body.path], [code, path], `${type} ${JSON.stringify(args)}: ${JSON.stringify(body)}`);
      }
      assert.deepEqual(await system.sql('SELECT * FROM ledger ORDER BY id'), before);
    });

    await step('run_sql says in `internal` what Postgres said', async () => {
      const { status, body } = await runSql('SELECT 1/0');
      assert.equal(status, 400);
      assert.deepEqual([body.path, body.error, body.code], ['$.args', 'query execution failed', 'postgres-error']);
      assert.equal(body.internal.error.message, 'division by zero');
    });

    await step('run_sql takes no column from under a relationship, a permission or an event trigger', async () => {
      await system.sql(`CREATE TABLE writers (id integer PRIMARY KEY, name text, good boolean);
                        CREATE TABLE books (id integer PRIMARY KEY, writer integer REFERENCES writers, title text, pages integer, note text)`);
      const filter = { _and: [{ pages: { _gt: 3 } }, { author: { good: true } }, { id: 'X-Hasura-User-Id' }] };
      await metadata(
        ['track_table', 'writers'],
        ['track_table', 'books'],
        ['create_object_relationship', { table: 'books', name: 'author', using: { foreign_key_constraint_on: 'writer' } }],
        ['create_select_permission', { table: 'books', role: 'reader', permission: { columns: ['id'], filter } }],
        ['create_event_trigger', { name: 'titled', table: 'books', webhook: sink.url, update: { columns: ['title'], payload: ['id', 'title'] } }],
      );
      const dependents = (list) => `cannot drop due to the following dependent objects : ${list}`;
      await refused(runSql('ALTER TABLE books DROP COLUMN title'), dependents('event-trigger books.titled in source "default"'));
      await refused(runSql('ALTER TABLE books DROP COLUMN writer'),
        dependents('permission books.reader.select in source "default", relationship books.author in source "default"'));
      await refused(runSql('ALTER TABLE books DROP COLUMN pages'), dependents('permission books.reader.select in source "default"'));
      await refused(runSql('DROP TABLE writers CASCADE'),
        dependents('permission books.reader.select in source "default", relationship books.author in source "default"'));
      await refused(runSql('ALTER TABLE writers ALTER COLUMN good TYPE text'),
        'cannot change type of column "good" in table "writers" because of the following dependencies : permission books.reader.select in source "default"');
      const allowed = [
        'ALTER TABLE books DROP COLUMN note',  // nothing stands on it
        'ALTER TABLE books ALTER COLUMN id TYPE bigint',  // compared with a session variable alone
        'ALTER TABLE books RENAME COLUMN title TO name; ALTER TABLE books RENAME COLUMN name TO title',
        'BEGIN; SELECT 1; COMMIT',
      ];
      for (const sql of allowed) assert.equal((await runSql(sql)).status, 200, sql);
    });

    await step('with `cascade` what stands on it goes, too', async () => {
      assert.equal((await runSql('ALTER TABLE books DROP COLUMN title, DROP COLUMN writer', { cascade: true })).status, 200);
      assert.deepEqual(await system.sql("SELECT name FROM threefactor.event_triggers WHERE name = 'titled'"), []);
      assert.deepEqual(await system.sql("SELECT name FROM threefactor.relationship WHERE name = 'author'"), []);
      assert.equal((await system.sql("SELECT FROM threefactor.permission WHERE role_name = 'reader'")).length, 0);
      assert.equal((await runSql('ALTER TABLE books DROP COLUMN pages', { check_metadata_consistency: false })).status, 200);
    });

    await step('a relationship that permissions use is dropped with them, or not at all', async () => {
      await system.sql('CREATE TABLE staff (id integer PRIMARY KEY); CREATE TABLE shifts (id integer PRIMARY KEY, worker integer REFERENCES staff)');
      const drop = (more) => system.post('/v1/metadata', { type: 'pg_drop_relationship', args: { table: 'shifts', relationship: 'who', ...more } });
      await metadata(
        ['create_object_relationship', { table: 'shifts', name: 'who', using: { foreign_key_constraint_on: 'worker' } }],
        ['create_select_permission', { table: 'shifts', role: 'worker', permission: { columns: ['id'], filter: { who: { id: 'X-Hasura-User-Id' } } } }],
      );
      await refused(drop({ cascade: false }), 'cannot drop due to the following dependent objects : permission shifts.worker.select in source "default"');
      await refused(drop({}), 'cannot drop due to the following dependent objects : permission shifts.worker.select in source "default"');
      assert.equal((await drop({ cascade: true })).status, 200);
      assert.deepEqual(await system.sql("SELECT FROM threefactor.permission WHERE role_name = 'worker'"), []);
      assert.equal((await drop({})).body.code, 'not-exists');
    });

    await step('run_sql leaves functions what they are tracked as; dropped, they are not served under their name again', async () => {
      await system.sql(`CREATE TABLE guests (id integer PRIMARY KEY, name text);
        INSERT INTO guests VALUES (1, 'ann');
        CREATE FUNCTION guests_by(wanted text) RETURNS SETOF guests LANGUAGE sql STABLE AS 'SELECT * FROM guests WHERE name = wanted';
        CREATE FUNCTION loud(guests) RETURNS text LANGUAGE sql STABLE AS 'SELECT upper($1.name)'`);
      await metadata(
        ['track_table', 'guests'],
        ['track_function', 'guests_by'],
        ['create_function_permission', { function: 'guests_by', role: 'user' }],
        ['add_computed_field', { table: 'guests', name: 'shouted', definition: { function: 'loud' } }],
        ['create_select_permission', { table: 'guests', role: 'user', permission: { columns: ['id'], computed_fields: ['shouted'], filter: {} } }],
      );
      const served = () => system.graphql('{ guests_by(args: {wanted: "ann"}) { id shouted } }');
      assert.deepEqual((await served()).guests_by, [{ id: 1, shouted: 'ANN' }]);
      await refused(runSql('ALTER FUNCTION guests_by VOLATILE'),
        'type of function "guests_by" is altered to "VOLATILE" which is not supported now', 'not-supported');
      await refused(runSql("CREATE OR REPLACE FUNCTION guests_by(wanted text) RETURNS SETOF guests LANGUAGE sql AS 'SELECT * FROM guests'"),
        'type of function "guests_by" is altered to "VOLATILE" which is not supported now', 'not-supported');
      await refused(runSql('ALTER FUNCTION loud VOLATILE'),
        'The type of function "loud" associated with computed field "shouted" of table "guests" is being altered to "VOLATILE"', 'not-supported');
      await refused(runSql("CREATE FUNCTION loud(text) RETURNS text LANGUAGE sql STABLE AS 'SELECT 1'"),
        'The function "loud" associated with computed field "shouted" of table "guests" is being overloaded', 'not-supported');
      await refused(runSql("CREATE FUNCTION guests_by() RETURNS SETOF guests LANGUAGE sql STABLE AS 'SELECT * FROM guests'"),
        'the following tracked function(s) cannot be overloaded: guests_by', 'not-supported');
      for (const [sql, reason] of [
        ['ALTER FUNCTION guests_by RENAME TO found', 'Inconsistent object: in function "guests_by": no such function exists: "guests_by"'],
        ['ALTER FUNCTION loud RENAME TO louder', 'Inconsistent object: in table "guests": in computed field "shouted": no such function exists: "loud"'],
        ['CREATE SCHEMA attic; ALTER FUNCTION guests_by SET SCHEMA attic', 'Inconsistent object: in function "guests_by": no such function exists: "guests_by"'],
      ]) {
        const { status, body } = await runSql(sql);
        assert.deepEqual([status, body.code, body.error], [400, 'unexpected', 'cannot continue due to new inconsistent metadata'], sql);
        assert.deepEqual(body.internal.map((object) => object.reason), [reason]);
      }
      await refused(runSql('DROP FUNCTION loud'), 'cannot drop due to the following dependent objects : permission guests.user.select in source "default"');
      assert.deepEqual((await served()).guests_by, [{ id: 1, shouted: 'ANN' }]);

      assert.equal((await runSql('ALTER FUNCTION guests_by RENAME TO found', { check_metadata_consistency: false })).status, 200);
      assert.deepEqual((await system.graphql('{ found(args: {wanted: "ann"}) { id } }')).found, [{ id: 1 }]);
      const again = await runSql(`DROP FUNCTION found; DROP FUNCTION loud;
        CREATE FUNCTION found(wanted text) RETURNS SETOF guests LANGUAGE sql STABLE AS 'SELECT * FROM guests';
        CREATE FUNCTION loud(guests) RETURNS text LANGUAGE sql STABLE AS 'SELECT $1.name'`, { cascade: true });
      assert.equal(again.status, 200, again.text);
      for (const query of ['{ found(args: {wanted: "ann"}) { id } }', '{ guests { shouted } }']) {
        const { body } = await system.post('/v1/graphql', { query });
        assert.equal(body.errors?.[0].extensions.code, 'validation-failed', query);
      }
      assert.deepEqual(await system.sql("SELECT FROM threefactor.function_permission WHERE function_name IN ('found', 'guests_by')"), []);
    });

    await step('each key of a configuration and of a cron trigger is applied', async () => {
      await system.sql('CREATE TABLE notes (id integer PRIMARY KEY)');
      await metadata(
        ['track_table', { table: 'notes', configuration: { custom_root_fields: {
          select: { name: 'all_notes', comment: 'each note' }, select_by_pk: { name: null, comment: 'one note' }, select_aggregate: 'note_numbers' } } }],
        ['create_cron_trigger', { name: 'kept_out', webhook: sink.url, schedule: '@daily', include_in_metadata: false }],
        ['create_cron_trigger', { name: 'kept', webhook: sink.url, schedule: '@daily' }],
      );
      const { __type: { fields } } = await system.graphql('{ __type(name: "query_root") { fields { name description } } }');
      const described = Object.fromEntries(fields.map(({ name, description }) => [name, description]));
      assert.equal(described.all_notes, 'each note');
      assert.equal(described.notes_by_pk, 'one note');
      assert.equal(described.note_numbers, 'fetch aggregated fields from the table: "notes"');
      assert.deepEqual(await system.sql("SELECT name, include_in_metadata FROM threefactor.schedules WHERE name LIKE 'kept%' ORDER BY name"),
        [{ name: 'kept', include_in_metadata: true }, { name: 'kept_out', include_in_metadata: false }]);
      await metadata(['delete_cron_trigger', { name: 'kept' }], ['delete_cron_trigger', { name: 'kept_out' }]);
    });

    await step('a column keeps its custom name when it is renamed; run_sql refuses that where an event trigger names it', async () => {
      await system.sql('CREATE TABLE parcels (id integer PRIMARY KEY, weight integer, colour text); INSERT INTO parcels VALUES (1, 2)');
      await metadata(
        ['track_table', { table: 'parcels', configuration: { column_config: { weight: { custom_name: 'grams' } }, custom_column_names: { colour: 'paint' } } }],
        ['create_event_trigger', { name: 'weighed', table: 'parcels', webhook: sink.url, update: { columns: ['colour'] } }],
      );
      assert.equal((await runSql('ALTER TABLE parcels RENAME COLUMN weight TO mass')).status, 200);
      assert.deepEqual((await system.graphql('{ parcels { grams } }')).parcels, [{ grams: 2 }]);
      await system.sql('ALTER TABLE parcels RENAME COLUMN mass TO burden');
      await eventually('plain DDL is followed, too', async () => {
        const { body } = await system.post('/v1/graphql', { query: '{ parcels { grams paint } }' });
        return body.data?.parcels[0].grams === 2;
      });
      await refused(runSql('ALTER TABLE parcels RENAME COLUMN colour TO tint'),
        'cannot rename column "colour" in table "parcels" because of the following dependencies : event-trigger parcels.weighed in source "default"');
      await metadata(['delete_event_trigger', { name: 'weighed' }]);
    });

    await step('only an event trigger with enable_manual is invoked; its name is free when its table is gone', async () => {
      const manual = (name, enabled) => ['create_event_trigger', { name, table: 'books', webhook: sink.url, insert: { columns: '*' }, enable_manual: enabled }];
      await metadata(manual('manual', true), manual('automatic', false));
      const invoke = (name) => system.post('/v1/query', { type: 'invoke_event_trigger', args: { name, payload: {} } });
      assert.equal((await invoke('manual')).status, 200);
      await refused(invoke('automatic'), 'manual mode is not enabled for event trigger', 'not-supported');
      assert.equal((await runSql('DROP TABLE books; CREATE TABLE books (id integer)')).status, 200);
      await metadata(manual('manual', false));
      await refused(invoke('manual'), 'manual mode is not enabled for event trigger', 'not-supported');
    });

    await step('pg_delete_event_trigger deletes no cron trigger, delete_cron_trigger no event trigger', async () => {
      await metadata(['create_cron_trigger', { name: 'nightly', webhook: sink.url, schedule: '0 0 * * *', include_in_metadata: true }]);
      await metadata(['create_event_trigger', { name: 'by_day', table: 'orders', webhook: sink.url, insert: { columns: '*' }, enable_manual: true }]);
      for (const [type, name] of [['pg_delete_event_trigger', 'nightly'], ['delete_event_trigger', 'nightly'], ['delete_cron_trigger', 'by_day'], ['invoke_event_trigger', 'nightly']]) {
        const { status, body } = await system.post('/v1/query', { type, args: { name, payload: {} } });
        assert.equal(status, 400, `${type}: ${JSON.stringify(body)}`);
      }
      assert.deepEqual(await system.sql("SELECT name FROM threefactor.event_triggers WHERE name IN ('nightly', 'by_day') ORDER BY 1"), [{ name: 'by_day' }, { name: 'nightly' }]);
      await metadata(['delete_cron_trigger', { name: 'nightly' }], ['delete_event_trigger', { name: 'by_day' }]);
      assert.deepEqual(await system.sql("SELECT FROM threefactor.event_triggers WHERE name IN ('nightly', 'by_day')"), []);
    });

    await step('a gateway whose role is no superuser does all that with what its role owns, and nothing with the rest', async () => {
      await system.sql(`CREATE ROLE shop_owner; CREATE ROLE shop_gateway LOGIN IN ROLE shop_owner, threefactor_admin, threefactor_gateway;
        CREATE SCHEMA shop AUTHORIZATION shop_owner; CREATE SCHEMA vault; GRANT USAGE ON SCHEMA vault TO shop_gateway;
        CREATE TABLE vault.cards (id integer PRIMARY KEY); GRANT SELECT ON vault.cards TO shop_gateway`);
      const url = system.cluster.url().replace('postgres@', 'shop_gateway@');
      const gateway = await Gateway.start(kGateway, url, kSecret, ['--schemas', 'shop,vault']);
      try {
        const call = (type, args) => gateway.post('/v1/query', { type, args });
        const succeeds = async (type, args) => {
          const body = await call(type, args);
          assert.equal(body.error, undefined, `${type}: ${JSON.stringify(body)}`);
          return body;
        };
        const sells = { schema: 'shop', name: 'sells' };
        await succeeds('run_sql', { sql: `SET ROLE shop_owner; CREATE TABLE shop.items (id integer PRIMARY KEY, name text);
          CREATE TABLE shop.kinds (kind text PRIMARY KEY); INSERT INTO shop.kinds VALUES ('new'), ('used');
          CREATE TABLE shop.sells (id integer PRIMARY KEY, item integer REFERENCES shop.items, kind text REFERENCES shop.kinds);
          CREATE FUNCTION shop.label(shop.items) RETURNS text LANGUAGE sql STABLE AS 'SELECT upper($1.name)';
          CREATE FUNCTION shop.cheap() RETURNS SETOF shop.items LANGUAGE sql STABLE AS 'SELECT * FROM shop.items'; RESET ROLE` });
        for (const name of ['items', 'sells']) await succeeds('track_table', { schema: 'shop', name });
        await succeeds('track_table', { table: { schema: 'shop', name: 'kinds' }, is_enum: true });
        await succeeds('create_object_relationship', { table: sells, name: 'thing', using: { foreign_key_constraint_on: 'item' } });
        await succeeds('track_function', { schema: 'shop', name: 'cheap' });
        await succeeds('add_computed_field', { table: { schema: 'shop', name: 'items' }, name: 'label', definition: { function: { schema: 'shop', name: 'label' } } });
        await succeeds('create_event_trigger', { name: 'sold', table: sells, webhook: `${sink.url}/sold`, insert: { columns: '*' }, enable_manual: true });
        await succeeds('create_cron_trigger', { name: 'shop_daily', webhook: sink.url, schedule: '@daily', include_in_metadata: true });
        await eventually('relationship, computed field, enum and function are served', async () => {
          const body = await gateway.post('/v1/graphql', { query: `mutation { insert_shop_items_one(object: {id: 1, name: "cup"}) { label }
            insert_shop_sells_one(object: {id: 1, item: 1, kind: used}) { kind thing { name } } } ` });
          return body.data?.insert_shop_sells_one?.thing?.name === 'cup' && body.data.insert_shop_items_one.label === 'CUP';
        });
        const cheap = await gateway.post('/v1/graphql', { query: '{ shop_cheap { name } }' });
        assert.deepEqual(cheap.data?.shop_cheap ?? cheap.data?.cheap ?? cheap, [{ name: 'cup' }]);
        await eventually('it is posted', () => sink.on('/sold').length === 1);
        await succeeds('invoke_event_trigger', { name: 'sold', payload: { id: 2 } });
        await eventually('and the invocation', () => sink.on('/sold').length === 2);
        const [{ event_id: event }] = await system.sql("SELECT event_id FROM threefactor.events WHERE 'sold' = ANY (event_triggers) ORDER BY position LIMIT 1");
        await succeeds('redeliver_event', { event_id: event });
        await succeeds('run_sql', { sql: 'ALTER TABLE shop.sells DROP COLUMN kind' });
        await succeeds('delete_event_trigger', { name: 'sold' });
        await succeeds('delete_cron_trigger', { name: 'shop_daily' });

        const vaulted = { schema: 'vault', name: 'cards' };
        for (const [type, args] of [
          ['create_event_trigger', { name: 'stolen', table: vaulted, webhook: sink.url, insert: { columns: '*' } }],
          ['track_table', vaulted],
          ['untrack_table', { table: vaulted }],
          ['set_table_customization', { table: vaulted, configuration: { custom_name: 'mine' } }],
          ['create_select_permission', { table: vaulted, role: 'user', permission: { columns: '*', filter: {} } }],
          ['delete_event_trigger', { name: 'placed' }],
          ['add_inherited_role', { role_name: 'all', role_set: ['admin'] }],
        ]) {
          const body = await call(type, args);
          assert.match(body.error ?? '', /must be owner of|permission denied/, `${type}: ${JSON.stringify(body)}`);
        }
        await succeeds('clear_metadata', {});
        assert.equal((await system.sql("SELECT FROM threefactor.event_triggers WHERE name = 'placed'")).length, 1);
      } finally {
        await gateway.stop();
      }
    });
  } finally {
    await sink.stop();
  }
});
