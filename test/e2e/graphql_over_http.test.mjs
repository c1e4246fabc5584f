// What tools expect of a GraphQL server: GraphQL over HTTP as npm graphql-http audits it, and introspection that graphql-js
// accepts, as GraphiQL and code generators ask for it.
import assert from 'node:assert/strict';

import { graphql, serverAudits } from '../clients/clients.mjs';
import { kSecret, scenario } from './harness.mjs';

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
    const newest = { specifiedByUrl: true, directiveIsRepeatable: true, schemaDescription: true, inputValueDeprecation: true, oneOf: true };
    for (const options of [{ descriptions: false }, {}, newest]) {
      const schema = graphql.buildClientSchema(await system.graphql(graphql.getIntrospectionQuery(options)));
      assert.deepEqual(graphql.validateSchema(schema), []);
      const document = graphql.parse(`subscription ($id: String!) { orders(where: {order_id: {_eq: $id}}) { order_id items { item } } }`);
      assert.deepEqual(graphql.validate(schema, document), []);
    }
  });
});
