// Random queries, each in two languages: GraphQL, and SQL that names no role and no setting, in which every table stands as the
// rows that the user may read. A node is {graphql, sql, reads}: `sql(alias, see)` is its text where `see(table)` is the visible
// rows of a table; `reads` lists [table, column] that its reader must have a right on.
import { markOf, singular } from './world.mjs';

const literal = (value) => (typeof value === 'string' ? `'${value}'` : String(value));

export class Queries {
  constructor(world, random) {
    this.world = world;
    this.random = random;
    this.aliases = 0;
  }

  alias() {
    return `x${this.aliases++}`;
  }

  comparison(table) {
    const { random } = this;
    const simple = (column, operator, sqlOperator, value) => ({
      graphql: `{${column}: {${operator}: ${JSON.stringify(value)}}}`,
      sql: (x) => `${x}.${column} ${sqlOperator} ${literal(value)}`,
      reads: [[table, column]],
    });
    const kinds = [
      () => simple('amount', '_gt', '>', random.below(1000)),
      () => simple('amount', '_lte', '<=', random.below(1000)),
      () => simple('grade', '_eq', '=', random.below(4)),
      () => simple('grade', '_neq', '<>', random.below(4)),
      () => simple('note', '_like', 'LIKE', `%n${random.below(9)}`),
      () => simple('code', '_ilike', 'ILIKE', `%C${random.below(5)}%`),
      () => simple('code', '_gt', '>', markOf(1 + random.below(5)).slice(0, 5)),
      () => simple('owner', '_eq', '=', 1 + random.below(4)),
      () => simple('id', '_lt', '<', (1 + random.below(4)) * 1_000_000 + 5),
      () => simple('shared', '_eq', '=', random.below(2) === 0),
      () => ({ graphql: '{doc: {_contains: {n: 1}}}', sql: (x) => `${x}.doc @> '{"n":1}'`, reads: [[table, 'doc']] }),
      () => ({ graphql: '{note: {_is_null: true}}', sql: (x) => `${x}.note IS NULL`, reads: [[table, 'note']] }),
    ];
    return random.one(kinds)();
  }

  where(table, depth = 2) {
    const { random, world } = this;
    const { parents } = world.table(table);
    const children = world.childrenOf(table);
    const kind = depth === 0 ? 9 : random.below(10);
    if (kind === 0) {
      const inner = this.where(table, depth - 1);
      return { ...inner, graphql: `{_not: ${inner.graphql}}`, sql: (x, see) => `NOT (${inner.sql(x, see)})` };
    }
    if (kind <= 2) {
      const both = [this.where(table, depth - 1), this.where(table, depth - 1)];
      const [name, word] = kind === 1 ? ['_or', 'OR'] : ['_and', 'AND'];
      return {
        graphql: `{${name}: [${both.map((each) => each.graphql)}]}`,
        sql: (x, see) => `(${both.map((each) => each.sql(x, see)).join(` ${word} `)})`,
        reads: both.flatMap((each) => each.reads),
      };
    }
    if (kind <= 4 && parents.length > 0) {
      const parent = random.one(parents);
      const inner = this.where(parent, depth - 1);
      const y = this.alias();
      return {
        graphql: `{${singular(parent)}: ${inner.graphql}}`,
        sql: (x, see) => `EXISTS (SELECT FROM ${see(parent)} AS ${y} WHERE ${y}.id = ${x}.${parent}_id AND ${inner.sql(y, see)})`,
        reads: inner.reads,
      };
    }
    if (kind <= 6 && children.length > 0) {
      const child = random.one(children);
      const y = this.alias();
      if (kind === 5) {
        const least = random.below(3);
        return {
          graphql: `{${child}_aggregate: {count: {predicate: {_gt: ${least}}}}}`,
          sql: (x, see) => `(SELECT count(*) FROM ${see(child)} AS ${y} WHERE ${y}.${table}_id = ${x}.id) > ${least}`,
          reads: [],
        };
      }
      const inner = this.where(child, depth - 1);
      return {
        graphql: `{${child}: ${inner.graphql}}`,
        sql: (x, see) => `EXISTS (SELECT FROM ${see(child)} AS ${y} WHERE ${y}.${table}_id = ${x}.id AND ${inner.sql(y, see)})`,
        reads: inner.reads,
      };
    }
    return this.comparison(table);
  }

  // Columns, and rows of related tables with their aggregates; `sql` is an expression for one row.
  selection(table, depth = 2) {
    const { random, world } = this;
    const some = ['id', ...['owner', 'code', 'note', 'amount', 'doc', 'grade', 'shared'].filter(() => random.below(3) === 0)];
    const fields = some.map((column) => ({ graphql: column, key: column, sql: (x) => `${x}.${column}`, reads: [[table, column]] }));
    if (depth > 0) {
      for (const parent of world.table(table).parents.filter(() => random.below(2))) {
        const inner = this.selection(parent, depth - 1);
        const y = this.alias();
        fields.push({
          graphql: `${singular(parent)} {${inner.graphql}}`, key: singular(parent), reads: inner.reads,
          sql: (x, see) => `(SELECT ${inner.sql(y, see)} FROM ${see(parent)} AS ${y} WHERE ${y}.id = ${x}.${parent}_id)`,
        });
      }
      for (const child of world.childrenOf(table).filter(() => random.below(2))) {
        const joined = (x) => (y) => `${y}.${table}_id = ${x}.id`;
        for (const [key, made] of [[child, this.rows(child, depth - 1)], [`${child}_aggregate`, this.aggregate(child)]]) {
          fields.push({ graphql: `${key}${made.graphql}`, key, reads: made.reads, sql: (x, see) => made.sql(see, joined(x)) });
        }
      }
    }
    return {
      graphql: fields.map((field) => field.graphql).join(' '),
      sql: (x, see) => `json_build_object(${fields.flatMap((field) => [`'${field.key}'`, field.sql(x, see)]).join(', ')})`,
      reads: fields.flatMap((field) => field.reads),
    };
  }

