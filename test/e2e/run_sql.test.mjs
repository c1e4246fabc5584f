// SQL of administrators: what it leaves behind is nobody else's, read-only means it, and no text is cut off.
import assert from 'node:assert/strict';

import { kGateway, kSecret, scenario } from './harness.mjs';
import { Gateway } from './support/gateway.mjs';

const headers = { 'content-type': 'application/json', 'x-hasura-admin-secret': kSecret };
const post = async (gateway, path, sent) => {
  const response = await fetch(`${gateway.url}${path}`, { method: 'POST', headers, body: JSON.stringify(sent) });
  return JSON.parse(await response.text());
};
const runSql = (gateway, text, more = {}) => post(gateway, '/v2/query', { type: 'run_sql', args: { sql: text, ...more } });

scenario('run_sql', { app: false }, async (system, step) => {
  const { sql } = system;
  await sql("CREATE EXTENSION threefactor; CREATE TABLE cards (id int PRIMARY KEY, number text); INSERT INTO cards VALUES (1, 'a'), (2, 'b')");
  const gateway = await Gateway.start(kGateway, system.cluster.url(), kSecret);
  const cards = { data: { cards: [{ id: 1 }, { id: 2 }] } };
  const readCards = () => post(gateway, '/v1/graphql', { query: '{ cards(order_by: {id: asc}) { id } }' });

  const kLeft = "SET search_path = pg_temp; SET statement_timeout = '1ms'; LISTEN x; CREATE TEMP TABLE cards (id int); " +
    'SELECT pg_advisory_lock(1); PREPARE p AS SELECT 1; SET ROLE pg_monitor';
  for (const [how, text] of [
    ['a session', kLeft],
    ['a session whose SQL fails after its COMMIT', `${kLeft}; COMMIT; SELECT 1/0`],
  ]) {
    await step(`what run_sql leaves behind is nobody else's: ${how}`, async () => {
      for (let i = 0; i < 20; ++i) {
        await runSql(gateway, text);
        const told = await runSql(
          gateway,
          "SELECT current_user, current_setting('search_path'), current_setting('statement_timeout'), to_regclass('pg_temp.cards'), " +
            "(SELECT count(*) FROM pg_listening_channels()), (SELECT count(*) FROM pg_prepared_statements WHERE name = 'p')",
        );
        assert.deepEqual(told.result[1], ['postgres', '"$user", public', '1min', 'NULL', '0', '0']);
        assert.deepEqual(await readCards(), cards);
      }
      const [{ locks }] = await sql("SELECT count(*)::int AS locks FROM pg_locks WHERE locktype = 'advisory' AND objid = 1");
      assert.equal(locks, 0);
    });
  }

  await step('with read_only it writes nothing', async () => {
    for (const text of [
      'CREATE TABLE made ()', 'COMMIT; CREATE TABLE made ()', '/* */ commit; begin read write; CREATE TABLE made (); commit',
      'ROLLBACK TO read_only; CREATE TABLE made ()', 'SET transaction_read_only = off; CREATE TABLE made ()',
      "SELECT '\\'; COMMIT; CREATE TABLE made (); --'", 'END; CREATE TABLE made ()',
      'DO $$ BEGIN COMMIT; CREATE TABLE made (); END $$', 'SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE; CREATE TABLE made ()',
    ]) {
      const answer = await runSql(gateway, text, { read_only: true });
      assert.ok(answer.error, text);
      const [{ made }] = await sql("SELECT to_regclass('made') AS made");
      assert.equal(made, null, text);
    }
    const { result } = await runSql(gateway, "SELECT 1; SELECT ';commit' AS a", { read_only: true });
    assert.deepEqual(result, [['a'], [';commit']]);
  });

  await step('a text with U+0000 is refused, not cut', async () => {
    const cut = await runSql(gateway, 'DELETE FROM cards \0 WHERE id = 1');
    assert.match(cut.error, /U\+0000/);
    assert.equal(cut.code, 'bad-request');
    const name = await post(gateway, '/v1/metadata', { type: 'pg_untrack_table', args: { table: 'cards\0x' } });
    assert.match(name.error, /U\+0000/);
    for (const [query, variables] of [
      ['mutation($n: String) { delete_cards(where: {number: {_eq: $n}}) { affected_rows } }', { n: 'a\0b' }],
      ['mutation($n: String) { insert_cards_one(object: {id: 3, number: $n}) { id } }', { n: '\0' }],
      ['{ cards(where: {number: {_in: ["a\\u0000"]}}) { id } }', {}],
    ]) {
      const { errors } = await post(gateway, '/v1/graphql', { query, variables });
      assert.equal(errors?.length, 1, query);
    }
    assert.deepEqual(await readCards(), cards);
  });

  await step('what is configured of a column that is not there is refused, and names that GraphQL cannot express', async () => {
    const customise = (configuration) => post(gateway, '/v1/metadata', { type: 'pg_set_table_customization', args: { table: 'cards', configuration } });
    for (const part of [{ column_config: { nothing: { custom_name: 'x' } } }, { custom_column_names: { nothing: 'x' } }]) {
      const answer = await customise(part);
      assert.equal(answer.code, 'not-exists', JSON.stringify(answer));
    }
    assert.equal((await customise({ custom_name: '__x' })).path, '$.args.configuration.custom_name');
    await assert.rejects(sql(`SELECT threefactor.set_table_customization('cards', '{"custom_name": "__x"}')`), /not a name of GraphQL/);
    await assert.rejects(sql(`SELECT threefactor.create_array_relationship('cards', 'a b', 'cards', '{id}', '{id}')`), /not a name of GraphQL/);
  });

  await gateway.stop();
});
