// What @skip and @include leave of a selection is what is answered, at every kind of object, however little it is. graphql-js says
// what the keys are: it executes the document over the answer, and must come to the answer. SEED= replays a run.
import assert from 'node:assert/strict';

import { graphql } from '../clients/clients.mjs';
import { scenario } from './harness.mjs';
import { Random } from './support/random.mjs';
import { RandomOperations } from './support/random_operations.mjs';

const kSeed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 32));
const kOperations = 150; // of each kind

const kTables = `
  CREATE TABLE authors (id serial PRIMARY KEY, name text NOT NULL, doc jsonb, born date, score numeric, rank integer);
  CREATE TABLE articles (id serial PRIMARY KEY, author_id integer REFERENCES authors, title text, tags text[], good boolean);
  CREATE TABLE profiles (author_id integer PRIMARY KEY REFERENCES authors, bio text);
  CREATE TABLE nothing (id integer PRIMARY KEY, x integer);
  CREATE VIEW titles AS SELECT id, title FROM articles;
  INSERT INTO authors (name, doc, born, score, rank) VALUES ('a', '{"x": {"y": [1, "%v"]}}', '2020-01-01', 1.50, 1), ('b', NULL, NULL, NULL, NULL);
  INSERT INTO articles (author_id, title, tags, good) VALUES (1, 'it''s 100%', '{x,y}', true), (1, NULL, NULL, NULL), (2, 'z', '{}', false);
  INSERT INTO profiles VALUES (1, 'bio');`;
const kMetadata = `
  CREATE FUNCTION find_articles(wanted text) RETURNS SETOF articles LANGUAGE sql STABLE AS 'SELECT * FROM articles WHERE title >= wanted';
  CREATE FUNCTION first_author() RETURNS authors LANGUAGE sql STABLE AS 'SELECT * FROM authors ORDER BY id LIMIT 1';
  CREATE FUNCTION no_author() RETURNS authors LANGUAGE sql STABLE AS 'SELECT * FROM authors WHERE false';
  CREATE FUNCTION touch_authors() RETURNS SETOF authors LANGUAGE sql AS 'UPDATE authors SET rank = rank RETURNING *';
  CREATE FUNCTION label(authors) RETURNS text LANGUAGE sql STABLE AS 'SELECT $1.name';
  CREATE FUNCTION recent(authors) RETURNS SETOF articles LANGUAGE sql STABLE AS 'SELECT * FROM articles WHERE author_id = $1.id';
  CREATE FUNCTION latest(authors, from_id integer) RETURNS articles LANGUAGE sql STABLE AS 'SELECT * FROM articles WHERE author_id = $1.id AND id > from_id LIMIT 1';
  SELECT threefactor.track_function('public', name) FROM unnest('{find_articles,first_author,no_author,touch_authors}'::text[]) AS name;
  SELECT threefactor.add_computed_field('authors', name, 'public', name) FROM unnest('{label,recent,latest}'::text[]) AS name;`;

// Inserted keys are beyond those that others refer to, and go when they are deleted.
function argumentsFor(random) {
  return ({ name, args }) => {
    const of = (choices) => `(${random.one(choices)})`;
    if (name.startsWith('introspect')) return undefined;
    if (/^(insert_authors)$/.test(name)) return of(['objects: []', 'objects: {name: "n"}', 'objects: [{name: "n", articles: {data: [{title: "t"}]}}, {name: "m"}]']);
    if (name === 'insert_authors_one') return of(['object: {name: "n"}', 'object: {name: "n", profile: {data: {bio: "b"}}}']);
    if (name === 'insert_articles') return of(['objects: []', 'objects: [{title: "t"}, {tags: ["x"]}]', 'objects: [{author: {data: {name: "n"}}}]']);
    if (name === 'insert_articles_one') return '(object: {title: "t"})';
    if (name === 'update_authors') return of(['where: {}, _set: {rank: 2}', 'where: {id: {_gt: 1000000}}, _inc: {rank: 1}', 'where: {}']);
    if (name === 'update_articles') return of(['where: {id: {_lt: 3}}, _set: {good: true}', 'where: {}']);
    if (/^update_(authors|articles)_many$/.test(name)) return of(['updates: []', 'updates: [{where: {id: {_lt: 0}}, _set: {id: 1}}, {where: {id: {_eq: 0}}}]']);
    if (/^update_(authors|articles)_by_pk$/.test(name)) return of(['pk_columns: {id: 1}, _set: {id: 1}', 'pk_columns: {id: 0}, _set: {id: 1}', 'pk_columns: {id: 1}']);
    if (/^delete_.*_by_pk$/.test(name)) return undefined;
    if (name === 'delete_articles') return of(['where: {id: {_gt: 3}}', 'where: {id: {_lt: 0}}']);
    if (/^(insert|update|delete)_/.test(name)) return undefined;
    if (name === 'find_articles' || name === 'find_articles_aggregate') return '(args: {wanted: "a"})';
    if (name === 'latest') return '(args: {from_id: 0})';
    if (name.endsWith('_by_pk')) return of(args.map((argument) => `${argument.name}: 1`));
    if (name === 'doc') return of(['path: "x.y"', 'path: "$"']);
    if (args.some((argument) => argument.name === 'order_by')) return of(['limit: 2', 'where: {}', 'limit: 0', 'order_by: {id: asc}, limit: 1, offset: 1'].slice(0, name.includes('profile') ? 3 : 4));
    return '';
  };
}

