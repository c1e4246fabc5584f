// The whole gateway under a search_path on which a stranger has put an operator, function or aggregate of every name that
// pg_catalog has (test/qualified/traps.sql): its catalog, its requests, the metadata API, live queries.
import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';

import { eventually, scenario } from './harness.mjs';

const kTraps = fileURLToPath(new URL('../qualified/traps.sql', import.meta.url));

const kSchema = `
  CREATE EXTENSION threefactor;
  CREATE EXTENSION citext;
  CREATE TYPE mood AS ENUM ('sad', 'ok');
  CREATE DOMAIN email AS citext;
  CREATE DOMAIN short AS varchar(20);
  CREATE TABLE authors (id serial PRIMARY KEY, name varchar(20) NOT NULL, brand citext, email email, short short, mood mood, doc jsonb, n smallint);
  CREATE TABLE articles (id serial PRIMARY KEY, author_id integer NOT NULL REFERENCES authors, title varchar(40), tags varchar[]);
  CREATE FUNCTION title_of(articles) RETURNS text LANGUAGE sql STABLE RETURN $1.title;
  INSERT INTO authors (name, brand, email, short, mood, doc, n) VALUES ('Ada', 'Acme', 'Ada@x.org', 's', 'ok', '{"a": 1}', 3);
  INSERT INTO articles (author_id, title, tags) VALUES (1, 'First', '{a,b}');`;

const kTypes = `'{character varying,text,name,oid,regclass,integer,bigint,smallint,boolean,json,jsonb,text[],character varying[],public.citext,public.email,public.short,public.mood,"\\"char\\""}'`;

