// What tools expect of a GraphQL server: GraphQL over HTTP as npm graphql-http audits it, and introspection that graphql-js
// accepts, as GraphiQL and code generators ask for it.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';

import { graphql, serverAudits } from '../clients/clients.mjs';
import { kSecret, scenario } from './harness.mjs';

const kGolden = new URL('../golden/', import.meta.url);
const newest = { specifiedByUrl: true, directiveIsRepeatable: true, schemaDescription: true, inputValueDeprecation: true, oneOf: true };

// What the dialect takes beyond the specification: strings and other literals where a scalar is meant, NULL in arrays.
const kLenient = [
  /cannot represent/,
  /^Expected value of type "\w+!", found null/,
  /^Variable "\$\w+" of type "\[\w+\]!?" used in position expecting type "\[\w+!\]!?"/, // null items are seen in values
];
// Cases whose documents hold mistakes in what is not executed, which is not looked at.
const kUnexecuted = ['document_skipped_unknown', 'document_unused'];

scenario('GraphQL over HTTP', {}, async (system, step) => {
  await step('every audit of graphql-http', async () => {
    const audits = serverAudits({
      url: `${system.gatewayUrl}/v1/graphql`,
      fetchFn: (url, options = {}) => fetch(url, { ...options, headers: { ...options.headers, 'x-hasura-admin-secret': kSecret } }),
    });
    assert.ok(audits.length >= 61);
    const failed = [];
    for (const audit of audits) {
      const result = await audit.fn();
      if (result.status !== 'ok') failed.push(`${audit.id} ${audit.name}: ${result.reason}`);
    }
    assert.deepEqual(failed, []);
  });

  await step('introspection, from the oldest to the newest form of the query', async () => {
    for (const options of [{ descriptions: false }, {}, newest]) {
      const schema = graphql.buildClientSchema(await system.graphql(graphql.getIntrospectionQuery(options)));
      assert.deepEqual(graphql.validateSchema(schema), []);
      const document = graphql.parse(`subscription ($id: String!) { orders(where: {order_id: {_eq: $id}}) { order_id items { item } } }`);
      assert.deepEqual(graphql.validate(schema, document), []);
    }
  });
});

scenario('the schema of the golden cases', { app: false, gateway: false, gatewayArguments: ['--schemas', 'public,other'] }, async (system, step) => {
  const files = await readdir(kGolden);
  for (const file of files.filter((name) => name.endsWith('.sql')).sort()) await system.cluster.psql(['-f', new URL(file, kGolden).pathname]);
  await system.startGateway();
  let schema;
  await step('is valid by the book, for every kind of table, type and name', async () => {
    schema = graphql.buildClientSchema(await system.graphql(graphql.getIntrospectionQuery(newest)));
    assert.deepEqual(graphql.validateSchema(schema), []);
  });
  await step('says of every document that is answered that it is valid', async () => {
    let checked = 0;
    const needsExtension = (name) => existsSync(new URL(`${name}/extension`, kGolden));
    for (const name of files.filter((name) => !name.includes('.') && !name.startsWith('role_') && name !== 'extensions' && !needsExtension(name) && !kUnexecuted.includes(name))) {
      const answer = JSON.parse(await readFile(new URL(`${name}/expected.json`, kGolden), 'utf8'));
      if (!answer.data) continue;
      const document = graphql.parse(await readFile(new URL(`${name}/request.graphql`, kGolden), 'utf8'));
      const errors = graphql.validate(schema, document).filter(({ message }) => !kLenient.some((lenient) => lenient.test(message)));
      assert.deepEqual(errors.map(({ message }) => message), [], name);
      checked += 1;
    }
    assert.ok(checked > 100);
  });
});
