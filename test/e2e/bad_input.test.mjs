// Wrong input is answered by a clear error, and nothing is lost by it.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';

import { eventually, kSecret, scenario } from './harness.mjs';
import { freePort } from './support/process.mjs';
import { kWithoutFiguresOfMemory } from './support/sanitizers.mjs';
import { fail, hang, Sink } from './support/sink.mjs';

const kInsertOrder = `INSERT INTO orders (order_id, user_id, restaurant_id, address) VALUES ($1, 'u1', 1, $2)`;

scenario('GraphQL requests', {}, async (system, step) => {
  // One error in the Hasura shape, without data.
  async function refused(request, code, message, expectedStatus = 200) {
    const { status, body, text } = await system.post('/v1/graphql', request);
    assert.equal(status, expectedStatus, text);
    assert.equal(body?.errors?.length, 1, text);
    assert.equal(body.data, undefined, text);
    const [error] = body.errors;
    assert.match(error.message, message);
    assert.match(error.extensions.code, code);
    assert.match(error.extensions.path, /^\$/);
  }
  const query = (text, variables) => ({ query: text, variables });

  await step('malformed JSON', async () => {
    await refused('{"query": ', /^invalid-json|parse-failed$/, /./, 400);
    await refused('"text"', /^parse-failed|invalid-json|bad-request$/, /./, 400);
    await refused({ query: 7 }, /^parse-failed|validation-failed|bad-request$/, /./, 400);
  });

  await step('malformed GraphQL', async () => {
    for (const text of ['', '{', 'query { orders { order_id }', '{ orders(where: ) { order_id } }', '\u0000', '{ "x" }']) {
      await refused(query(text), /^validation-failed$/, /./);
    }
  });

  await step('unknown field, argument, operator, operation', async () => {
    await refused(query('{ orders { no_such_field } }'), /^validation-failed$/, /no_such_field/);
    await refused(query('{ no_such_table { x } }'), /^validation-failed$/, /no_such_table/);
    await refused(query('{ orders(no_such_argument: 1) { order_id } }'), /^validation-failed$/, /no_such_argument/);
    await refused(query('{ orders(where: {order_id: {_no_such: 1}}) { order_id } }'), /^validation-failed$/, /_no_such/);
    await refused(query('query a { orders { order_id } } query b { orders { order_id } }'), /^validation-failed$/, /./);
  });

  await step('wrong type; null for a required value', async () => {
    await refused(query('{ orders(limit: "ten") { order_id } }'), /./, /./);
    await refused(query('{ orders(where: {restaurant_id: {_eq: "Luigi"}}) { order_id } }'), /./, /./);
    await refused(query('query ($id: String!) { orders_by_pk(order_id: $id) { order_id } }', {}), /./, /id/);
    await refused(query('query ($id: String!) { orders_by_pk(order_id: $id) { order_id } }', { id: null }), /./, /null value/);
    await refused(query('{ orders_by_pk(order_id: null) { order_id } }'), /./, /./);
    await refused(
      query('mutation { insert_orders_one(object: {order_id: "x", user_id: null, restaurant_id: 1, address: "a"}) { order_id } }'),
      /^constraint-violation|validation-failed$/,
      /./,
    );
  });

  await step('a constraint of the database', async () => {
    const insert = 'mutation { insert_orders_one(object: {order_id: "b-1", user_id: "u", restaurant_id: 1, address: "a"}) { order_id } }';
    await system.graphql(insert);
    await refused(query(insert), /^constraint-violation$/, /^Uniqueness violation/);
    await refused(query('mutation { insert_items_one(object: {order_id: "nobody", item: "pizza"}) { id } }'), /^constraint-violation$/, /^Foreign key violation/);
  });

  await step('a mutation is all or nothing, also where its commit fails', async () => {
    await system.sql('CREATE TABLE places (id integer PRIMARY KEY, seat integer CONSTRAINT one_each UNIQUE DEFERRABLE INITIALLY DEFERRED)');
    await eventually('the table is served', () => system.graphql('{ places { id } }'));
    const place = (id, seat) => `insert_places_one(object: {id: ${id}, seat: ${seat}}) { id seat }`;
    await refused(query(`mutation { a: ${place(1, 1)} b: ${place(1, 2)} }`), /^constraint-violation$/, /places_pkey/);
    await refused(query(`mutation { a: ${place(1, 1)} b: ${place(2, 1)} }`), /^constraint-violation$/, /one_each/);
    assert.deepEqual(await system.graphql('{ places { id } }'), { places: [] });
    assert.deepEqual(await system.graphql(`mutation { ${place(1, 1)} }`), { insert_places_one: { id: 1, seat: 1 } });
    await refused(query(`mutation { ${place(2, 1)} }`), /^constraint-violation$/, /one_each/);
    assert.deepEqual(await system.graphql('{ places { id } }'), { places: [{ id: 1 }] });
  });

  await step('nested 10,000 deep', async () => {
    const depth = 10_000;
    await refused(query('{ orders '.repeat(depth) + '}'.repeat(depth)), /./, /./);
    await refused(query(`{ orders(where: ${'{_not: '.repeat(depth)}{}${'}'.repeat(depth)}) { order_id } }`), /./, /./);
    await refused(query(`{ orders(where: ${'['.repeat(depth)}${']'.repeat(depth)}) { order_id } }`), /./, /./);
    const variables = `{"query":"query ($w: orders_bool_exp!) { orders(where: $w) { order_id } }","variables":{"w":${'{"_not":'.repeat(depth)}{}${'}'.repeat(depth)}}}`;
    await refused(variables, /^invalid-json$/, /nested deeper than 2000 levels/, 400);
    await refused(variables.replaceAll('{"_not":'.repeat(depth), '{"_not":'.repeat(1900)).replaceAll('}'.repeat(depth), '}'.repeat(1900)), /./, /nested deeper/);
  });

  await step('documents and variables made to cost more than they say leave no memory behind', async () => {
    const times = (count, text) => Array.from({ length: count }, (_, i) => text(i)).join(' ');
    const deep = (count) => `${'[{"a":'.repeat(count)}1${'}]'.repeat(count)}`;
    const attacks = [
      query(`{ ${times(10_000, (i) => `a${i}: __typename`)} }`),
      query(`{ orders { ${times(30_000, () => 'order_id')} } }`),
      query(`{ orders { order_id ${times(9_000, (i) => `@d${i}`)} } }`),
      query(`{ orders { ...F0 } } ${times(30, (i) => `fragment F${i} on orders { a: items { order { ...F${i + 1} } } b: items { order { ...F${i + 1} } } }`)} fragment F30 on orders { order_id }`),
      query(`{ orders { ...A } } fragment A on orders { items { order { ...B } } } fragment B on orders { ...A }`),
      query(`{ orders { ${times(5_000, () => 'x: order_id')} x: user_id } }`),
      query(`{ orders(where: {order_id: {_eq: "\\uD800"}}) { order_id } }`),
      query('{ orders(limit: 1e400) { order_id } }'),
      query('{ orders(where: {restaurant_id: {_eq: 9223372036854775808}}) { order_id } }'),
      `{"query":"query ($v: Int) { orders(limit: $v) { order_id } }","variables":{"v":${deep(50_000)}}}`,
      `{"query":"query ($v: Int) { orders(limit: $v) { order_id } }","variables":{"v":1e400}}`,
      `{"query":"query ($v: String) { orders(where: {order_id: {_eq: $v}}) { order_id } }","variables":{"v":"\\ud800"}}`,
    ];
    const resident = async () => {
      const status = await readFile(`/proc/${system.gateway.child.pid}/status`, 'utf8');
      return Number(/VmRSS:\s+(\d+) kB/.exec(status)[1]);
    };
    const round = async () => {
      for (const attack of attacks) {
        const { body, text } = await system.post('/v1/graphql', attack);
        const [error] = Array.isArray(body?.errors) ? body.errors : [body]; // JSON that is none is not yet GraphQL
        assert.match(error?.extensions?.code ?? error?.code ?? '', /^(validation-failed|parse-failed|invalid-json)$/, text.slice(0, 300));
      }
    };
    for (let i = 0; i < 3; ++i) await round(); // so that what is kept for good is there
    const before = await resident();
    for (let i = 0; i < 20; ++i) await round();
    assert.ok((await resident()) - before < 16_384, 'the gateway grew by 16 MB');
  }, kWithoutFiguresOfMemory);

  await step('a body of 20 MB', async () => {
    const { status, text } = await system.post('/v1/graphql', { query: `{ orders { order_id } } #${'x'.repeat(20_000_000)}` }).catch((error) => {
      // The server may close while the body is still being sent.
      assert.match(String(error.cause?.code), /ECONNRESET|EPIPE|UND_ERR_SOCKET/);
      return { status: 413, text: '' };
    });
    assert.ok(status === 413 || /errors/.test(text), `${status} ${text.slice(0, 200)}`);
  });

  await step('no secret, and a wrong one', async () => {
    for (const secret of ['', 'wrong']) {
      const { body } = await system.post('/v1/graphql', query('{ orders { order_id } }'), { 'x-hasura-admin-secret': secret });
      assert.equal(body.errors[0].extensions.code, 'access-denied');
    }
  });

  await step('paths and methods that do not exist', async () => {
    assert.equal((await system.post('/no/such/path', {})).status, 404);
    const response = await fetch(`${system.gatewayUrl}/v1/graphql`, { method: 'DELETE', headers: { 'x-hasura-admin-secret': kSecret } });
    assert.ok([404, 405].includes(response.status));
  });

  await step('the gateway still serves', async () => {
    assert.equal((await system.graphql('{ orders { order_id } }')).orders.length, 1);
    assert.ok(system.gateway.running);
  });
});