async function run(system, step) {
  console.log(`SEED=${kSeed}`);
  const introspection = await system.graphql(graphql.getIntrospectionQuery());
  const schema = graphql.buildClientSchema(introspection);
  const operations = (what) => {
    const random = Random.of(kSeed, what);
    return new RandomOperations(graphql, random, schema, argumentsFor(random));
  };
  const check = async ({ query, variables }, data) => {
    const document = graphql.parse(query);
    const fieldResolver = (source, args, context, info) => source[info.path.key];
    const expected = await graphql.execute({ schema, document, rootValue: data, variableValues: variables, fieldResolver });
    const about = `SEED=${kSeed} ${query} ${JSON.stringify(variables)}`;
    assert.equal(expected.errors, undefined, `${about}: ${expected.errors} in ${JSON.stringify(data)}`);
    assert.equal(JSON.stringify(data), JSON.stringify(expected.data), about);
  };

  for (const kind of ['query', 'mutation']) {
    await step(`random operations: ${kind}`, async () => {
      const random = operations(kind);
      for (let i = 0; i < kOperations; ++i) {
        const operation = random.next(kind);
        const { variables } = operation;
        // The second is another operation under the same text; the third is known by then.
        for (const values of [variables, random.otherVariables(variables), variables]) {
          const { body, text } = await system.post('/v1/graphql', { query: operation.query, variables: values });
          assert.equal(body.errors, undefined, `SEED=${kSeed} ${operation.query} ${JSON.stringify(values)}: ${text}`);
          await check({ query: operation.query, variables: values }, body.data);
        }
        if (kind === 'query') {
          const { status, text } = await system.post('/v1/graphql/explain', { query: operation });
          assert.equal(status, 200, `SEED=${kSeed} ${operation.query}: ${text}`);
        }
      }
    });
  }

  await step('random operations: subscription', async () => {
    const random = operations('subscription');
    const connection = system.connect();
    for (let i = 0; i < 30; ++i) {
      const operation = random.next('subscription');
      const subscription = connection.subscribe(operation.query, operation.variables);
      await check(operation, await subscription.until(operation.query, () => true));
      subscription.stop();
    }
  });

  await step('nothing at all', async () => {
    const answer = async (query) => (await system.post('/v1/graphql', { query })).text;
    assert.equal(await answer('{ authors @skip(if: true) { id } }'), '{"data":{}}');
    assert.equal(await answer('mutation { delete_articles(where: {}) @skip(if: true) { affected_rows } }'), '{"data":{}}');
    assert.equal(await answer('{ authors(limit: 2) { id @skip(if: true) } }'), '{"data":{"authors":[{},{}]}}');
    assert.equal(await answer('{ nothing_aggregate { aggregate @include(if: false) { count } } authors_aggregate { aggregate { count @skip(if: true) } } }'),
      '{"data":{"nothing_aggregate":{},"authors_aggregate":{"aggregate":{}}}}');
    assert.equal(await answer('mutation { update_authors(where: {}, _set: {rank: 1}) { affected_rows @skip(if: true) } insert_articles(objects: []) { returning @skip(if: true) { id } } }'),
      '{"data":{"update_authors":{},"insert_articles":{}}}');
    assert.equal(await answer('{ __schema { queryType { name @skip(if: true) } } __type(name: "Int") { name @skip(if: true) } }'),
      '{"data":{"__schema":{"queryType":{}},"__type":{}}}');
  });
}

scenario('selections, with the extension', { app: false, gateway: false }, async (system, step) => {
  await system.sql('CREATE EXTENSION threefactor');
  await system.cluster.psql(['-c', kTables + kMetadata]);
  await system.startGateway();
  await run(system, step);
});

scenario('selections, without the extension', { app: false, gateway: false }, async (system, step) => {
  await system.cluster.psql(['-c', kTables]);
  await system.startGateway();
  await run(system, step);
});
