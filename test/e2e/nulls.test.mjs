// A null, and a variable that is not sent, at every nullable place of the inputs: where it would let a predicate match more, or a
// write touch more, it is an error; elsewhere it is as if nothing had been given, or the value of a column.
import assert from 'node:assert/strict';

import { graphql } from '../clients/clients.mjs';
import { scenario } from './harness.mjs';

const kTables = `
  CREATE TYPE mood AS ENUM ('fine');
  CREATE EXTENSION ltree;
  CREATE TABLE authors (id serial PRIMARY KEY, name text UNIQUE, doc jsonb, raw json, born date, score numeric, rank double precision, good boolean, path ltree,
    ident uuid, at timestamptz, big bigint, mood mood, tags text[], docs jsonb[]);
  CREATE TABLE articles (id serial PRIMARY KEY, author_id integer REFERENCES authors, title text, good boolean, x double precision, y double precision);
  CREATE FUNCTION find_articles(wanted text DEFAULT 'a', at_most integer DEFAULT 5) RETURNS SETOF articles LANGUAGE sql STABLE AS 'SELECT * FROM articles WHERE title >= wanted';
  CREATE FUNCTION label(authors) RETURNS text LANGUAGE sql STABLE AS 'SELECT $1.name';
  CREATE FUNCTION recent(authors) RETURNS SETOF articles LANGUAGE sql STABLE AS 'SELECT * FROM articles WHERE author_id = $1.id';
  SELECT threefactor.track_function('public', 'find_articles');
  SELECT threefactor.add_computed_field('authors', name, 'public', name) FROM unnest('{label,recent}'::text[]) AS name;
  INSERT INTO authors (name) VALUES ('a'), ('b');
  INSERT INTO articles (author_id, title) VALUES (1, 'a'), (2, 'b');`;

const { isInputObjectType, isLeafType, isListType, isNonNullType, isEnumType, getNamedType, getNullableType } = graphql;

// What a null means, by the type that the place is in.
const kMeanings = [
  [/(_comparison_exp|_bool_exp|_cast_exp)$|_aggregate_bool_exp_/, 'error'],
  [/_on_conflict$/, 'error'],
  [/_(insert|set|inc|append|prepend|delete_key|delete_elem|delete_at_path)_input$/, 'value'],
  [/_args$/, 'value'],
  [/_order_by$/, 'nothing'],
  [/_rel_insert_input$/, 'nothing'], // its on_conflict
  [/_updates$/, 'nothing'],          // its operators; where is required
  [/^(query|mutation)_root$/, 'nothing'],
];

class Places {
  list = [];
  known = new Set();

  constructor(schema) {
    for (const [operation, root] of [['query', schema.getQueryType()], ['mutation', schema.getMutationType()]])
      for (const field of Object.values(root.getFields())) this.walk(operation, root.name, field, field.args, [], field);
  }

  // `around`: the names of the input fields and arguments that lead there.
  walk(operation, owner, field, inputs, around, root) {
    for (const input of inputs) {
      const path = [...around, input];
      if (!isNonNullType(input.type)) this.list.push({ operation, owner, root, path });
      const type = getNamedType(input.type);
      if (!isInputObjectType(type) || this.known.has(type.name)) continue;
      this.known.add(type.name);
      this.walk(operation, type.name, field, Object.values(type.getFields()), path, root);
    }
  }
}

function smallest(type) {
  const nullable = getNullableType(type);
  if (isListType(nullable)) return '[]';
  if (isEnumType(nullable)) return nullable.getValues()[0].name;
  if (isLeafType(nullable)) return { Int: '-1', Float: '-1', Boolean: 'true', bigint: '"-1"' }[nullable.name] ?? '"x"';
  if (nullable.name.endsWith('_bool_exp') && nullable.getFields().id) return '{id: {_eq: -1}}'; // no row
  return `{${required(Object.values(nullable.getFields()))}}`;
}

function required(inputs, but) {
  return inputs.filter((input) => input !== but && isNonNullType(input.type) && input.defaultValue === undefined)
    .map((input) => `${input.name}: ${smallest(input.type)}`).join(', ');
}

// The arguments with `value` at the end of the path; undefined: without it.
function given(inputs, [input, ...rest], value) {
  const others = required(inputs, input);
  const type = getNullableType(input.type);
  const inner = rest.length === 0 ? value : `{${given(Object.values(getNamedType(type).getFields()), rest, value)}}`;
  if (inner === undefined) return others;
  const listed = rest.length > 0 && isListType(type) ? `[${inner}]` : inner;
  return [`${input.name}: ${listed}`, others].filter(Boolean).join(', ');
}

function selection(type) {
  const named = getNamedType(type);
  if (isLeafType(named)) return '';
  const fields = named.getFields();
  for (const inner of ['returning', 'nodes']) if (fields[inner]) return `{ ${inner} ${selection(fields[inner].type)} }`;
  return '{ id }';
}

