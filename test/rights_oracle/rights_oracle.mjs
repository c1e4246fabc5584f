// Rounds of random operations by several users and roles over few connections. Whatever a user is told must be what SQL
// finds among the rows that are that user's to see, and hold no mark of another; whatever a user writes changes that user's rows alone.
import assert from 'node:assert/strict';

import { Random } from '../e2e/support/random.mjs';
import { Mutations } from './mutations.mjs';
import { Queries } from './queries.mjs';
import { kUsers, World } from './world.mjs';

// Of the gateway's login role, one after the other.
const kPlans = [
  {}, { enable_indexscan: 'off', enable_bitmapscan: 'off' }, { plan_cache_mode: 'force_generic_plan' }, { plan_cache_mode: 'force_custom_plan' },
  { parallel_setup_cost: '0', parallel_tuple_cost: '0', min_parallel_table_scan_size: '0', min_parallel_index_scan_size: '0' },
];

export const kRoles = `
  CREATE ROLE shop_owner CREATEROLE; CREATE ROLE gateway LOGIN;
  CREATE ROLE native_one; CREATE ROLE native_two; CREATE ROLE by_metadata; CREATE ROLE sleeper;
  ALTER ROLE sleeper SET statement_timeout = '100ms';
  GRANT shop_owner, native_one, native_two, by_metadata, sleeper TO gateway;
  GRANT ALL ON SCHEMA public TO shop_owner;
  SET ROLE shop_owner;
  CREATE TABLE naps (id integer PRIMARY KEY);
  GRANT SELECT ON naps TO PUBLIC;
  CREATE FUNCTION nap() RETURNS SETOF naps LANGUAGE plpgsql VOLATILE AS $$ BEGIN PERFORM pg_sleep(20); END $$;
  -- Leaves the claims of a user in the session, and may fail after that.
  CREATE FUNCTION leave(claims text, fails boolean) RETURNS SETOF naps LANGUAGE plpgsql VOLATILE AS $$ BEGIN
    PERFORM set_config('request.jwt.claims', claims, false), set_config('hasura.user', claims, false);
    IF fails THEN RAISE EXCEPTION 'failed'; END IF; END $$;
  RESET ROLE`;

export class RightsOracle {
  counts = { answered: 0, refused: 0, written: 0 };

  // `session`: of a superuser, ended by the caller. `signer` signs tokens that the gateway accepts.
  constructor(system, session, seed, signer) {
    Object.assign(this, { system, seed, signer, generation: 0 });
    this.sql = async (text, parameters) => (await session.query(text, parameters)).rows;
  }

