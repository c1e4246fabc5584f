// What gateway/dialect/http.md and subscriptions.md say of HTTP and WebSocket, where no other test shows it.
import assert from 'node:assert/strict';

import { WebSocket } from '../clients/clients.mjs';
import { eventually, kSecret, scenario } from './harness.mjs';
import { LegacyConnection } from './support/subscription.mjs';

scenario('the dialect over HTTP', { app: false, gateway: false }, async (system, step) => {
  await system.sql(`CREATE EXTENSION threefactor;
    CREATE TABLE notes (id integer PRIMARY KEY, body text NOT NULL);
    INSERT INTO notes VALUES (1, 'first');
    CREATE FUNCTION fails() RETURNS SETOF notes LANGUAGE plpgsql STABLE AS $$ BEGIN RAISE EXCEPTION 'not today'; END $$;
    SELECT threefactor.track_function('public', 'fails')`);
  system.gatewayArguments = ['--operations-per-connection', '2', '--batch-operations', '3'];
  await system.startGateway();
  const kPaths = ['/v1/graphql', '/v1alpha1/graphql'];
  const codeOf = ({ body }) => body.errors[0].extensions.code;

  await step('the status of each kind of error, on both paths', async () => {
    const kinds = [
      [{ query: '{ notes { id } }' }, {}, undefined, 200],
      [{ query: '{ notes {' }, {}, 'validation-failed', 400],
      [{ query: '{ nothing }' }, {}, 'validation-failed', 400],
      [{ query: 'mutation { insert_notes_one(object: {id: 1, body: "again"}) { id } }' }, {}, 'constraint-violation', 400],
      [{ query: '{ notes { id } }' }, { 'x-hasura-admin-secret': 'wrong' }, 'access-denied', 401],
      [{ query: '{ fails { id } }' }, {}, 'unexpected', 500],
    ];
    for (const [request, headers, code, status] of kinds) {
      for (const [path, expected] of [[kPaths[0], 200], [kPaths[1], status]]) {
        const answer = await system.post(path, request, headers);
        assert.equal(answer.status, expected, `${path}: ${answer.text}`);
        if (code) assert.equal(codeOf(answer), code);
        else assert.deepEqual(answer.body, { data: { notes: [{ id: 1 }] } });
      }
      const accept = { ...headers, accept: 'application/graphql-response+json' };
      assert.equal((await system.post(kPaths[0], request, accept)).status, status);
    }
  });

  await step('what is no request is refused on both paths', async () => {
    const malformed = ['', '{', '"text"', '7', '[]', '{}', '{"query": 7}', '{"query": "{notes{id}}", "variables": []}', '{"query": "{notes{id}}", "operationName": 1}', '{"query": "{notes{id}}", "query": "{notes{body}}"}'];
    for (const path of kPaths) for (const body of malformed) assert.equal((await system.post(path, body)).status, 400, body);
    const { status, body } = await system.post('/v1/nothing', {});
    assert.equal(status, 404);
    assert.deepEqual(Object.keys(body), ['path', 'error', 'code']);
  });

  await step('null and absence are the same for each member, and other members are not looked at', async () => {
    const query = '{ notes { id } }';
    for (const more of [{ variables: null }, { operationName: null }, { extensions: null }, { documentId: null }, { other: 1 }])
      assert.deepEqual((await system.post('/v1/graphql', { query, ...more })).body, { data: { notes: [{ id: 1 }] } });
  });

  await step('operationName chooses', async () => {
    const query = 'query A { notes { id } } query B { notes { body } }';
    assert.deepEqual((await system.post('/v1/graphql', { query, operationName: 'B' })).body, { data: { notes: [{ body: 'first' }] } });
    assert.match((await system.post('/v1/graphql', { query, operationName: 'C' })).body.errors[0].message, /no such operation/);
  });

  await step('a batch: its number is limited, and each runs by itself', async () => {
    const insert = (id) => ({ query: `mutation { insert_notes_one(object: {id: ${id}, body: "batch"}) { id } }` });
    const { body } = await system.post('/v1/graphql', [insert(2), insert(1), { query: '{ notes(order_by: {id: asc}) { id } }' }]);
    assert.deepEqual(body.map(({ data, errors }) => data ?? errors[0].extensions.code), [{ insert_notes_one: { id: 2 } }, 'constraint-violation', { notes: [{ id: 1 }, { id: 2 }] }]);
    assert.equal((await system.post('/v1/graphql', [1, 2, 3, 4].map(() => insert(9)))).status, 400);
  });

  await step('GET reads, and does not write', async () => {
    const get = (parameters) =>
      fetch(`${system.gatewayUrl}/v1/graphql?${new URLSearchParams(parameters)}`, { headers: { 'x-hasura-admin-secret': kSecret } });
    const query = 'query One($id: Int!) { notes_by_pk(id: $id) { body } }';
    const answer = await get({ query, variables: '{"id": 1}', operationName: 'One', extensions: '{}' });
    assert.deepEqual(await answer.json(), { data: { notes_by_pk: { body: 'first' } } });
    const refused = await get({ query: 'mutation { delete_notes(where: {}) { affected_rows } }' });
    assert.equal(refused.status, 405);
    assert.match(refused.headers.get('allow'), /POST/);
    assert.equal((await get([['query', query], ['query', query]])).status, 400);
    assert.deepEqual(await system.sql('SELECT count(*)::integer AS n FROM notes'), [{ n: 2 }]);
  });

  await step('a subscription is refused over HTTP', async () => {
    const answer = await system.post('/v1/graphql', { query: 'subscription { notes { id } }' });
    assert.equal(codeOf(answer), 'unexpected-payload');
  });

  await step('operations at once on one socket are limited', async () => {
    const socket = new WebSocket(`${system.gatewayUrl.replace('http', 'ws')}/v1/graphql`, ['graphql-transport-ws']);
    const heard = [];
    const send = (message) => socket.send(JSON.stringify(message));
    socket.on('message', (text) => heard.push(JSON.parse(text)));
    socket.on('open', () => {
      send({ type: 'connection_init', payload: { headers: { 'x-hasura-admin-secret': kSecret } } });
      for (const id of ['a', 'b', 'c']) send({ id, type: 'subscribe', payload: { query: 'subscription { notes { id } }' } });
    });
    const { id, payload } = await eventually('a refusal', () => heard.find(({ type }) => type === 'error'));
    assert.deepEqual([id, payload[0].extensions.code], ['c', 'busy']);
    await eventually('the others are answered', () => ['a', 'b'].every((each) => heard.some((message) => message.type === 'next' && message.id === each)));
    socket.terminate();
  });

  await step('an error of a live query is an answer, in both protocols', async () => {
    for (const connection of [system.connect(), system.connect(LegacyConnection)]) {
      const subscription = connection.subscribe('subscription { fails { id } }');
      await eventually('the error', () => subscription.errors.length > 0);
      assert.equal(subscription.complete, false);
      subscription.stop();
      await connection.close();
    }
  });

  await step('a gateway that stops closes its sockets with 1001, "Going away"', async () => {
    const socket = new WebSocket(`${system.gatewayUrl.replace('http', 'ws')}/v1/graphql`, ['graphql-transport-ws']);
    let closed;
    socket.on('close', (code, reason) => (closed = [code, String(reason)]));
    await new Promise((resolve) => socket.on('open', resolve));
    assert.equal((await system.gateway.stop()).code, 0);
    await eventually('it is closed', () => closed);
    assert.deepEqual(closed, [1001, 'Going away']);
    await system.startGateway();
  });

  await step('answers follow the settings of the role that the gateway logs in as', async () => {
    await system.sql("CREATE TABLE moments (id integer PRIMARY KEY, at timestamptz, span interval); INSERT INTO moments VALUES (1, '2024-01-01 12:00:00+00', '1 day 2 hours')");
    await system.sql(`DO $$ BEGIN EXECUTE format('ALTER ROLE %I SET timezone = %L', current_user, 'Asia/Tokyo');
      EXECUTE format('ALTER ROLE %I SET intervalstyle = %L', current_user, 'iso_8601'); END $$`);
    assert.equal((await system.gateway.stop()).code, 0);
    await system.startGateway();
    assert.deepEqual(await system.graphql('{ moments { at span } }'), { moments: [{ at: '2024-01-01T21:00:00+09:00', span: 'P1DT2H' }] });
  });
});
