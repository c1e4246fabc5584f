// Names that clash: refused where they are set, both named; after DDL, what is left out is reported and logged, and the rest served.
import assert from 'node:assert/strict';

import { eventually, scenario } from './harness.mjs';

const kTables = `
  CREATE TABLE authors (id integer PRIMARY KEY, name text, nick text);
  CREATE TABLE articles (id integer PRIMARY KEY, author_id integer REFERENCES authors, reviewer_id integer, title text);
  CREATE TABLE other_things (id integer PRIMARY KEY);
  CREATE VIEW titles AS SELECT title FROM articles;
  CREATE FUNCTION find_articles(wanted text) RETURNS SETOF articles LANGUAGE sql STABLE AS 'SELECT * FROM articles';
  CREATE FUNCTION label(authors) RETURNS text LANGUAGE sql STABLE AS 'SELECT $1.name';
  INSERT INTO authors VALUES (1, 'a', 'n');`;

scenario('names that clash', { app: false, gateway: false }, async (system, step) => {
  await system.sql('CREATE EXTENSION threefactor');
  await system.cluster.psql(['-c', kTables]);
  await system.startGateway();
  const call = async (type, args) => await system.post('/v1/metadata', { type, args });
  const done = async (type, args) => {
    const { status, text } = await call(type, args);
    assert.equal(status, 200, `${type} ${JSON.stringify(args)}: ${text}`);
  };
  const refused = async (type, args, ...names) => {
    const { status, text } = await call(type, args);
    assert.equal(status, 400, `${type} ${JSON.stringify(args)}: ${text}`);
    for (const name of names) assert.ok(text.includes(name), `${name} in ${text}`);
  };
  const inconsistent = async () => (await call('get_inconsistent_metadata', {})).body;
  const customize = (table, configuration) => ['set_table_customization', { table, configuration }];

  await step('tables and root fields, when they are set', async () => {
    await refused(...customize('titles', { custom_name: 'authors' }), 'authors', 'titles');
    await refused('track_table', { table: 'titles', configuration: { custom_name: 'authors_aggregate' } }, 'authors_aggregate', 'titles', '\\"authors\\"');
    await refused(...customize('titles', { custom_name: 'order_by' }), 'order_by', 'titles');
    await refused(...customize('titles', { custom_root_fields: { select: 'authors' } }), 'titles', 'authors');
    await refused(...customize('titles', { custom_root_fields: { select: 'same', select_aggregate: 'same' } }), 'titles', 'same');
    await refused(...customize('titles', { custom_root_fields: { insert_one: 'insert_authors' } }), 'titles', 'insert_authors', '\\"authors\\"');
    await refused('set_table_custom_fields', { table: 'titles', version: 2, custom_root_fields: { select: 'authors_by_pk' } }, 'titles', 'authors_by_pk');
    await done(...customize('titles', { custom_name: 'named' }));
    await refused(...customize('other_things', { custom_name: 'named' }), 'other_things', 'titles');
    await done(...customize('titles', { custom_root_fields: { select: 'allTitles' } }));
    await refused(...customize('authors', { custom_root_fields: { select_by_pk: 'allTitles' } }), 'authors', 'titles', 'allTitles');
    // One name for a query and for a mutation does not clash.
    await done(...customize('authors', { custom_root_fields: { delete: 'allTitles' } }));
    await done(...customize('authors', {}));
    assert.deepEqual(await inconsistent(), { is_consistent: true, inconsistent_objects: [], left_out: [] });
  });

  await step('columns, relationships and computed fields, when they are set', async () => {
    await refused(...customize('authors', { column_config: { nick: { custom_name: 'name' } } }), 'nick', '\\"name\\"');
    await refused(...customize('authors', { custom_column_names: { nick: 'x', name: 'x' } }), 'nick', '\\"name\\"');
    await done(...customize('authors', { column_config: { nick: { custom_name: 'name' }, name: { custom_name: 'nick' } } }));
    await done(...customize('authors', { column_config: { nick: { custom_name: 'handle' } } }));
    const relation = (name, column = 'author_id') => ({ table: 'authors', name, using: { foreign_key_constraint_on: { table: 'articles', column } } });
    await refused('create_array_relationship', relation('handle'), 'handle', 'nick');
    await refused('create_array_relationship', relation('name'), 'name');
    await done('create_array_relationship', relation('papers'));
    await refused('create_array_relationship', relation('papers'), 'papers');
    await refused('create_array_relationship', relation('papers_aggregate'), 'papers_aggregate', '\\"papers\\"');
    await refused(...customize('authors', { column_config: { nick: { custom_name: 'papers' } } }), 'papers', 'nick');
    await refused(...customize('authors', { column_config: { nick: { custom_name: 'papers_aggregate' } } }), 'papers', 'nick');
    await done('add_computed_field', { table: 'authors', name: 'label', definition: { function: 'label' } });
    await refused('add_computed_field', { table: 'authors', name: 'papers_aggregate', definition: { function: 'label' } }, 'papers_aggregate', '\\"papers\\"');
    await refused('create_array_relationship', relation('label'), 'label');
    await refused('rename_relationship', { table: 'authors', name: 'papers', new_name: 'name' }, 'name');
    await refused('rename_relationship', { table: 'authors', name: 'papers', new_name: 'label' }, 'label');
    await done('rename_relationship', { table: 'authors', name: 'papers', new_name: 'writings' });
  });

  await step('functions, when they are set', async () => {
    await refused('track_function', { function: 'find_articles', configuration: { custom_root_fields: { function: 'articles' } } }, 'find_articles', '\\"articles\\"');
    await refused('track_function', { function: 'find_articles', configuration: { custom_name: 'authors' } }, 'find_articles', '\\"authors\\"');
    await done('track_function', { function: 'find_articles' });
    await refused(...customize('other_things', { custom_root_fields: { select: 'find_articles' } }), 'other_things', 'find_articles');
    await refused(...customize('other_things', { custom_name: 'find_articles_args' }), 'other_things', '\\"find_articles\\"');
    assert.deepEqual(await inconsistent(), { is_consistent: true, inconsistent_objects: [], left_out: [] });
  });

  await step('a function takes its default name from a table that is only visible, which is reported', async () => {
    await system.sql("CREATE FUNCTION visible() RETURNS SETOF articles LANGUAGE sql STABLE AS 'SELECT * FROM articles'; CREATE TABLE visible (id integer PRIMARY KEY)");
    await done('track_function', { function: 'visible' });
    const { inconsistent_objects: objects } = await inconsistent();
    assert.deepEqual(objects.map(({ name, reason }) => `${name}: ${reason}`).sort(), [
      'table visible in source default: Inconsistent object: the name "visible" is taken by function "visible"',
      'table visible in source default: Inconsistent object: the name "visible_aggregate" is taken by function "visible"',
    ]);
    assert.deepEqual(await system.graphql('{ visible { title } visible_by_pk(id: 1) { id } }'), { visible: [], visible_by_pk: null });
    await done('untrack_function', { function: 'visible' });
    await system.sql('DROP FUNCTION visible; DROP TABLE visible');
    await eventually('nothing is left', async () => (await inconsistent()).is_consistent);
  });

  await step('SQL functions refuse what is tracked', async () => {
    await assert.rejects(system.sql(`SELECT threefactor.set_table_customization('other_things', '{"custom_root_fields": {"select": "allTitles"}}')`), /inconsistent metadata/);
    await assert.rejects(system.sql("SELECT threefactor.rename_relationship('authors', 'writings', 'handle')"), /nick/);
  });

  await step('after DDL: reported, logged, the rest served', async () => {
    await done(...customize('titles', { custom_name: 'things', custom_root_fields: { select: 'allTitles' } }));
    await system.sql('CREATE TABLE things (id integer PRIMARY KEY)');
    await system.sql('CREATE SCHEMA other; CREATE TABLE "allTitles" (id integer)');
    await system.sql('ALTER TABLE authors ADD COLUMN writings text, ADD COLUMN handle text');
    const { inconsistent_objects: objects } = await eventually('both are reported', async () => {
      const answer = await inconsistent();
      return answer.inconsistent_objects.length >= 4 && answer;
    });
    const reasons = Object.fromEntries(objects.map(({ name, reason }) => [name, reason]));
    assert.match(reasons['table things in source default'], /"things" is taken by table "titles"/);
    assert.match(reasons['table allTitles in source default'], /"allTitles" is taken by table "titles"/);
    assert.match(reasons['column handle in table authors in source default'], /"handle" is taken by column "nick"/);
    assert.match(reasons['array_relation writings in table authors in source default'], /"writings" is taken by column "writings"/);
    for (const { reason } of objects) assert.ok(system.gateway.output.includes(reason.replace('Inconsistent object: ', '')), reason);
    // What had its name keeps it.
    assert.deepEqual(await system.graphql('{ allTitles { title } authors { handle writings label } articles { id } find_articles(args: {wanted: "x"}) { id } }'),
      { allTitles: [], authors: [{ handle: 'n', writings: null, label: 'a' }], articles: [], find_articles: [] });
    await system.sql('DROP TABLE things, "allTitles"; ALTER TABLE authors DROP COLUMN writings, DROP COLUMN handle');
    await eventually('nothing is left', async () => (await inconsistent()).is_consistent);
    assert.deepEqual(await system.graphql('{ authors { writings { id } } }'), { authors: [{ writings: [] }] });
  });
});
