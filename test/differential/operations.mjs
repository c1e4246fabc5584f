// Random operations, each as a GraphQL request and as SQL that says the same: {query, variables, sql, isQuery}. The two are
// made side by side from one choice, and neither is made from the other. `sql` answers {"data": ...} as one text; null: the
// operation must be refused.
import { bare, kColumns, valueOf } from './values.mjs';

const kOwners = [
  { name: 'id', type: 'int4', scalar: 'Int', isNumber: true },
  { name: 'name', type: 'text', scalar: 'String' },
  { name: 'level', type: 'numeric', scalar: 'numeric', isNumber: true },
];
const kKey = { name: 'id', type: 'int8', scalar: 'bigint', isNumber: true };
const kComparisons = { _eq: '=', _neq: '<>', _gt: '>', _gte: '>=', _lt: '<', _lte: '<=' };
// Aggregated beyond an edge they fail, or depend on the order: those of float4 and float8 by rounding.
const kSummed = kColumns.filter(({ name }) => ['c_int2', 'c_int4', 'c_int8', 'c_numeric', 'c_scaled', 'c_count', 'c_exact'].includes(name));
const kOrdered = kColumns.filter(({ isNumber, type }) => isNumber || ['date', 'timestamp', 'timestamptz', 'uuid', 'mood'].includes(type));

// A piece that is part of a request: its JSON, its literal, its SQL.
const object = (members) => ({
  json: `{${members.map(([name, part]) => `"${name}":${part.json}`)}}`,
  literal: `{${members.map(([name, part]) => `${name}:${part.literal}`)}}`,
});
const listOf = (parts) => ({ json: `[${parts.map((part) => part.json)}]`, literal: `[${parts.map((part) => part.literal)}]` });
const name = (text) => ({ json: JSON.stringify(text), literal: text });
const plain = (text) => ({ json: text, literal: text });
const joined = (parts, separator) => (parts.some((part) => part === null) ? null : parts.join(separator));

export class Operations {
  constructor(random) {
    this.random = random;
    this.nextId = 1;
  }

  next() {
    this.variables = [];
    const kinds = ['list', 'list', 'list', 'owners', 'aggregate', 'byKey', 'insert', 'insert', 'insert', 'update', 'update', 'delete'];
    const operation = this[this.random.one(kinds)]();
    const declared = this.variables.map(({ variable, type }) => `$${variable}: ${type}`).join(', ');
    const keyword = operation.isQuery ? 'query' : 'mutation';
    return {
      ...operation,
      query: `${keyword}${declared ? `(${declared})` : ''} { ${operation.text} }`,
      variables: `{${this.variables.map(({ variable, json }) => `"${variable}":${json}`)}}`,
    };
  }

  // What a document says for a part: the literal, or a variable.
  say(part, type) {
    if (this.random.below(2)) return part.literal;
    const variable = `v${this.variables.length}`;
    this.variables.push({ variable, type, json: part.json });
    return `$${variable}`;
  }

  some(list, most) {
    const chosen = list.filter(() => this.random.below(list.length) < most);
    return chosen.length > 0 ? chosen : [this.random.one(list)];
  }

  // A value that may stand in the literal as a variable of its own.
  value(column) {
    const value = valueOf(this.random, column);
    if (this.random.below(4)) return value;
    const variable = `v${this.variables.length}`;
    return { ...value, literal: `$${variable}`, variable: { variable, type: column.scalar, json: value.json } };
  }

  // ---- filters

  comparison(column, alias) {
    const target = `${alias}.${column.name}`;
    const choice = this.random.below(10);
    if (choice === 0) {
      const isNull = this.random.one(['true', 'false']);
      return { ...object([['_is_null', plain(isNull)]]), sql: `${target} IS ${isNull === 'true' ? '' : 'NOT '}NULL` };
    }
    if (choice < 3 && !column.type.endsWith(']')) {
      const values = Array.from({ length: this.random.below(4) }, () => valueOf(this.random, column));
      const operator = this.random.one(['_in', '_nin']);
      const items = joined(values.map((value) => value.sql), ', ');
      const isIn = `${target} = ANY(ARRAY[${items}]::${bare(column.type)}[])`;
      return { ...object([[operator, listOf(values)]]), sql: items === null ? null : operator === '_in' ? isIn : `NOT (${isIn})` };
    }
    const operator = this.random.one(Object.keys(kComparisons));
    const value = valueOf(this.random, column);
    return { ...object([[operator, value]]), sql: value.sql === null ? null : `${target} ${kComparisons[operator]} ${value.sql}` };
  }

