// DDL between two runs of an operation: it is answered right again, on every connection, although what was prepared, compiled
// and read from the catalog before is wrong by then.
import assert from 'node:assert/strict';

import { eventually, scenario } from './harness.mjs';

const kConnections = 4;
const kAtOnce = 4 * kConnections;

const kTables = `
  CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
  CREATE TABLE people (id integer PRIMARY KEY, name text, mood mood NOT NULL DEFAULT 'ok', points integer, note text);
  INSERT INTO people VALUES (1, 'Ada', 'ok', 7, 'first'), (2, 'Bob', 'happy', 9, NULL);
  CREATE EXTENSION citext;
  CREATE TABLE brands (id integer PRIMARY KEY, brand citext);
  INSERT INTO brands VALUES (1, 'Acme');
  CREATE TABLE coded (id integer PRIMARY KEY, code text, n integer, m integer NOT NULL);
  INSERT INTO coded VALUES (1, '4b0c7b0e-1c1f-4f43-9a55-2b1f6a3f0001', 1, 2);
  CREATE VIEW summary AS SELECT id, points AS value FROM people;
  CREATE FUNCTION rating(people) RETURNS integer LANGUAGE sql STABLE AS 'SELECT $1.points::integer';
  CREATE FUNCTION found_people() RETURNS SETOF people LANGUAGE sql STABLE AS 'SELECT * FROM people ORDER BY id';
  CREATE TABLE audited (id serial PRIMARY KEY, mood mood NOT NULL);
  CREATE FUNCTION audit() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE remembered mood := 'ok'; BEGIN IF NEW.mood = remembered THEN NEW.mood := 'ok'; END IF; RETURN NEW; END $$;
  CREATE TRIGGER audit BEFORE INSERT ON audited FOR EACH ROW EXECUTE FUNCTION audit();`;

const kTracking = `
  SELECT threefactor.add_computed_field('people', 'rating', 'public', 'rating');
  SELECT threefactor.track_function('public', 'found_people');`;

// The usual way to take a value from an enum.
const kSmallerMood = `
  BEGIN;
  ALTER TYPE mood RENAME TO mood_old;
  CREATE TYPE mood AS ENUM ('ok', 'happy');
  ALTER TABLE people ALTER mood DROP DEFAULT, ALTER mood TYPE mood USING mood::text::mood, ALTER mood SET DEFAULT 'ok';
  ALTER TABLE audited ALTER mood TYPE mood USING mood::text::mood;
  DROP TYPE mood_old;
  COMMIT`;