scenario('nulls', { app: false, gateway: false }, async (system, step) => {
  await system.sql('CREATE EXTENSION threefactor');
  await system.cluster.psql(['-c', kTables]);
  await system.startGateway();
  const schema = graphql.buildClientSchema(await system.graphql(graphql.getIntrospectionQuery()));
  const { list } = new Places(schema);
  // No row has a key that these write to.
  const ask = async ({ operation, root, path }, value, declared = '', variables = {}) => {
    const args = given(root.args, path, value);
    const query = `${operation} ${declared} { r: ${root.name}${args && `(${args})`} ${selection(root.type)} }`;
    const { body } = await system.post('/v1/graphql', { query, variables });
    return { query, body };
  };

  await step(`${list.length} places`, async () => {
    assert.ok(list.length > 200);
    for (const place of list) {
      const input = place.path.at(-1);
      const meaning = kMeanings.find(([owner]) => owner.test(place.owner))?.[1];
      assert.ok(meaning, `no meaning for a null in ${place.owner}.${input.name}`);
      const declared = `($v: ${input.type})`;
      const forms = [await ask(place, 'null'), await ask(place, '$v', declared, { v: null }), await ask(place, '$v', declared, {})];
      if (meaning === 'error') {
        for (const { query, body } of forms) assert.ok(body.errors, `${query}: ${JSON.stringify(body)}`);
        for (const { query, body } of forms) assert.match(body.errors[0].extensions.code, /^(validation-failed|parse-failed)$/, query);
      } else if (meaning === 'nothing') {
        const without = await ask(place, undefined);
        const shape = ({ data, errors }) => (errors ? 'refused' : Array.isArray(data.r) ? data.r.length : typeof data.r);
        for (const { query, body } of forms) assert.equal(shape(body), shape(without.body), `${query}: ${JSON.stringify(body)}`);
      }
    }
  });

  await step('what is there stays', async () => {
    const upsert = 'mutation ($w: authors_bool_exp) { insert_authors(objects: [{name: "a", score: "9"}], on_conflict: {constraint: authors_name_key, update_columns: [score], where: $w}) { affected_rows } }';
    for (const variables of [{}, { w: null }]) {
      const { body } = await system.post('/v1/graphql', { query: upsert, variables });
      assert.equal(body.errors[0].extensions.path, '$.selectionSet.insert_authors.args.on_conflict.where');
    }
    assert.deepEqual(await system.sql("SELECT score FROM authors WHERE name = 'a'"), [{ score: null }]);
    const { insert_authors: filtered } = await system.graphql(upsert, { w: { score: { _gt: '5' } } });
    assert.equal(filtered.affected_rows, 0);
    const nested = 'mutation ($w: authors_bool_exp) { insert_articles(objects: [{author: {data: {name: "a", score: "9"}, on_conflict: {constraint: authors_name_key, update_columns: [score], where: $w}}}]) { affected_rows } }';
    assert.ok((await system.post('/v1/graphql', { query: nested })).body.errors);
    const remove = (where) => system.post('/v1/graphql', { query: `mutation ($n: Int, $b: Boolean, $f: articles_bool_exp) { delete_authors(where: ${where}) { affected_rows } }` });
    for (const where of ['{id: {_eq: $n}}', '{id: {_in: [$n]}}', '{_or: [{id: {_eq: $n}}]}', '{_not: null}', '{_and: [null]}', '{articles: null}', '{label: null}', '{recent: null}',
      '{articles_aggregate: {count: {predicate: {_lt: 5}, filter: $f}}}', '{articles_aggregate: {count: {predicate: {_lt: 5}, distinct: $b}}}', '{articles_aggregate: {count: null}}',
      '{articles_aggregate: {count: {predicate: {_lt: 5}}, bool_and: null}}', '{doc: {_cast: {String: null}}}', '{doc: {_cast: {String: {_eq: null}}}}'])
      assert.ok((await remove(where)).body.errors, where);
    assert.deepEqual(await system.sql("SELECT count(*)::int AS n FROM authors WHERE name IN ('a', 'b')"), [{ n: 2 }]);
  });

  await step('lists: the type of a variable may let items be null, its value may not', async () => {
    const ask = async (query, variables) => (await system.post('/v1/graphql', { query, variables })).body;
    const read = 'query ($ids: [Int]!) { authors(where: {id: {_in: $ids}}) { id } }';
    assert.deepEqual(await ask(read, { ids: [1] }), { data: { authors: [{ id: 1 }] } });
    assert.equal((await ask(read, { ids: [1, null] })).errors[0].extensions.path, '$.selectionSet.authors.args.where.id._in[1]');
    assert.deepEqual(await ask(read, { ids: [1] }), { data: { authors: [{ id: 1 }] } }); // known by now
    assert.ok((await ask(read, { ids: [null] })).errors);
    assert.ok((await ask('query ($ids: [Int!]) { authors(where: {id: {_in: $ids}}) { id } }', {})).errors);
    const insert = 'mutation ($rows: [articles_insert_input]!) { insert_articles(objects: $rows) { affected_rows } }';
    assert.deepEqual(await ask(insert, { rows: [{ title: 'z' }] }), { data: { insert_articles: { affected_rows: 1 } } });
    assert.ok((await ask(insert, { rows: [{ title: 'z' }, null] })).errors);
    const conflict = 'mutation ($columns: [authors_update_column]!) { insert_authors(objects: [], on_conflict: {constraint: authors_pkey, update_columns: $columns}) { affected_rows } }';
    assert.deepEqual(await ask(conflict, { columns: ['name'] }), { data: { insert_authors: { affected_rows: 0 } } });
    assert.ok((await ask(conflict, { columns: [null] })).errors);
    const nested = 'query ($and: [authors_bool_exp]) { authors(where: {_and: $and}) { id } }';
    assert.deepEqual(await ask(nested, { and: [{ id: { _eq: 2 } }] }), { data: { authors: [{ id: 2 }] } });
    assert.ok((await ask(nested, { and: [null] })).errors);
    assert.ok((await ask('query ($ids: [Int]) { authors(order_by: $ids) { id } }', { ids: [] })).errors);
    // The list itself is judged by its type, as anything else is.
    assert.ok((await ask('mutation ($rows: [articles_insert_input!]) { insert_articles(objects: $rows) { affected_rows } }', { rows: [] })).errors);
  });
});