scenario('a hostile search_path', { app: false, gateway: false }, async (system, step) => {
  await system.sql(kSchema);
  await system.cluster.psql(['-f', kTraps]);
  await system.sql(`SELECT hostile.set_traps('hostile', ${kTypes}, ${kTypes})`);
  await system.sql(`SELECT hostile.set_traps('public', ${kTypes}, '{text,character varying,json}')`);
  const separator = system.cluster.url().includes('?') ? '&' : '?';
  system.databaseUrl = `${system.cluster.url()}${separator}options=${encodeURIComponent('-csearch_path=hostile,public,pg_catalog')}`;
  await system.startGateway();

  const metadata = async (type, args, path = '/v1/metadata') => {
    const { status, body, text } = await system.post(path, { type, args });
    assert.equal(status, 200, `${type}: ${text}`);
    return body;
  };

  await step('the traps are on the path of requests', async () => {
    const { text } = await system.post('/v2/query', { type: 'run_sql', args: { sql: "SELECT name = 'x'::varchar FROM authors" } });
    assert.match(text, /a trap was called/);
  });

  await step('queries', async () => {
    const data = await system.graphql(`query ($id: Int = 1) {
      authors(where: {name: {_eq: "Ada", _like: "A%", _ilike: "a%", _similar: "A(d|x)a", _regex: "^A", _in: ["Ada"], _nin: ["Bob"]},
                      brand: {_eq: "ACME", _ilike: "acm%", _similar: "a%", _in: ["acme"]}, email: {_eq: "ADA@X.ORG", _like: "ada%"},
                      short: {_gte: "a"}, mood: {_neq: sad, _in: [ok]}, doc: {_contains: {a: 1}, _has_key: "a"}, n: {_lte: 3},
                      articles_aggregate: {count: {predicate: {_gt: 0}}}}, order_by: {articles_aggregate: {max: {title: asc}}}) {
        name doc(path: "$.a") articles(where: {tags: {_contains: ["a"]}}) { title } articles_aggregate { aggregate { count(columns: [title], distinct: true) max { title } } } }
      articles_by_pk(id: $id) { author { name } }
      authors_aggregate { aggregate { count max { name brand email short mood } min { n } sum { n } avg { n } } }
    }`);
    assert.deepEqual(data.authors, [{ name: 'Ada', doc: 1, articles: [{ title: 'First' }], articles_aggregate: { aggregate: { count: 1, max: { title: 'First' } } } }]);
    assert.deepEqual(data.articles_by_pk, { author: { name: 'Ada' } });
    assert.deepEqual(data.authors_aggregate.aggregate.max, { name: 'Ada', brand: 'Acme', email: 'Ada@x.org', short: 's', mood: 'ok' });
  });

  await step('mutations', async () => {
    const one = await system.graphql(`mutation { insert_authors_one(object: {name: "Bob", mood: ok, articles: {data: [{title: "x"}, {title: "y"}]}}) { name articles { title } } }`);
    assert.deepEqual(one.insert_authors_one, { name: 'Bob', articles: [{ title: 'x' }, { title: 'y' }] });
    const many = await system.graphql(`mutation {
      insert_authors(objects: [{name: "Cyd", brand: "c"}, {name: "Dan", brand: "d"}]) { affected_rows returning { name } }
      update_authors(where: {name: {_eq: "Dan"}}, _set: {doc: {a: 1}}, _inc: {n: 1}) { affected_rows }
      more: update_authors(where: {name: {_eq: "Dan"}}, _append: {doc: {b: 2}}) { returning { doc } }
      less: update_authors(where: {name: {_eq: "Dan"}}, _delete_key: {doc: "a"}) { returning { doc } }
      delete_authors(where: {name: {_in: ["Cyd", "Dan"]}}) { affected_rows } }`);
    assert.equal(many.insert_authors.affected_rows, 2);
    assert.deepEqual(many.less.returning, [{ doc: { b: 2 } }]);
    assert.equal(many.delete_authors.affected_rows, 2);
  });

  await step('the metadata API, old data queries and explain', async () => {
    await metadata('pg_track_table', { table: 'authors', configuration: { custom_name: 'authors' } });
    await metadata('pg_set_table_customization', { table: 'authors', configuration: {} });
    await metadata('pg_add_computed_field', { table: 'articles', name: 'heading', definition: { function: 'title_of' } });
    await metadata('pg_create_array_relationship', { table: 'authors', name: 'works', using: { manual_configuration: { remote_table: 'articles', column_mapping: { id: 'author_id' } } } });
    assert.deepEqual(await system.graphql('{ authors(where: {name: {_eq: "Ada"}}) { works { heading } } }'), { authors: [{ works: [{ heading: 'First' }] }] });
    await metadata('pg_drop_relationship', { table: 'authors', relationship: 'works' });
    await metadata('pg_drop_computed_field', { table: 'articles', name: 'heading' });
    await metadata('pg_create_event_trigger', { name: 'made', table: 'authors', webhook: 'http://127.0.0.1:9/', insert: { columns: '*' }, update: { columns: ['name'] }, enable_manual: true, replace: true });
    await metadata('pg_invoke_event_trigger', { name: 'made', payload: { a: 1 } });
    await metadata('pg_delete_event_trigger', { name: 'made' });
    await metadata('create_cron_trigger', { name: 'tick', webhook: 'http://127.0.0.1:9/', schedule: '0 0 1 1 *', include_in_metadata: true, payload: {} });
    await metadata('delete_cron_trigger', { name: 'tick' });
    await metadata('create_scheduled_event', { webhook: 'http://127.0.0.1:9/', schedule_at: '2100-01-01T00:00:00Z', payload: {} });
    await metadata('reload_metadata', {});
    await metadata('get_inconsistent_metadata', {});
    const query = (type, args) => metadata(type, { table: 'authors', ...args }, '/v1/query');
    assert.equal((await query('insert', { objects: [{ name: 'Eve' }], returning: ['name'] })).affected_rows, 1);
    assert.deepEqual(await query('select', { columns: ['name'], where: { name: { $eq: 'Eve' } } }), [{ name: 'Eve' }]);
    assert.equal((await query('delete', { where: { name: 'Eve' } })).affected_rows, 1);
    const explained = await system.post('/v1/graphql/explain', { query: { query: '{ authors(where: {name: {_eq: "Ada"}}) { name } }' } });
    assert.equal(explained.status, 200, explained.text);
  });

  await step('live queries', async () => {
    const subscription = system.connect().subscribe('subscription { authors(where: {name: {_like: "Z%"}}) { name brand } }');
    await subscription.until('nothing yet', ({ authors }) => authors.length === 0);
    await system.graphql('mutation { insert_authors_one(object: {name: "Zoe", brand: "z"}) { id } }');
    await subscription.until('the author', ({ authors }) => authors.length === 1);
  });

  await step('the schema is read again', async () => {
    await system.sql('CREATE TABLE later (id integer PRIMARY KEY, v varchar)');
    await eventually('the new table is served', async () => !(await system.post('/v1/graphql', { query: '{ later(where: {v: {_eq: "x"}}) { id } }' })).body.errors);
    assert.doesNotMatch(system.gateway.output, /a trap was called/);
  });
});
