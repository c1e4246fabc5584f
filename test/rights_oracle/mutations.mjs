// Random mutations of one user, and what each must do: `text` and `variables`; `refused`, or the ids that it returns; and `apply`,
// which does the same to a copy of the rows (table -> id -> row).
import { kLimit, kUsers } from './world.mjs';

const fields = 'affected_rows returning {id}';

export class Mutations {
  // `queries` makes conditions; `rowsOf(sql)` runs SQL as a superuser.
  constructor(world, random, queries, rowsOf) {
    Object.assign(this, { world, random, queries, rowsOf });
  }

  // Whether a row of the user's own with this amount may be written, and read again by `returning`.
  allowed({ role }, table, amount) {
    const { read, write } = this.world.rights.get(role).get(table);
    const isLimited = write.limited || (read.limited && !read.shared);
    return !isLimited || (amount !== null && amount < kLimit);
  }

  // `alone`: nothing else writes meanwhile, so that its condition may depend on rows of others, and rows may be deleted that
  // those of others refer to.
  async mutation(who, rows, alone) {
    const { random, world } = this;
    const table = random.one(world.tables).name;
    const kinds = [this.insert, this.insertForAnother, this.upsert, this.upsert, this.update, this.update, this.giveAway];
    if (alone) kinds.push(this.remove, this.remove, this.update);
    return await random.one(kinds).call(this, who, table, rows, alone);
  }

  object(who, table, owner, id) {
    const object = this.world.values(owner, id);
    if (this.world.rights.get(who.role).get(table).preset) delete object.owner;
    return object;
  }

  insert(who, table) {
    const object = this.object(who, table, who.user, this.world.newId(who.user));
    return {
      text: `mutation ($o: ${table}_insert_input!) { insert_${table}(objects: [$o]) {${fields}} }`,
      variables: { o: object },
      field: `insert_${table}`, refused: !this.allowed(who, table, object.amount), ids: [object.id],
      apply: (copy) => copy.get(table).set(object.id, { ...object, owner: who.user }),
    };
  }

  // A row that would be somebody else's. With a preset the owner cannot be named at all.
  insertForAnother(who, table) {
    const other = this.random.one(kUsers.filter((user) => user !== who.user));
    const object = { ...this.object(who, table, who.user, this.world.newId(who.user)), owner: other };
    return {
      text: `mutation ($o: ${table}_insert_input!) { insert_${table}(objects: [$o]) {${fields}} }`,
      variables: { o: object },
      field: `insert_${table}`, refused: true, ids: [], apply: () => {},
    };
  }

  // Over a row of its own or of another.
  upsert(who, table, rows) {
    const { random, world } = this;
    if (!world.mayRead(who, table, 'amount')) return this.insert(who, table);
    const existing = random.one([...rows.get(table).values()].filter(({ owner }) => random.below(2) || owner === who.user));
    if (existing === undefined) return this.insert(who, table);
    const object = { ...this.object(who, table, who.user, existing.id), code: `open${who.user}_u${world.newId(who.user)}` };
    const isOwn = existing.owner === who.user && this.allowed(who, table, existing.amount);
    return {
      text: `mutation ($o: ${table}_insert_input!) { insert_${table}(objects: [$o], on_conflict: {constraint: ${table}_pkey, update_columns: [amount]}) {${fields}} }`,
      variables: { o: object },
      field: `insert_${table}`, refused: !isOwn || !this.allowed(who, table, object.amount), ids: [existing.id],
      apply: (copy) => (copy.get(table).get(existing.id).amount = object.amount),
    };
  }

  // The ids of what a condition finds among what the user may read and write.
  async found(who, table, where) {
    const see = (name) => `(SELECT * FROM public.${name} WHERE ${this.world.condition(who, name, 'read')})`;
    const rows = await this.rowsOf(`SELECT id FROM ${see(table)} AS x WHERE ${this.world.condition(who, table, 'write')} AND ${where.sql('x', see)}`);
    return rows.map(({ id }) => id);
  }

  condition(who, table, alone) {
    for (;;) {
      const where = this.queries.where(table, alone ? 2 : 0);
      if (where.reads.every(([name, column]) => this.world.mayRead(who, name, column))) return where;
    }
  }

  async update(who, table, rows, alone) {
    const where = this.condition(who, table, alone);
    const ids = await this.found(who, table, where);
    const set = { amount: this.random.below(80_000) / 100, grade: this.random.below(4), note: `open${who.user}_n${this.random.below(9)}` };
    return {
      text: `mutation ($s: ${table}_set_input!) { update_${table}(where: ${where.graphql}, _set: $s) {${fields}} }`,
      variables: { s: set },
      field: `update_${table}`, refused: ids.length > 0 && !this.allowed(who, table, set.amount), ids,
      apply: (copy) => ids.forEach((id) => Object.assign(copy.get(table).get(id), set)),
    };
  }

  async giveAway(who, table) {
    const where = { graphql: '{}', sql: () => 'true' };
    const other = this.random.one(kUsers.filter((user) => user !== who.user));
    const ids = await this.found(who, table, where);
    return {
      text: `mutation { update_${table}(where: {}, _set: {owner: ${other}}) {${fields}} }`,
      variables: {},
      field: `update_${table}`, refused: ids.length > 0, ids, apply: () => {},
    };
  }

  async remove(who, table) {
    const where = this.condition(who, table, true);
    const bound = who.user * 1_000_000 + this.random.below(8);
    const most = {
      graphql: `{_and: [${where.graphql}, {id: {_gt: ${bound}}}]}`,
      sql: (x, see) => `(${where.sql(x, see)}) AND ${x}.id > ${bound}`,
    };
    const ids = await this.found(who, table, most);
    return {
      text: `mutation { delete_${table}(where: ${most.graphql}) {${fields}} }`,
      variables: {},
      field: `delete_${table}`, refused: false, ids,
      apply: (copy) => ids.forEach((id) => copy.get(table).delete(id)),
    };
  }
}