async function migrations(system, step, { hasExtension }) {
  await system.sql(hasExtension ? `CREATE EXTENSION threefactor; ${kTables} ${kTracking}` : kTables);
  await system.startGateway();

  // As often at once as every connection needs, so that each has prepared it, or meets it again.
  const everywhere = async (query, variables) => {
    const answers = await Promise.all(Array.from({ length: kAtOnce }, () => system.post('/v1/graphql', { query, variables })));
    for (const { body, text } of answers) assert.ok(body, `not JSON: ${text}`);
    return answers.map(({ body }) => body);
  };
  // `ddl` between two runs. `before` and `after`: the data that each of the answers has.
  const survives = async (ddl, query, variables, before, after = before) => {
    for (const body of await everywhere(query, variables)) assert.deepEqual(body, { data: before });
    await system.sql(ddl);
    for (const body of await everywhere(query, variables)) assert.deepEqual(body, { data: after });
  };

  await step('an enum loses a value', async () => {
    const query = 'query ($moods: [mood!]!, $mood: mood) { people(where: {mood: {_in: $moods}, _and: {mood: {_neq: $mood}}}) { id mood } }';
    await survives(kSmallerMood, query, { moods: ['ok'], mood: 'happy' }, { people: [{ id: 1, mood: 'ok' }] });
  });

  await step('an enum that mutations write', async () => {
    const query = 'mutation ($mood: mood!) { update_people_by_pk(pk_columns: {id: 2}, _set: {mood: $mood}) { mood } }';
    await survives(kSmallerMood, query, { mood: 'happy' }, { update_people_by_pk: { mood: 'happy' } });
  });

  await step('an enum that a trigger remembers in every session', async () => {
    const query = 'mutation ($mood: mood!) { insert_audited_one(object: {mood: $mood}) { mood } }';
    await survives(kSmallerMood, query, { mood: 'ok' }, { insert_audited_one: { mood: 'ok' } });
    assert.equal((await system.sql('SELECT count(*)::integer AS n FROM audited'))[0].n, 2 * kAtOnce); // none twice
  });

  await step('a WebSocket', async () => {
    const connection = system.connect();
    const ask = async () => {
      const subscription = connection.subscribe('query ($mood: mood!) { people(where: {mood: {_eq: $mood}}) { id } }', { mood: 'happy' });
      await eventually('an answer', () => subscription.complete);
      return subscription.last;
    };
    assert.deepEqual(await ask(), { data: { people: [{ id: 2 }] } });
    await system.sql(kSmallerMood);
    for (let i = 0; i < kAtOnce; ++i) assert.deepEqual(await ask(), { data: { people: [{ id: 2 }] } });
  });

  await step('a column gets another type', () =>
    survives(`DROP VIEW summary; ALTER TABLE people ALTER points TYPE text;
      CREATE VIEW summary AS SELECT id, points AS value FROM people`, '{ people(order_by: {id: asc}) { points } }', {},
      { people: [{ points: 7 }, { points: 9 }] }, { people: [{ points: '7' }, { points: '9' }] }));

  await step('and one that is compared', async () => {
    const query = '{ coded(where: {code: {_eq: "4b0c7b0e-1c1f-4f43-9a55-2b1f6a3f0001"}}) { id } }';
    await survives('ALTER TABLE coded ALTER code TYPE uuid USING code::uuid', query, {}, { coded: [{ id: 1 }] });
    await survives('ALTER TABLE coded ALTER code TYPE varchar(60)', query, {}, { coded: [{ id: 1 }] });
  });

  await step('an integer becomes a number with digits after the point', () =>
    survives('ALTER TABLE coded ALTER n TYPE numeric; UPDATE coded SET n = 1.50', '{ coded { n } }', {}, { coded: [{ n: 1 }] }, { coded: [{ n: 1.5 }] }));

  await step('a column takes nulls', () =>
    survives('ALTER TABLE coded ALTER m DROP NOT NULL; UPDATE coded SET m = NULL', '{ coded { m } }', {}, { coded: [{ m: 2 }] }, { coded: [{ m: null }] }));

  await step('a table is made anew with its columns in another order', () =>
    survives('ALTER TABLE people RENAME note TO old; ALTER TABLE people ADD note varchar(20); UPDATE people SET note = old; ALTER TABLE people DROP old',
      'mutation { update_people(where: {id: {_eq: 1}}, _set: {note: "n"}) { returning { id note } } }', {},
      { update_people: { returning: [{ id: 1, note: 'n' }] } }));

  await step('a view is replaced', () =>
    survives(`DROP VIEW summary; CREATE VIEW summary AS SELECT id, id AS value FROM people`, '{ summary(order_by: {id: asc}) { value } }', {},
      { summary: [{ value: '7' }, { value: '9' }] }, { summary: [{ value: 1 }, { value: 2 }] }));

  await step('and replaced again', () =>
    survives(`DROP VIEW summary; CREATE VIEW summary AS SELECT id, name AS value FROM people`, '{ summary(order_by: {id: asc}) { value } }', {},
      { summary: [{ value: 1 }, { value: 2 }] }, { summary: [{ value: 'Ada' }, { value: 'Bob' }] }));

  await step('what is new is served at once: a table, a column, an enum value, by HTTP, in a batch and on a WebSocket', async () => {
    for (let i = 0; i < 5; ++i) {
      await system.sql(`CREATE TABLE new_${i} (id integer); INSERT INTO new_${i} VALUES (${i})`);
      for (const body of await everywhere(`{ new_${i} { id } }`)) assert.deepEqual(body, { data: { [`new_${i}`]: [{ id: i }] } });
      await system.sql(`ALTER TABLE new_${i} ADD added integer DEFAULT 7`);
      const { body } = await system.post('/v1/graphql', [{ query: `{ new_${i} { added } }` }, { query: `{ new_${i} { never } }` }, { query: `{ new_${i} { id } }` }]);
      assert.deepEqual(body[0], { data: { [`new_${i}`]: [{ added: 7 }] } });
      assert.equal(body[1].errors[0].extensions.code, 'validation-failed');
      assert.deepEqual(body[2], { data: { [`new_${i}`]: [{ id: i }] } });
      await system.sql(`ALTER TABLE new_${i} RENAME added TO renamed`);
      const connection = system.connect();
      const query = connection.subscribe(`{ new_${i} { renamed } }`);
      const live = connection.subscribe(`subscription { new_${i} { renamed } }`);
      const invalid = connection.subscribe(`subscription { new_${i} { added } }`);
      await eventually('an answer', () => query.complete && live.last && invalid.errors.length > 0);
      assert.deepEqual(query.last, { data: { [`new_${i}`]: [{ renamed: 7 }] } });
      assert.deepEqual(live.last, { data: { [`new_${i}`]: [{ renamed: 7 }] } });
    }
  });

  await step('an extension is dropped and created', () =>
    survives(`BEGIN; ALTER TABLE brands ALTER brand TYPE text; DROP EXTENSION citext; CREATE EXTENSION citext;
      ALTER TABLE brands ALTER brand TYPE citext; COMMIT`, 'query ($b: citext!) { brands(where: {brand: {_eq: $b}}) { id } }', { b: 'ACME' },
      { brands: [{ id: 1 }] }));

  await step('and is moved to another schema', () =>
    survives('CREATE SCHEMA elsewhere; ALTER EXTENSION citext SET SCHEMA elsewhere',
      'query ($b: citext!) { brands(where: {brand: {_eq: $b}}) { id } }', { b: 'ACME' }, { brands: [{ id: 1 }] }));

  if (hasExtension) {
    await step('functions are made anew', async () => {
      const anew = `BEGIN; DROP FUNCTION rating; DROP FUNCTION found_people;
        CREATE FUNCTION rating(people) RETURNS integer LANGUAGE sql STABLE AS 'SELECT 1';
        CREATE FUNCTION found_people() RETURNS SETOF people LANGUAGE sql STABLE AS 'SELECT * FROM people WHERE id = 2';
        COMMIT`;
      const query = '{ found_people { id rating } }';
      for (const body of await everywhere(query)) assert.deepEqual(body.data, { found_people: [{ id: 1, rating: 7 }, { id: 2, rating: 9 }] });
      await system.sql(anew);
      for (const body of await everywhere(query)) {
        // Tracked functions may be served only after they were tracked anew.
        if (!body.errors) assert.deepEqual(body.data, { found_people: [{ id: 2, rating: 1 }] });
        else assert.equal(body.errors[0].extensions.code, 'validation-failed');
      }
    });

    await step('the extension itself is dropped, and created', async () => {
      const query = '{ people(order_by: {id: asc}) { name } }';
      await survives('DROP EXTENSION threefactor CASCADE', query, {}, { people: [{ name: 'Ada' }, { name: 'Bob' }] });
      await survives('CREATE EXTENSION threefactor', query, {}, { people: [{ name: 'Ada' }, { name: 'Bob' }] });
      await survives('DROP EXTENSION threefactor CASCADE; CREATE EXTENSION threefactor', query, {}, { people: [{ name: 'Ada' }, { name: 'Bob' }] });
    });
  }

  await step('a subscription goes on', async () => {
    const subscription = system.connect().subscribe('subscription ($mood: mood!) { people(where: {mood: {_eq: $mood}}, order_by: {id: asc}) { id points mood } }', { mood: 'happy' });
    await subscription.until('the first result', ({ people }) => people.length === 1);
    await system.sql(kSmallerMood);
    await system.sql("UPDATE people SET mood = 'happy' WHERE id = 1");
    await subscription.until('both', ({ people }) => people.length === 2);
    assert.deepEqual(subscription.errors, []);
  });

  await step('what fails for ever is reported, and costs the others nothing', async () => {
    await system.sql(`CREATE FUNCTION broken(people) RETURNS integer LANGUAGE plpgsql STABLE AS 'BEGIN RETURN (SELECT gone FROM nowhere); END';
      CREATE VIEW failing AS SELECT p.id, broken(p) AS value FROM people p`);
    await eventually('the view is served', async () => (await system.post('/v1/graphql', { query: '{ __type(name: "failing") { name } }' })).body.data.__type);
    for (const body of await everywhere('{ failing { value } }')) assert.equal(body.errors.length, 1);
    for (const body of await everywhere('{ people(order_by: {id: asc}) { id } }')) assert.deepEqual(body, { data: { people: [{ id: 1 }, { id: 2 }] } });
  });
}