scenario('handlers that do not answer', { gateway: false }, async (system, step) => {
  const sink = await Sink.start();
  const closedPort = await freePort();
  const create = (name, webhook, retry) =>
    system.sql(
      `SELECT threefactor.create_event_trigger(name => $1, relation => 'orders', operations => '{INSERT}', webhook => $2, retry => $3)`,
      [name, webhook, JSON.stringify(retry)],
    );
  try {
    await create('unreachable', `http://127.0.0.1:${closedPort}/x`, { attempts: 2, backoff: 'fixed', interval: 0.1 });
    await create('hanging', `${sink.url}/hanging`, { attempts: 5, backoff: 'fixed', interval: 0.1, timeout: 1 });
    await create('prompt', `${sink.url}/prompt`, {});
    sink.behave = (call, response) => (call.path === '/hanging' ? hang() : response.end('{}'));

    await step('others are not delayed by them', async () => {
      await system.sql(kInsertOrder, ['h-1', 'x']);
      await eventually('the prompt one has it', () => sink.on('/prompt').length === 1, 5_000);
      await eventually('the app goes on', async () => (await system.sql("SELECT FROM orders WHERE order_id = 'h-1' AND order_valid")).length === 1);
    });

    await step('an unreachable one becomes a dead letter that says why', async () => {
      const [letter] = await eventually('dead letter', async () => {
        const letters = await system.sql("SELECT * FROM threefactor.dead_letters WHERE event_trigger = 'unreachable'");
        return letters.length > 0 && letters;
      });
      assert.match(JSON.stringify(letter), /connect/i);
    });

    await step('a hanging one is repeated with the same key, and delivered when it answers again', async () => {
      await eventually('a second attempt', () => sink.on('/hanging').length >= 2);
      sink.behave = (call, response) => response.end('{}');
      await eventually('settled', async () => (await system.sql("SELECT FROM threefactor.attempts WHERE event_trigger = 'hanging' AND status = 200")).length === 1);
      assert.equal(new Set(sink.on('/hanging').map(({ headers }) => headers['idempotency-key'])).size, 1);
    });
  } finally {
    await sink.stop();
  }
});

