// A random schema with rows of several owners, and random rights on it: for each role and table a condition for reading and one
// for writing, of which the world makes policies (or permissions of the metadata API), and which it can write as plain SQL too.

export const kUsers = [1, 2, 3, 4];
export const kLimit = 500; // of `amount`, in conditions that have one
export const kColumns = ['id', 'owner', 'code', 'note', 'amount', 'doc', 'grade', 'shared'];
const kTables = ['farms', 'barns', 'cows']; // relationships have the names of tables, and to one row their singular
const kIdsOfOwner = 1_000_000;

export const singular = (table) => table.slice(0, -1);

// Every text of a row begins so: whose it is, and whether its owner shares it.
export const markOf = (owner, shared = false) => `${shared ? 'open' : 'mark'}${owner}_`;

// Which rows a role reads or writes, beside the claim that names the user.
const kReads = [{}, {}, { shared: true }, { limited: true }, { shared: true, limited: true }];
const kWrites = [{}, { limited: true }];

// The condition in SQL, where `user` is an expression of type integer; `q` qualifies columns.
const conditionSql = ({ shared, limited }, user, q = '') => {
  const own = `${q}owner = ${user}`;
  if (shared && limited) return `(${own} OR (${q}shared AND ${q}amount < ${kLimit}))`;
  if (shared) return `(${own} OR ${q}shared)`;
  return limited ? `(${own} AND ${q}amount < ${kLimit})` : `(${own})`;
};

// The same as a permission of the metadata API.
const conditionMetadata = ({ shared, limited }) => {
  const own = { owner: { _eq: 'X-Hasura-User-Id' } };
  const below = { amount: { _lt: kLimit } };
  if (shared && limited) return { _or: [own, { _and: [{ shared: { _eq: true } }, below] }] };
  if (shared) return { _or: [{ owner: 'X-Hasura-User-Id' }, { shared: true }] };
  return limited ? { ...own, ...below } : own;
};

const kClaims = [
  `(SELECT threefactor.claim('user_id'))::integer`,
  `(current_setting('request.jwt.claims')::json->>'x-hasura-user-id')::integer`,
  `(SELECT (current_setting('request.jwt.claims')::json->>'x-hasura-user-id')::integer)`,
  `(SELECT (current_setting('request.jwt.claims')::json->>'sub')::integer)`,
];

export class World {
  // `sql(text, parameters)` runs it as a superuser. `generation` makes the names of tables new.
  constructor(system, sql, random, generation) {
    Object.assign(this, { system, sql, random, next: kUsers.map(() => 1) });
    const count = 2 + random.below(2);
    this.tables = Array.from({ length: count }, (_, i) => ({
      name: `g${generation}_${kTables[i]}`,
      // Each table refers to some of those before it, and to no table twice.
      parents: Array.from({ length: i }, (__, p) => `g${generation}_${kTables[p]}`).filter((__, p) => p === i - 1 || random.below(2)),
    }));
    this.roles = ['native_one', 'native_two', 'by_metadata'];
    this.rights = new Map(); // role -> table -> {read, write, columns, preset}
    for (const role of this.roles) {
      const ofRole = new Map();
      for (const table of this.tables) {
        const columns = kColumns.filter((column) => column === 'id' || random.below(15));
        const preset = role === 'by_metadata' && random.below(2) === 0;
        ofRole.set(table.name, { read: random.one(kReads), write: random.one(kWrites), columns, preset });
      }
      this.rights.set(role, ofRole);
    }
  }

  table(name) {
    return this.tables.find((table) => table.name === name);
  }

  childrenOf(name) {
    return this.tables.filter(({ parents }) => parents.includes(name)).map((table) => table.name);
  }

  // An id that no row has had yet; it tells the owner.
  newId(owner) {
    return owner * kIdsOfOwner + this.next[owner - 1]++;
  }

  // What `who` ({role, user}, or {role: 'admin'}) may read or write of a table, as a condition in SQL that names no setting.
  condition(who, table, access) {
    if (who.role === 'admin') return 'true';
    return conditionSql(this.rights.get(who.role).get(table)[access], String(who.user));
  }

  mayRead(who, table, column) {
    if (who.role === 'admin') return true;
    const parent = /^(.*)_id$/.exec(column)?.[1];
    return parent !== undefined || this.rights.get(who.role).get(table).columns.includes(column);
  }