const kOptions = { app: false, gateway: false, gatewayArguments: ['--pool-size', String(kConnections), '--threads', '2'] };
scenario('migrations', kOptions, (system, step) => migrations(system, step, { hasExtension: true }));
scenario('migrations without the extension', kOptions, (system, step) => migrations(system, step, { hasExtension: false }));

scenario('what GraphQL cannot name', { ...kOptions, gateway: false }, async (system, step) => {
  await system.sql(`CREATE EXTENSION threefactor;
    CREATE TABLE "my-table" (id integer PRIMARY KEY);
    CREATE TABLE plain (id integer PRIMARY KEY, "has space" integer);
    CREATE TABLE measures (day integer PRIMARY KEY) PARTITION BY RANGE (day);
    CREATE TABLE measures_1 PARTITION OF measures FOR VALUES FROM (0) TO (10);
    CREATE TABLE measures_2 PARTITION OF measures FOR VALUES FROM (10) TO (20);
    CREATE TABLE readings (id integer PRIMARY KEY, day integer REFERENCES measures);`);
  await system.startGateway();
  const count = () => system.gateway.output.split('GraphQL cannot express the name (').length - 1;
  const leftOut = async () => (await system.post('/v1/metadata', { type: 'get_inconsistent_metadata', args: {} })).body.left_out;
  const fields = async (type) => (await system.graphql(`{ __type(name: "${type}") { fields { name } } }`)).__type?.fields.map(({ name }) => name);

  await step('is logged with the hint, and listed', async () => {
    assert.equal(count(), 2);
    assert.match(system.gateway.output, /table "public"\."my-table": .* \(give it a custom_name by set_table_customization\)/);
    assert.match(system.gateway.output, /column "public"\."plain", "has space": .* \(.*column_config.*\)/);
    const listed = await leftOut();
    assert.deepEqual(listed.map(({ type, name }) => `${type} ${name}`).sort(), ['column column has space in table plain in source default', 'table table my-table in source default']);
  });

  await step('is not logged again by other reloads, but when it changes', async () => {
    await system.post('/v2/query', { type: 'run_sql', args: { sql: 'CREATE TABLE another (id integer)' } });
    assert.equal(count(), 2);
    await system.post('/v2/query', { type: 'run_sql', args: { sql: 'ALTER TABLE another ADD "1st" integer' } });
    assert.equal(count(), 3);
    assert.equal((await leftOut()).length, 3);
  });

  await step('is served by the name that it is given', async () => {
    const customize = { type: 'pg_set_table_customization', args: { table: 'my-table', configuration: { custom_name: 'my_table' } } };
    const answer = await system.post('/v1/metadata', customize);
    if (answer.status !== 200) assert.equal((await system.post('/v1/metadata', { type: 'pg_track_table', args: { table: 'my-table', configuration: { custom_name: 'my_table' } } })).status, 200, answer.text);
    assert.deepEqual(await system.graphql('{ my_table { id } }'), { my_table: [] });
    assert.ok(!(await leftOut()).some(({ type }) => type === 'table'));
  });

  await step('partitions are no root fields, nor ends of relationships, until they are tracked', async () => {
    assert.ok(!(await fields('query_root')).some((name) => /measures_[12]/.test(name)));
    assert.ok((await fields('query_root')).includes('measures'));
    assert.equal(await fields('measures_1'), undefined);
    assert.ok((await fields('readings')).includes('measure'));
    assert.equal((await system.post('/v1/metadata', { type: 'pg_track_table', args: { table: 'measures_1' } })).status, 200);
    assert.ok((await fields('query_root')).includes('measures_1'));
    assert.ok(!(await fields('query_root')).includes('measures_2'));
  });
});