  filter(columns, alias, depth = 2) {
    const choice = this.random.below(depth > 0 ? 8 : 4);
    if (choice < 4) {
      const chosen = this.some(columns, 1);
      const parts = chosen.map((column) => [column.name, this.comparison(column, alias)]);
      return { ...object(parts), sql: joined(parts.map(([, part]) => part.sql), ' AND ') };
    }
    if (choice === 7 && columns === kColumns) {
      const owner = this.filter(kOwners, 'o', depth - 1);
      const sql = owner.sql === null ? null : `EXISTS (SELECT FROM owners o WHERE o.id = ${alias}.owner_id AND (${owner.sql}))`;
      return { ...object([['owner', owner]]), sql };
    }
    if (choice === 6) {
      const inner = this.filter(columns, alias, depth - 1);
      return { ...object([['_not', inner]]), sql: inner.sql === null ? null : `NOT (${inner.sql})` };
    }
    const connective = choice === 4 ? '_and' : '_or';
    const parts = Array.from({ length: this.random.below(3) }, () => this.filter(columns, alias, depth - 1));
    const empty = connective === '_and' ? 'true' : 'false';
    const sql = joined(parts.map((part) => part.sql && `(${part.sql})`), connective === '_and' ? ' AND ' : ' OR ');
    return { ...object([[connective, listOf(parts)]]), sql: sql === '' ? empty : sql };
  }

  // ---- rows

  order(columns, alias, first = []) {
    const others = columns.filter((column) => !first.includes(column));
    const chosen = [...first, ...(this.random.below(2) ? this.some(others, 1) : []), kKey];
    const parts = chosen.map((column) => {
      const [word, sql] = this.random.one([
        ['asc', 'ASC NULLS LAST'], ['desc', 'DESC NULLS FIRST'], ['asc_nulls_first', 'ASC NULLS FIRST'], ['desc_nulls_last', 'DESC NULLS LAST'],
      ]); // prettier-ignore
      return { ...object([[column.name, name(word)]]), sql: `${alias}.${column.name} ${sql}` };
    });
    return { ...listOf(parts), sql: parts.map((part) => part.sql).join(', ') };
  }

  // The arguments of a list, and FROM ... of its rows, in their order, as a subselect named `alias`.
  rows(table, columns, alias, condition = null) {
    const args = [];
    const isDistinct = this.random.below(5) === 0 && table === 'things';
    const distinct = isDistinct ? this.some(kOrdered, 1) : [];
    const order = this.order(table === 'things' ? kOrdered : kOwners.slice(1), 'r', distinct);
    args.push(`order_by: ${this.say(order, `[${table}_order_by!]`)}`);
    const conditions = condition ? [condition] : [];
    if (this.random.below(4)) {
      const filter = this.filter(columns, 'r');
      args.push(`where: ${this.say(filter, `${table}_bool_exp`)}`);
      conditions.push(filter.sql === null ? null : `(${filter.sql})`);
    }
    if (isDistinct) {
      const twice = this.random.below(3) === 0 ? [...distinct, distinct[0]] : distinct;
      args.push(`distinct_on: ${this.say(listOf(twice.map((column) => name(column.name))), `[${table}_select_column!]`)}`);
    }
    let range = '';
    for (const word of ['limit', 'offset']) {
      if (this.random.below(3)) continue;
      const count = String(this.random.below(word === 'limit' ? 12 : 3));
      args.push(`${word}: ${this.say(plain(count), 'Int')}`);
      range += ` ${word} ${count}`;
    }
    const where = joined(conditions, ' AND ');
    const on = isDistinct ? `DISTINCT ON (${distinct.map((column) => `r.${column.name}`)}) ` : '';
    const sql =
      where === null
        ? null
        : `(SELECT ${on}r.*, row_number() OVER (ORDER BY ${order.sql}) AS place FROM ${table} r${where ? ` WHERE ${where}` : ''} ORDER BY ${order.sql}${range}) ${alias}`;
    return { text: `(${args.join(', ')})`, sql };
  }