  values(owner, id, shared = this.random.below(4) === 0) {
    const { random } = this;
    const mark = markOf(owner, shared);
    return {
      id, owner,
      code: `${mark}c${random.below(5)}_${id}`,
      note: random.below(3) === 0 ? null : `${mark}n${random.below(9)}`,
      amount: random.below(5) === 0 ? null : random.below(100_000) / 100,
      doc: random.below(4) === 0 ? null : { by: mark, n: random.below(3) },
      grade: random.below(4) === 0 ? null : random.below(4),
      shared,
    };
  }

  async make() {
    const { random } = this;
    for (const table of this.tables) {
      const references = table.parents.map((parent) => `, ${parent}_id integer REFERENCES ${parent} ON DELETE SET NULL`).join('');
      await this.sql(`SET ROLE shop_owner;
        CREATE TABLE ${table.name} (id integer PRIMARY KEY, owner integer NOT NULL, code text NOT NULL, note text, amount numeric, doc jsonb,
          grade integer, shared boolean NOT NULL DEFAULT false${references}, UNIQUE (owner, code));
        ALTER TABLE ${table.name} ENABLE ROW LEVEL SECURITY; RESET ROLE`);
      if (random.below(2)) await this.sql(`CREATE INDEX ON ${table.name} (${random.one(['amount', 'grade', 'note', 'shared', 'owner'])})`);
      await this.fill(table);
      for (const role of this.roles.slice(0, 2)) await this.grant(role, table);
    }
    await this.sql('ANALYZE');
  }

  // Rows that refer to rows of any owner.
  async fill(table) {
    const { random } = this;
    const rows = kUsers.flatMap((owner) => Array.from({ length: 4 + random.below(8) }, () => this.values(owner, this.newId(owner))));
    await this.sql(`INSERT INTO ${table.name} (${kColumns}) SELECT ${kColumns} FROM jsonb_populate_recordset(NULL::${table.name}, $1)`, [JSON.stringify(rows)]);
    for (const parent of table.parents) {
      await this.sql(`UPDATE ${table.name} AS c SET ${parent}_id =
        (SELECT (array_agg(p.id ORDER BY p.id))[1 + (c.id * 7) % (count(*)::integer + 2)] FROM ${parent} AS p)`);
    }
  }

  async grant(role, { name, parents }) {
    const { random } = this;
    const { read, write, columns } = this.rights.get(role).get(name);
    const readable = [...columns, ...parents.map((parent) => `${parent}_id`)];
    const claim = random.one(kClaims);
    const using = (condition) => conditionSql(condition, claim);
    const policies = [
      `CREATE POLICY ${role}_read ON ${name} FOR SELECT TO ${role} USING ${using(read)}`,
      `CREATE POLICY ${role}_add ON ${name} FOR INSERT TO ${role} WITH CHECK ${using(write)}`,
      `CREATE POLICY ${role}_change ON ${name} FOR UPDATE TO ${role} USING ${using(write)}`,
      `CREATE POLICY ${role}_remove ON ${name} FOR DELETE TO ${role} USING ${using(write)}`,
    ];
    await this.sql(`SET ROLE shop_owner; ${policies.join('; ')};
      GRANT SELECT (${readable}), INSERT (${kColumns}), UPDATE (note, amount, owner, grade), DELETE ON ${name} TO ${role}; RESET ROLE`);
  }

  // The rights of `by_metadata`, once the gateway serves.
  async permit() {
    const role = 'by_metadata';
    for (const { name, parents } of this.tables) {
      const { read, write, columns, preset } = this.rights.get(role).get(name);
      const condition = conditionMetadata(write);
      const insertable = kColumns.filter((column) => !(preset && column === 'owner'));
      const all = {
        select: { columns: [...columns, ...parents.map((parent) => `${parent}_id`)], filter: conditionMetadata(read), allow_aggregations: true },
        insert: { columns: insertable, check: condition, ...(preset ? { set: { owner: 'X-Hasura-User-Id' } } : {}) },
        update: { columns: ['note', 'amount', 'owner', 'grade'], filter: condition, check: condition },
        delete: { filter: condition },
      };
      for (const [kind, permission] of Object.entries(all)) {
        const args = { table: name, role, permission };
        const { status, text } = await this.system.post('/v1/metadata', { type: `pg_create_${kind}_permission`, args });
        if (status !== 200) throw new Error(`${kind} of ${name}: ${text}`);
      }
    }
  }

  async drop() {
    for (const { name } of [...this.tables].reverse()) await this.sql(`DROP TABLE ${name} CASCADE`);
  }
}