scenario('events that are pending while their table changes', { gateway: false }, async (system, step) => {
  const sink = await Sink.start();
  try {
    await system.sql('CREATE TABLE notes (id integer PRIMARY KEY, text text, extra text)');
    await system.sql(
      `SELECT threefactor.create_event_trigger(name => 'notes', relation => 'notes', webhook => $1,
         retry => '{"attempts": 1000, "backoff": "fixed", "interval": 0.1}')`,
      [`${sink.url}/notes`],
    );
    const row = ({ body }) => body.event.data.new ?? body.event.data.old ?? {};
    const accepted = [];
    const delivered = (id) => accepted.find((call) => row(call).id === id);
    const accept = (call, response) => {
      accepted.push(call);
      response.end('{}');
    };

    await step('altered: delivered as captured', async () => {
      sink.behave = fail;
      await system.sql("INSERT INTO notes VALUES (1, 'before', 'x')");
      await eventually('a failed attempt', () => sink.received.length > 0);
      await system.sql('ALTER TABLE notes DROP COLUMN extra, ADD COLUMN more integer, ALTER COLUMN text TYPE varchar(20)');
      await system.sql("INSERT INTO notes VALUES (2, 'after', 7)");
      sink.behave = accept;
      assert.deepEqual(row(await eventually('the first', () => delivered(1))), { id: 1, text: 'before', extra: 'x' });
      assert.deepEqual(row(await eventually('the second', () => delivered(2))), { id: 2, text: 'after', more: 7 });
    });

    await step('a row of 20 MB: the insert succeeds and its event arrives', async () => {
      await system.sql('ALTER TABLE notes ALTER COLUMN text TYPE text');
      const before = accepted.length;
      await system.sql("INSERT INTO notes VALUES (3, repeat('x', 20000000), 3)");
      await eventually('its event', () => accepted.length > before);
      const rows = await system.sql('SELECT octet_length(text) AS length FROM notes WHERE id = 3');
      assert.equal(rows[0].length, 20_000_000);
      const dead = await system.sql('SELECT * FROM threefactor.dead_letters');
      assert.deepEqual(dead, []);
    });

    await step('dropped: what was captured is delivered or visible as a dead letter, and everything else goes on', async () => {
      sink.behave = fail;
      await system.sql("INSERT INTO notes VALUES (5, 'last', 5)");
      await eventually('a failed attempt', () => sink.received.some((call) => row(call).id === 5));
      await system.sql('DROP TABLE notes');
      sink.behave = accept;
      await eventually('delivered, or archived', async () => {
        if (delivered(5)) return true;
        return (await system.sql("SELECT FROM threefactor.deliveries WHERE event_trigger = 'notes' AND state IN ('dead', 'archived')")).length > 0;
      });
      await system.sql(kInsertOrder, ['t-1', 'x']);
      await eventually('the app goes on', async () => (await system.sql("SELECT FROM orders WHERE order_id = 't-1' AND order_valid")).length === 1);
    });
  } finally {
    await sink.stop();
  }
});

scenario('the extension without preloading', { settings: { shared_preload_libraries: '' }, app: false, gateway: false }, async (system) => {
  await assert.rejects(system.sql('CREATE EXTENSION threefactor'), (error) => {
    assert.match(`${error.message} ${error.hint}`, /shared_preload_libraries/);
    return true;
  });
});