  // How rows are ordered and which of them are left out; always down to one order.
  arrangement(table) {
    const { random, world } = this;
    const kind = random.below(6);
    const child = world.childrenOf(table)[0];
    const parent = world.table(table).parents[0];
    const y = this.alias();
    const limit = random.below(3) === 0 ? 1 + random.below(5) : undefined;
    const limited = limit === undefined ? ['', ''] : [`, limit: ${limit}`, ` LIMIT ${limit}`];
    const made = (graphql, order, reads, distinct = '') => ({ graphql: `${graphql}${limited[0]}`, order: (x, see) => `ORDER BY ${order(x, see)}${limited[1]}`, reads, distinct });
    if (kind === 0) return made('distinct_on: grade, order_by: [{grade: asc}, {id: asc}]', (x) => `${x}.grade, ${x}.id`, [[table, 'grade']], 'grade');
    if (kind === 1) return made('order_by: [{amount: desc}, {id: asc}]', (x) => `${x}.amount DESC, ${x}.id`, [[table, 'amount']]);
    if (kind === 2) return made('order_by: [{code: desc_nulls_last}]', (x) => `${x}.code DESC NULLS LAST`, [[table, 'code']]);
    if (kind === 3 && child) {
      const count = (x, see) => `(SELECT count(*) FROM ${see(child)} AS ${y} WHERE ${y}.${table}_id = ${x}.id) DESC, ${x}.id DESC`;
      return made(`order_by: [{${child}_aggregate: {count: desc}}, {id: desc}]`, count, []);
    }
    if (kind === 4 && parent) {
      const ofParent = (x, see) => `(SELECT ${y}.code FROM ${see(parent)} AS ${y} WHERE ${y}.id = ${x}.${parent}_id), ${x}.id`;
      return made(`order_by: [{${singular(parent)}: {code: asc}}, {id: asc}]`, ofParent, [[parent, 'code']]);
    }
    return made('order_by: {id: asc}', (x) => `${x}.id`, []);
  }

  // `sql(see, joined)`: a JSON array of rows; `joined(alias)` is a further condition.
  rows(table, depth = 2) {
    const inner = this.selection(table, depth);
    const where = this.random.below(3) ? this.where(table) : undefined;
    const { graphql, order, reads, distinct } = this.arrangement(table);
    const x = this.alias();
    return {
      graphql: `(${graphql}${where ? `, where: ${where.graphql}` : ''}) {${inner.graphql}}`,
      sql: (see, joined = () => 'true') => `(SELECT coalesce(json_agg(r.o), '[]') FROM (SELECT ${distinct ? `DISTINCT ON (${x}.${distinct})` : ''} ${inner.sql(x, see)} AS o
        FROM ${see(table)} AS ${x} WHERE ${joined(x)} AND ${where ? where.sql(x, see) : 'true'} ${order(x, see)}) AS r)`,
      reads: [...inner.reads, ...reads, ...(where?.reads ?? [])],
    };
  }

  aggregate(table) {
    const where = this.random.below(2) ? this.where(table) : undefined;
    const x = this.alias();
    const all = [
      { graphql: 'count', key: 'count', sql: 'count(*)', reads: [] },
      { graphql: 'distinct: count(columns: grade, distinct: true)', key: 'distinct', sql: `count(DISTINCT ${x}.grade)`, reads: [[table, 'grade']] },
      { graphql: 'sum {amount}', key: 'sum', sql: `json_build_object('amount', sum(${x}.amount))`, reads: [[table, 'amount']] },
      { graphql: 'max {code id}', key: 'max', sql: `json_build_object('code', max(${x}.code), 'id', max(${x}.id))`, reads: [[table, 'code']] },
      { graphql: 'min {note}', key: 'min', sql: `json_build_object('note', min(${x}.note))`, reads: [[table, 'note']] },
    ].filter((each, i) => i === 0 || this.random.below(3) === 0);
    return {
      graphql: `${where ? `(where: ${where.graphql})` : ''} {aggregate {${all.map((each) => each.graphql).join(' ')}}}`,
      sql: (see, joined = () => 'true') => `(SELECT json_build_object('aggregate', json_build_object(${all.flatMap((each) => [`'${each.key}'`, each.sql]).join(', ')}))
        FROM ${see(table)} AS ${x} WHERE ${joined(x)} AND ${where ? where.sql(x, see) : 'true'})`,
      reads: [...all.flatMap((each) => each.reads), ...(where?.reads ?? [])],
    };
  }

  // {text, sql(see), reads}: a whole operation.
  query() {
    const table = this.random.one(this.world.tables).name;
    const fields = [[table, this.rows(table)]];
    if (this.random.below(2)) fields.push([`${table}_aggregate`, this.aggregate(table)]);
    return {
      text: `{ ${fields.map(([key, made]) => `${key}${made.graphql}`).join(' ')} }`,
      sql: (see) => `SELECT json_build_object(${fields.map(([key, made]) => `'${key}', ${made.sql(see)}`).join(', ')}) AS data`,
      reads: fields.flatMap(([, made]) => made.reads),
    };
  }
}
