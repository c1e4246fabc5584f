// What a developer is shown of an operation: /v1/graphql/explain, and the header X-Threefactor-Debug.
import assert from 'node:assert/strict';

import { kSecret, scenario } from './harness.mjs';

const kQuery = 'query ($id: String!) { one: orders_by_pk(order_id: $id) { order_id } __typename items(where: {item: {_eq: "it\'s $1"}}) { item } }';

scenario('explain', {}, async (system, step) => {
  const explain = (query, rest = {}, user) => system.post('/v1/graphql/explain', { query: { query, ...rest }, user });

  await step('a query: SQL and plan of each root field', async () => {
    const { status, body } = await explain(kQuery, { variables: { id: 'o-1' } });
    assert.equal(status, 200);
    assert.deepEqual(body.map(({ field }) => field), ['one', '__typename', 'items']);
    assert.deepEqual(body[1], { field: '__typename', sql: null, plan: null });
    assert.match(body[0].plan.join('\n'), /on orders/);
    // As it can be pasted into psql.
    const rows = await system.sql(body[2].sql);
    assert.deepEqual(Object.values(rows[0]), ['[]']);
    assert.match(body[0].sql, /'o-1'/);
    assert.match(body[2].sql, /'it''s \$1'/);
  });

  await step('a subscription: one object', async () => {
    const { body } = await explain('subscription { orders { order_id items { item } } }');
    assert.deepEqual(Object.keys(body), ['sql', 'plan']);
    assert.match(body.plan.join('\n'), /on items/);
  });

  await step('one of several operations, and session variables', async () => {
    const { body } = await explain('query A { orders { order_id } } query B { items { item } }', { operationName: 'B' }, { 'X-Hasura-User-Id': '1' });
    assert.deepEqual(body.map(({ field }) => field), ['items']);
  });

  await step('nothing is executed', async () => {
    await system.sql(`CREATE FUNCTION trespass(orders) RETURNS integer LANGUAGE plpgsql STABLE AS $$ BEGIN RAISE EXCEPTION 'executed'; END $$`);
    await system.sql("INSERT INTO orders (order_id, user_id, restaurant_id, address) VALUES ('o-1', 'u', 1, 'a')");
    const args = { table: 'orders', name: 'trespass', definition: { function: 'trespass' } };
    assert.equal((await system.post('/v1/query', { type: 'add_computed_field', args })).status, 200);
    assert.equal((await explain('{ orders { trespass } }')).status, 200);
    assert.match((await system.post('/v1/graphql', { query: '{ orders { trespass } }' })).text, /errors/);
  });

  await step('refusals', async () => {
    const mutation = await explain('mutation { delete_orders(where: {}) { affected_rows } }');
    assert.equal(mutation.status, 400);
    assert.deepEqual(mutation.body, { path: '$', error: 'only queries can be explained', code: 'invalid-params' });
    const unknown = await explain('{ orders { nothing } }');
    assert.equal(unknown.status, 400);
    assert.equal(unknown.body.code, 'validation-failed');
    assert.match(unknown.body.path, /nothing/);
    for (const body of ['[]', '{}', '{"query": "{ orders { order_id } }"}', '{"query": {}}', '{"query": {"query": "{__typename}"}, "user": {"x-hasura-role": 1}}', '{'])
      assert.equal((await system.post('/v1/graphql/explain', body)).status, 400, body);
    const stranger = await system.post('/v1/graphql/explain', { query: { query: '{__typename}' } }, { 'x-hasura-admin-secret': 'wrong' });
    assert.equal(stranger.body.code, 'access-denied');
  });
});

scenario('the debug header', { gatewayArguments: ['--threads', '1'] }, async (system, step) => {
  const ask = async (debug, body, path = '/v1/graphql') => {
    const headers = { 'content-type': 'application/json', 'x-hasura-admin-secret': kSecret, ...(debug && { 'x-threefactor-debug': debug }) };
    const response = await fetch(`${system.gatewayUrl}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    const timing = response.headers.get('server-timing');
    return { body: await response.json(), stages: timing?.split(', ').map((entry) => entry.replace(/;dur=\d+\.\d{3}$/, '')) };
  };
  const request = { query: 'query ($id: String!) { orders_by_pk(order_id: $id) { order_id } }', variables: { id: 'x' } };

  await step('not asked: nothing', async () => {
    assert.deepEqual(await ask('', request), { body: { data: { orders_by_pk: null } }, stages: undefined });
  });

  await step('timing: each stage that was passed; a repeated operation skips most', async () => {
    const fresh = { ...request, query: `${request.query} # other` };
    const compiled = ['request', 'cache;desc=miss', 'parse', 'validate', 'plan', 'compile', 'connection', 'database', 'total'];
    const first = await ask('timing', fresh);
    assert.deepEqual(first, { body: { data: { orders_by_pk: null } }, stages: compiled });
    assert.deepEqual((await ask('timing', fresh)).stages, ['request', 'cache;desc=hit', 'connection', 'database', 'total']);
    assert.deepEqual((await ask('timing', { query: '{ orders { nothing } }' })).stages, ['request', 'cache;desc=miss', 'parse', 'total']);
  });

  await step('sql: the statements with their parameters, also of what fails', async () => {
    const { body, stages } = await ask('sql', request);
    assert.equal(stages, undefined);
    const [{ sql, parameters }] = body.extensions.debug.statements;
    assert.match(sql, /^SELECT .*\$1/);
    assert.deepEqual(parameters, ['x']);
    const failed = await ask('timing, sql', { query: 'mutation { insert_items_one(object: {order_id: "nobody", item: "pizza"}) { id } }' });
    assert.equal(failed.body.errors[0].extensions.code, 'constraint-violation');
    assert.match(failed.body.extensions.debug.statements[0].sql, /INSERT INTO/);
    assert.ok(failed.stages.includes('database'));
  });

  await step('a batch: times add up, statements stay with their operation', async () => {
    const { body, stages } = await ask('timing, sql', [request, { query: '{ __typename }' }]);
    assert.deepEqual(body.map(({ extensions }) => extensions.debug.statements.length), [1, 0]);
    assert.ok(stages.includes('database'));
  });
});

scenario('the debug header, switched off', { app: false, gatewayArguments: ['--debug-header', 'off'] }, async (system) => {
  const { text } = await system.post('/v1/graphql', { query: '{ __typename }' }, { 'x-threefactor-debug': 'timing, sql' });
  assert.equal(text, '{"data":{"__typename":"query_root"}}');
});