  // Fields of a row: what the document says, and json_build_object of it.
  fields(columns, alias, nested) {
    const chosen = this.some(columns, 6);
    const texts = chosen.map((column) => column.name);
    const members = chosen.map((column) => `'${column.name}', ${alias}.${column.name}`);
    if (nested && this.random.below(3) === 0) {
      const owner = this.fields(kOwners, 'o', false);
      texts.push(`o: owner { ${owner.text} }`);
      members.push(`'o', (SELECT ${owner.sql} FROM owners o WHERE o.id = ${alias}.owner_id)`);
    }
    return { text: texts.join(' '), sql: `json_build_object(${members.join(', ')})` };
  }

  answer(members) {
    return `SELECT json_build_object(${members})::text`;
  }

  list() {
    const rows = this.rows('things', kColumns, 't');
    const fields = this.fields([kKey, ...kColumns], 't', true);
    return {
      isQuery: true,
      text: `things${rows.text} { ${fields.text} }`,
      sql: rows.sql && this.answer(`'things', (SELECT coalesce(json_agg(${fields.sql} ORDER BY t.place), '[]') FROM ${rows.sql})`),
    };
  }

  owners() {
    const owners = this.fields(kOwners, 'o', false);
    const things = this.rows('things', kColumns, 't', 'r.owner_id = o.id');
    const fields = this.fields([kKey, ...kColumns], 't', false);
    const summed = this.random.one(kSummed).name;
    return {
      isQuery: true,
      text: `owners(order_by: {id: asc}) { ${owners.text} a: things${things.text} { ${fields.text} } n: things_aggregate { aggregate { count max { ${summed} } } } }`,
      sql:
        things.sql &&
        this.answer(
          `'owners', (SELECT json_agg(${owners.sql.slice(0, -1)}, 'a', (SELECT coalesce(json_agg(${fields.sql} ORDER BY t.place), '[]') FROM ${things.sql}),` +
            ` 'n', (SELECT json_build_object('aggregate', json_build_object('count', count(*), 'max', json_build_object('${summed}', max(n.${summed})))) FROM things n WHERE n.owner_id = o.id)) ORDER BY o.id) FROM owners o)`,
        ),
    };
  }

  aggregate() {
    const rows = this.rows('things', kColumns, 't');
    const functions = this.some(['sum', 'avg', 'max', 'min', 'stddev', 'stddev_pop', 'stddev_samp', 'var_pop', 'var_samp', 'variance'], 3);
    const parts = functions.map((each) => [each, this.some(kSummed, 2).map((column) => column.name)]);
    const texts = parts.map(([each, columns]) => `${each} { ${columns.join(' ')} }`);
    const members = parts.map(([each, columns]) => `'${each}', json_build_object(${columns.map((column) => `'${column}', ${each}(t.${column})`)})`);
    return {
      isQuery: true,
      text: `things_aggregate${rows.text} { aggregate { count ${texts.join(' ')} } nodes { id } }`,
      sql:
        rows.sql &&
        this.answer(
          `'things_aggregate', (SELECT json_build_object('aggregate', json_build_object('count', count(*), ${members.join(', ')}), 'nodes', coalesce(json_agg(json_build_object('id', t.id) ORDER BY t.place), '[]')) FROM ${rows.sql})`,
        ),
    };
  }

  key() {
    return this.random.below(8) ? plain(String(1 + this.random.below(this.nextId))) : valueOf(this.random, kKey);
  }

  byKey() {
    const key = this.key();
    const sql = 'sql' in key ? key.sql : key.json;
    const fields = this.fields([kKey, ...kColumns], 't', true);
    return {
      isQuery: true,
      text: `things_by_pk(id: ${this.say(key, 'bigint!')}) { ${fields.text} }`,
      sql: sql && this.answer(`'things_by_pk', (SELECT ${fields.sql} FROM things t WHERE t.id = ${sql})`),
    };
  }

  // ---- writes

  given(columns) {
    return columns.map((column) => [column, this.random.below(12) ? valueOf(this.random, column) : { ...plain('null'), sql: 'NULL' }]);
  }

