// Frontends' own libraries against the gateway: Apollo Client (with persisted queries and subscriptions), urql, and types generated
// by GraphQL Code Generator from introspection, compiled with the operations that use them.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { apollo, createClient, gql, urql } from '../clients/clients.mjs';
import { eventually, kSecret, scenario } from './harness.mjs';
import { StrictWebSocket as WebSocket } from './support/strict_json.mjs';

const kClients = fileURLToPath(new URL('../clients', import.meta.url));
const kAdmin = { 'x-hasura-admin-secret': kSecret };
const sha256 = (text) => createHash('sha256').update(text).digest('hex');

const kInsert = gql`
  mutation Place($order: orders_insert_input!) {
    insert_orders_one(object: $order) { order_id user_id }
  }`;
const kOrder = gql`
  query Order($id: String!) {
    orders_by_pk(order_id: $id) { order_id user_id payment_valid }
  }`;

function apolloClient(system, { persisted = false, fetch: itsFetch = fetch } = {}) {
  const http = new apollo.HttpLink({ uri: `${system.gatewayUrl}/v1/graphql`, headers: kAdmin, fetch: itsFetch });
  const webSocket = new apollo.GraphQLWsLink(
    createClient({
      url: `${system.gatewayUrl.replace('http', 'ws')}/v1/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { headers: kAdmin },
    }),
  );
  const overHttp = persisted ? new apollo.PersistedQueryLink({ sha256 }).concat(http) : http;
  const link = apollo.ApolloLink.split(({ operationType }) => operationType === 'subscription', webSocket, overHttp);
  return { client: new apollo.ApolloClient({ link, cache: new apollo.InMemoryCache() }), close: () => webSocket.client.dispose() };
}

scenario('frontend libraries', {}, async (system, step) => {
  const place = (id) => ({ order_id: id, user_id: 'u', restaurant_id: 1, address: 'here' });

  await step('Apollo Client: mutation, query, subscription, its cache fed by __typename', async () => {
    const { client, close } = apolloClient(system);
    const inserted = await client.mutate({ mutation: kInsert, variables: { order: place('apollo') } });
    assert.deepEqual(inserted.data.insert_orders_one, { __typename: 'orders', order_id: 'apollo', user_id: 'u' });
    const seen = [];
    const subscription = client
      .subscribe({ query: gql`subscription ($id: String!) { orders_by_pk(order_id: $id) { order_id address } }`, variables: { id: 'apollo' } })
      .subscribe((result) => seen.push(result.error?.message ?? result.data.orders_by_pk.address));
    await eventually('the first result', () => assert.deepEqual(seen, ['here']) === undefined);
    await client.mutate({
      mutation: gql`mutation { update_orders_by_pk(pk_columns: {order_id: "apollo"}, _set: {address: "there"}) { order_id address } }`,
    });
    await eventually('the change', () => assert.deepEqual(seen, ['here', 'there']) === undefined);
    subscription.unsubscribe();
    const { data } = await client.query({ query: kOrder, variables: { id: 'apollo' } });
    assert.equal(data.orders_by_pk.order_id, 'apollo');
    await assert.rejects(client.query({ query: gql`{ orders { nothing } }` }), /field .nothing. not found in type: 'orders'/);
    await close();
  });

  await step('Apollo Client: automatic persisted queries', async () => {
    const sent = [];
    const spy = (url, options) => {
      sent.push(JSON.parse(options.body));
      return fetch(url, options);
    };
    for (const expected of [[false, true], [false]]) {
      sent.length = 0;
      const { client, close } = apolloClient(system, { persisted: true, fetch: spy });
      const { data } = await client.query({ query: kOrder, variables: { id: 'apollo' } });
      assert.equal(data.orders_by_pk.user_id, 'u');
      assert.deepEqual(sent.map((body) => body.query !== undefined), expected);
      await close();
    }
    const query = '{ __typename }';
    const wrong = await system.post('/v1/graphql', { query, extensions: { persistedQuery: { version: 1, sha256Hash: sha256('x') } } });
    assert.equal(wrong.status, 400);
    assert.equal(wrong.body.errors[0].message, 'provided sha does not match query');
    const unknown = await system.post('/v1/graphql', { extensions: { persistedQuery: { version: 1, sha256Hash: sha256('y') } } });
    assert.equal(unknown.status, 200);
    assert.equal(unknown.body.errors[0].extensions.code, 'PERSISTED_QUERY_NOT_FOUND');
    const version = await system.post('/v1/graphql', { query, extensions: { persistedQuery: { version: 2, sha256Hash: sha256(query) } } });
    assert.equal(version.status, 400);
  });

  await step('urql', async () => {
    const client = new urql.Client({
      url: `${system.gatewayUrl}/v1/graphql`,
      exchanges: [urql.cacheExchange, urql.fetchExchange],
      fetchOptions: { headers: kAdmin },
      preferGetMethod: false,
    });
    const inserted = await client.mutation(kInsert, { order: place('urql') }).toPromise();
    assert.ifError(inserted.error);
    for (const preferGetMethod of [false, 'force']) {
      const result = await client.query(kOrder, { id: 'urql' }, { preferGetMethod, requestPolicy: 'network-only' }).toPromise();
      assert.ifError(result.error);
      assert.equal(result.data.orders_by_pk.user_id, 'u');
    }
    const failed = await client.query('{ nothing }', {}).toPromise();
    assert.match(failed.error.message, /nothing/);
  });

  await step('GraphQL Code Generator: the types of every operation compile', async () => {
    const operations = `${system.directory}/operations.graphql`;
    const types = `${system.directory}/types.ts`;
    const schema = `${system.directory}/schema.ts`;
    await writeFile(operations, [kInsert, kOrder].map((document) => document.loc.source.body).join('\n'));
    await writeFile(
      `${system.directory}/codegen.json`,
      JSON.stringify({
        schema: [{ [`${system.gatewayUrl}/v1/graphql`]: { headers: kAdmin } }],
        documents: operations,
        generates: { [types]: { plugins: ['typescript-operations'] }, [schema]: { plugins: ['typescript'] } },
      }),
    );
    const use = `${system.directory}/use.ts`;
    await writeFile(
      use,
      `import type { OrderQuery, OrderQueryVariables, PlaceMutationVariables } from './types';
       const variables: OrderQueryVariables = { id: 'a' };
       const order: OrderQuery = { orders_by_pk: { order_id: variables.id, user_id: 'u', payment_valid: null } };
       const placed: PlaceMutationVariables = { order: { order_id: 'a', restaurant_id: 1 } };
       // @ts-expect-error: an order has no such column
       const wrong: PlaceMutationVariables = { order: { nothing: 1 } };
       export default [order, placed, wrong];`,
    );
    const run = (script, ...args) =>
      promisify(execFile)(process.execPath, [`${kClients}/node_modules/${script}`, ...args], { cwd: kClients }).catch((error) => {
        throw new Error(`${script}: ${error.stdout}${error.stderr}`);
      });
    await run('@graphql-codegen/cli/cjs/bin.js', '--config', `${system.directory}/codegen.json`);
    await run('typescript/bin/tsc', '--noEmit', '--strict', '--skipLibCheck', use, schema);
  });
});

scenario('trusted documents', { gateway: false }, async (system, step) => {
  const file = `${system.directory}/documents.json`;
  const query = '{ orders { order_id } }';
  await writeFile(file, JSON.stringify({ [`sha256:${sha256(query)}`]: query, named: 'query ($id: String!) { orders_by_pk(order_id: $id) { order_id } }' }));
  system.gatewayArguments = ['--trusted-documents', file];
  await system.startGateway();

  await step('run by id, by hash or by text; nothing else runs', async () => {
    const orders = { data: { orders: [] } };
    assert.deepEqual((await system.post('/v1/graphql', { query })).body, orders);
    assert.deepEqual((await system.post('/v1/graphql', { documentId: `sha256:${sha256(query)}` })).body, orders);
    assert.deepEqual((await system.post('/v1/graphql', { extensions: { persistedQuery: { version: 1, sha256Hash: sha256(query) } } })).body, orders);
    assert.deepEqual((await system.post('/v1/graphql', { documentId: 'named', variables: { id: 'x' } })).body, { data: { orders_by_pk: null } });
    for (const request of [{ query: '{ orders { user_id } }' }, { documentId: 'other' }, { query: '{ __schema { types { name } } }' }]) {
      const { body } = await system.post('/v1/graphql', request);
      assert.equal(body.errors[0].message, 'query is not allowed', JSON.stringify(request));
    }
  });
});