  // A new schema with new rights, under the next forced plan, which comes last: the catalog's query would be slow under it. `start(args)` starts the gateway anew.
  async prepare(start) {
    const { system } = this;
    this.random = Random.of(this.seed, `generation ${this.generation}`);
    await this.world?.drop();
    this.world = new World(system, this.sql, this.random, this.generation);
    await this.world.make();
    this.plan = kPlans[(this.seed + this.generation++) % kPlans.length];
    await this.sql('ALTER ROLE gateway RESET ALL');
    await start();
    await this.world.permit();
    for (const [name, value] of Object.entries(this.plan)) await this.sql(`ALTER ROLE gateway SET ${name} = ${value}`);
    // Sessions that were open before do not have them.
    await this.sql(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'gateway'`);
    this.queries = new Queries(this.world, this.random);
    this.mutations = new Mutations(this.world, this.random, this.queries, this.sql);
  }

  // The response to `who`, whose whole text is looked through for what is another's.
  async ask(who, query, variables = {}, signal = undefined) {
    const response = await fetch(`${this.system.gatewayUrl}/v1/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(await this.headers(who)) },
      body: JSON.stringify({ query, variables }),
      signal,
    });
    const text = await response.text();
    const said = `${JSON.stringify(who)} under ${JSON.stringify(this.plan)} asked ${query} ${JSON.stringify(variables)}\nand was told ${text.slice(0, 3000)}`;
    const body = JSON.parse(text);
    if (who.role !== 'admin') {
      const asked = query + JSON.stringify(variables);
      const foreign = kUsers.filter((user) => user !== who.user);
      for (const user of foreign) assert.ok(!text.includes(`mark${user}_`), `a mark of user ${user} is told: ${said}`);
      const ids = JSON.stringify(body.errors ?? []).match(/\b[1-4]\d{6}\b/g) ?? [];
      for (const id of ids) assert.ok(foreign.every((user) => !id.startsWith(user)) || asked.includes(id), `an error tells a row of another: ${said}`);
    }
    return { body, said };
  }

  async headers({ role, user, byToken }) {
    if (role === 'admin') return { 'x-hasura-admin-secret': this.system.secret };
    const variables = user === undefined ? {} : { 'x-hasura-user-id': String(user) };
    if (!byToken) return { 'x-hasura-admin-secret': this.system.secret, 'x-hasura-role': role, ...variables };
    const claims = { 'x-hasura-allowed-roles': [role], 'x-hasura-default-role': role, ...variables };
    return { authorization: `Bearer ${await this.signer.sign({ 'https://hasura.io/jwt/claims': claims })}` };
  }

  who() {
    return { role: this.random.one(this.world.roles), user: this.random.one(kUsers), byToken: this.random.below(2) === 0 };
  }

  // The same few queries by many, so that each is in the cache for others too, among requests that fail.
  async read() {
    const queries = Array.from({ length: 4 }, () => this.queries.query());
    const asked = Array.from({ length: 20 }, () => [this.random.below(8) ? this.who() : { role: 'admin' }, this.random.one(queries)]);
    const expected = [];
    for (const [who, query] of asked) expected.push(await this.expected(who, query));
    await this.withNoise(asked.map(([who, query], i) => async () => {
      const { body, said } = await this.ask(who, query.text);
      if (expected[i] === undefined) {
        assert.equal(body.errors?.[0].extensions.code, 'validation-failed', `a column without a right on it: ${said}`);
        this.counts.refused++;
      } else {
        assert.deepEqual(body, { data: expected[i] }, `not what SQL finds: ${said}`);
        this.counts.answered++;
      }
    }));
  }

  // What the rows that `who` may see answer; undefined: the query names a column that `who` may not read.
  async expected(who, query) {
    if (!query.reads.every(([table, column]) => this.world.mayRead(who, table, column))) return undefined;
    const see = (table) => `(SELECT * FROM public.${table} WHERE ${this.world.condition(who, table, 'read')})`;
    return (await this.sql(query.sql(see)))[0].data;
  }

  async write() {
    const alone = this.random.below(2) === 0;
    const before = await this.rows();
    const users = alone ? [this.random.one(kUsers)] : kUsers;
    const mutations = [];
    for (const user of users) {
      const who = { ...this.who(), user };
      mutations.push([who, await this.mutations.mutation(who, before, alone)]);
    }
    await this.withNoise(mutations.map(([who, mutation]) => async () => {
      const { body, said } = await this.ask(who, mutation.text, mutation.variables);
      if (mutation.refused) {
        assert.ok(['permission-error', 'validation-failed'].includes(body.errors?.[0].extensions.code), `not refused: ${said}`);
        this.counts.refused++;
        return;
      }
      assert.ok(body.data, `refused: ${said}`);
      const { affected_rows, returning } = body.data[mutation.field];
      const ids = returning.map(({ id }) => id).sort();
      assert.deepEqual([affected_rows, ids], [mutation.ids.length, [...mutation.ids].sort()], `other rows than SQL finds: ${said}`);
      mutation.apply(before);
      this.counts.written++;
    }));
    const after = await this.rows();
    for (const [table, rows] of before)
      assert.deepEqual(Object.fromEntries(after.get(table)), Object.fromEntries(rows), `rows of ${table} after ${JSON.stringify(mutations)}`);
  }

  // All rows, without what they refer to: that changes where a row of another is deleted.
  async rows() {
    const tables = new Map();
    for (const { name, parents } of this.world.tables) {
      const drop = parents.map((parent) => ` - '${parent}_id'`).join('');
      const rows = await this.sql(`SELECT to_jsonb(t)${drop} AS row FROM ${name} AS t`);
      tables.set(name, new Map(rows.map(({ row }) => [row.id, row])));
    }
    return tables;
  }

  // Runs all at once, and with them requests that fail, time out, are given up, or leave claims of another in the session.
  async withNoise(parts) {
    const { random } = this;
    const claims = JSON.stringify({ 'x-hasura-user-id': String(random.one(kUsers)), sub: String(random.one(kUsers)) });
    const leave = 'mutation ($c: String!, $f: Boolean!) { leave(args: {claims: $c, fails: $f}) { id } }';
    const table = this.world.tables[0].name;
    const noise = [
      async () => assert.ok((await this.ask({ role: 'native_one', user: 'none' }, `{ ${table} { id note: id } }`)).body.errors),
      async () => assert.ok((await this.ask({ role: 'by_metadata' }, `{ ${table} { id } }`)).body.errors),
      async () => assert.ok((await this.ask({ role: 'sleeper', user: random.one(kUsers) }, 'mutation { nap { id } }')).body.errors),
      async () => await this.ask(this.who(), 'mutation { nap { id } }', {}, AbortSignal.timeout(50)).catch((error) => assert.equal(error.name, 'TimeoutError')),
      async () => assert.ok((await this.ask(this.who(), leave, { c: claims, f: false })).body.data),
      async () => assert.ok((await this.ask(this.who(), leave, { c: claims, f: true })).body.errors),
    ];
    const all = [...parts];
    for (let i = 0; i < 4; ++i) all.splice(random.below(all.length), 0, random.one(noise));
    const results = await Promise.allSettled(all.map((part) => part()));
    const failed = results.find(({ status }) => status === 'rejected');
    if (failed) throw failed.reason;
  }
}
