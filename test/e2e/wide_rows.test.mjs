// Rows of as many fields as a table has columns, and of more aliases than a function has arguments, wherever rows are answered.
import assert from 'node:assert/strict';

import { scenario } from './harness.mjs';

const kColumns = 1600; // the most that Postgres has
const kFieldsOfAggregates = 700; // the sum and the maximum of each are about as many fields as an operation may select

const columns = Array.from({ length: kColumns - 2 }, (_, i) => `c${i}`);
const kTables = `
  CREATE TABLE groups (id integer PRIMARY KEY);
  CREATE TABLE wide (id integer PRIMARY KEY, group_id integer REFERENCES groups, ${columns.map((name) => `${name} smallint`).join(', ')});
  CREATE TABLE many (id integer PRIMARY KEY, name text DEFAULT 'none', amount numeric DEFAULT 1.50, tags text[]);
  INSERT INTO groups VALUES (1);
  INSERT INTO wide (id, group_id, ${columns.join(', ')}) VALUES (1, 1, ${columns.map((_, i) => i).join(', ')});`;

async function run(system, step) {
  const all = ['id', 'group_id', ...columns];
  const selection = all.join(' ');
  const row = { id: 1, group_id: 1, ...Object.fromEntries(columns.map((name, i) => [name, i])) };
  const narrow = Object.fromEntries(all.map((name) => [name, null]));

  await step('lists, one by key, nodes, relationships both ways', async () => {
    assert.deepEqual(await system.graphql(`{ wide { ${selection} } }`), { wide: [row] });
    assert.deepEqual(await system.graphql(`{ wide(order_by: {c7: desc}, limit: 1) { ${selection} } }`), { wide: [row] });
    assert.deepEqual(await system.graphql(`{ wide_by_pk(id: 1) { ${selection} } }`), { wide_by_pk: row });
    assert.deepEqual(await system.graphql(`{ wide_aggregate { nodes { ${selection} } } }`), { wide_aggregate: { nodes: [row] } });
    assert.deepEqual(await system.graphql(`{ groups { wides { ${selection} } } }`), { groups: [{ wides: [row] }] });
    assert.deepEqual(await system.graphql(`{ wide { group { wides { ${selection} } } ${selection} } }`), { wide: [{ group: { wides: [row] }, ...row }] });
  });

  await step('aggregates', async () => {
    const some = columns.slice(0, kFieldsOfAggregates);
    const values = Object.fromEntries(some.map((name, i) => [name, i]));
    const { wide_aggregate: answer } = await system.graphql(`{ wide_aggregate { aggregate { count(columns: [${all.join(', ')}], distinct: true)
      sum { ${some.join(' ')} } max { ${some.join(' ')} } } } }`);
    assert.deepEqual(answer, { aggregate: { count: 1, sum: values, max: values } });
  });

  await step('an insert of rows of different columns has no limit of parameters', async () => {
    const rows = Array.from({ length: 40000 }, (_, id) =>
      id % 2 ? { id, name: `"${id}\\'{,}` } : { id, amount: `${id}.250`, tags: id % 4 ? null : [`${id}`, 'NULL', ''] });
    const { insert_many: answer } = await system.graphql(`mutation ($rows: [many_insert_input!]!) { insert_many(objects: $rows) {
      affected_rows returning { id } } }`, { rows });
    assert.equal(answer.affected_rows, rows.length);
    assert.deepEqual(answer.returning.map(({ id }) => id), rows.map(({ id }) => id));
    const there = await system.sql('SELECT id, name, amount::text AS amount, tags FROM many ORDER BY id');
    assert.deepEqual(there, rows.map((row) => ({ name: 'none', amount: '1.50', tags: null, ...row })));
  });

  await step('writes: every column in and out, of one row and of several', async () => {
    const object = (id) => ({ ...row, id });
    const one = await system.graphql(`mutation ($row: wide_insert_input!) { insert_wide_one(object: $row) { ${selection} } }`, { row: object(2) });
    assert.deepEqual(one, { insert_wide_one: object(2) });
    const many = await system.graphql(`mutation ($rows: [wide_insert_input!]!) { insert_wide(objects: $rows, on_conflict: {constraint: wide_pkey,
      update_columns: [${columns.join(', ')}]}) { affected_rows returning { ${selection} } } }`, { rows: [object(3), object(2)] });
    assert.deepEqual(many, { insert_wide: { affected_rows: 2, returning: [object(3), object(2)] } });
    // With another table: the rows are kept for a second statement.
    const kept = await system.graphql(`mutation ($set: wide_set_input!) { update_wide(where: {id: {_eq: 3}}, _set: $set)
      { returning { ${selection} group { id } } } }`, { set: { ...row, id: 3 } });
    assert.deepEqual(kept, { update_wide: { returning: [{ ...object(3), group: { id: 1 } }] } });
    const nested = await system.graphql(`mutation ($rows: [wide_insert_input!]!) { insert_groups_one(object: {id: 2, wides: {data: $rows}}) {
      wides(order_by: {id: asc}) { ${selection} } } }`, { rows: [4, 5].map((id) => ({ ...row, id, group_id: undefined })) });
    assert.deepEqual(nested, { insert_groups_one: { wides: [4, 5].map((id) => ({ ...row, id, group_id: 2 })) } });
    const where = Object.fromEntries(columns.map((name, i) => [name, { _eq: i }]));
    const gone = await system.graphql(`mutation ($where: wide_bool_exp!) { delete_wide(where: $where) { returning { ${selection} } } }`,
      { where: { ...where, id: { _in: [2, 3, 4, 5] } } });
    assert.equal(gone.delete_wide.returning.length, 4);
    await system.graphql('mutation { insert_wide_one(object: {id: 9}) { id } }');
    const empty = await system.graphql(`{ wide_by_pk(id: 9) { ${selection} } }`);
    assert.deepEqual(empty.wide_by_pk, { ...narrow, id: 9 });
    await system.graphql('mutation { delete_wide_by_pk(id: 9) { id } }');
  });

  await step('all columns in order_by and distinct_on; long lists', async () => {
    const order = all.map((name) => `{${name}: asc}`).join(', ');
    assert.deepEqual(await system.graphql(`{ wide(order_by: [${order}], distinct_on: [${all.join(', ')}]) { id } }`), { wide: [{ id: 1 }] });
    const ids = Array.from({ length: 100_000 }, (_, i) => i);
    assert.deepEqual(await system.graphql('query ($ids: [Int!]!) { wide(where: {id: {_in: $ids}}) { id } }', { ids }), { wide: [{ id: 1 }] });
  });

  await step('as many aliases as an operation may have', async () => {
    for (const count of [97, 98, 99, 100, 196, 1000]) {
      const aliases = Array.from({ length: count }, (_, i) => `a${i}: c${i % 7}`).join(' ');
      const expected = Object.fromEntries(Array.from({ length: count }, (_, i) => [`a${i}`, i % 7]));
      assert.deepEqual(await system.graphql(`{ wide { ${aliases} } }`), { wide: [expected] }, String(count));
      assert.deepEqual(await system.graphql(`{ wide_by_pk(id: 1) { ${aliases} } }`), { wide_by_pk: expected }, String(count));
    }
    const groups = Array.from({ length: 300 }, (_, i) => `g${i}: group { id }`).join(' ');
    const { wide } = await system.graphql(`{ wide { ${groups} } }`);
    assert.equal(Object.keys(wide[0]).length, 300);
  });

  await step('subscriptions and explain', async () => {
    const connection = system.connect();
    for (const field of ['wide', 'wide_by_pk(id: 1)', 'wide_aggregate']) {
      const inner = field === 'wide_aggregate' ? `nodes { ${selection} }` : selection;
      const subscription = connection.subscribe(`subscription { r: ${field} { ${inner} } }`);
      const { r } = await subscription.until(field, () => true);
      assert.deepEqual(r, field === 'wide' ? [row] : field === 'wide_aggregate' ? { nodes: [row] } : row);
      subscription.stop();
    }
    const { status, text } = await system.post('/v1/graphql/explain', { query: { query: `{ wide { ${selection} group { wides { ${selection} } } } }` } });
    assert.equal(status, 200, text);
  });
}

for (const extension of [true, false]) {
  scenario(`wide rows, ${extension ? 'with' : 'without'} the extension`, { app: false, gateway: false }, async (system, step) => {
    if (extension) await system.sql('CREATE EXTENSION threefactor');
    await system.cluster.psql(['-c', kTables]);
    await system.startGateway();
    await run(system, step);
  });
}