  insert() {
    const rows = Array.from({ length: 1 + this.random.below(3) }, () => {
      const isNew = this.random.below(5);
      const id = String(isNew ? this.nextId++ : 1 + this.random.below(this.nextId));
      const owner = String(1 + this.random.below(3));
      return new Map([
        [kKey.name, { ...plain(id), sql: id }],
        ['owner_id', { ...plain(owner), sql: owner }],
        ...this.given(this.some(kColumns, 4)).map(([column, value]) => [column.name, value]),
      ]);
    });
    const names = [...new Set(rows.flatMap((row) => [...row.keys()]))];
    const values = rows.map((row) => joined(names.map((each) => (row.has(each) ? row.get(each).sql : 'DEFAULT')), ', '));
    const objects = listOf(rows.map((row) => object([...row])));
    let conflict = '';
    let onConflict = '';
    if (this.random.below(2)) {
      const updated = this.random.below(4) ? this.some(kColumns, 3) : [];
      const named = this.random.below(4) ? updated : [...updated, ...updated]; // twice counts once
      conflict = `, on_conflict: {constraint: things_pkey, update_columns: [${named.map((column) => column.name)}]}`;
      const sets = updated.map((column) => `${column.name} = EXCLUDED.${column.name}`);
      onConflict = ` ON CONFLICT ON CONSTRAINT things_pkey DO ${sets.length > 0 ? `UPDATE SET ${sets}` : 'NOTHING'}`;
    }
    const fields = this.fields([kKey, ...kColumns], 'w', false);
    const all = joined(values.map((row) => row && `(${row})`), ', ');
    return {
      text: `insert_things(objects: ${this.say(objects, '[things_insert_input!]!')}${conflict}) { affected_rows returning { ${fields.text} } }`,
      sql: all && this.written('insert_things', `INSERT INTO things (${names}) VALUES ${all}${onConflict} RETURNING *`, fields),
    };
  }

  written(field, statement, fields) {
    return `WITH w AS (${statement}) ${this.answer(`'${field}', json_build_object('affected_rows', count(*), 'returning', coalesce(json_agg(${fields.sql}), '[]'))`)} FROM w`;
  }

  // Rows of one key or of none: their order in `returning` is no one's.
  oneRow() {
    const id = String(1 + this.random.below(this.nextId));
    const filter = this.random.below(2) ? this.filter(kColumns, 't', 1) : null;
    const members = [['id', object([['_eq', plain(id)]])]];
    if (filter) members.push(['_and', listOf([filter])]);
    return { ...object(members), sql: filter ? filter.sql && `t.id = ${id} AND (${filter.sql})` : `t.id = ${id}` };
  }

  update() {
    const where = this.oneRow();
    const changed = this.some(kColumns, 3);
    const increased = changed.filter((column) => column.isNumber && this.random.below(2));
    const set = this.given(changed.filter((column) => !increased.includes(column)));
    const add = increased.map((column) => [column, valueOf(this.random, column)]);
    const sets = [
      ...set.map(([column, value]) => value.sql && `${column.name} = ${value.sql}`),
      ...add.map(([column, value]) => value.sql && `${column.name} = t.${column.name} + ${value.sql}`),
    ];
    const fields = this.fields([kKey, ...kColumns], 'w', false);
    const args = [`where: ${this.say(where, 'things_bool_exp!')}`];
    for (const [word, parts] of [['_set', set], ['_inc', add]]) {
      if (parts.length === 0) continue;
      args.push(`${word}: ${this.say(object(parts.map(([column, value]) => [column.name, value])), `things${word}_input`)}`);
    }
    const all = joined([where.sql, ...sets], '');
    return {
      text: `update_things(${args.join(', ')}) { affected_rows returning { ${fields.text} } }`,
      sql: all === null ? null : this.written('update_things', `UPDATE things t SET ${sets.join(', ')} WHERE ${where.sql} RETURNING t.*`, fields),
    };
  }

  delete() {
    const where = this.oneRow();
    const fields = this.fields([kKey, ...kColumns], 'w', false);
    return {
      text: `delete_things(where: ${this.say(where, 'things_bool_exp!')}) { affected_rows returning { ${fields.text} } }`,
      sql: where.sql && this.written('delete_things', `DELETE FROM things t WHERE ${where.sql} RETURNING t.*`, fields),
    };
  }
}
