// Views that Postgres or their own triggers and rules write to: which mutations and which columns they have, and that these work.
import assert from 'node:assert/strict';

import { scenario } from './harness.mjs';

const kEvents = ['INSERT', 'UPDATE', 'DELETE'];
const kViews = `
  CREATE TABLE base (id serial PRIMARY KEY, name text NOT NULL DEFAULT 'none', amount integer);
  CREATE VIEW simple AS SELECT id, name, amount * 2 AS twice FROM base;
  CREATE FUNCTION write_base() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF TG_OP = 'INSERT' THEN
      INSERT INTO base (name, amount) VALUES (coalesce(NEW.name, 'given'), NEW.twice / 2) RETURNING id, name, amount * 2 INTO NEW.id, NEW.name, NEW.twice;
      RETURN NEW;
    ELSIF TG_OP = 'UPDATE' THEN
      UPDATE base SET name = NEW.name, amount = NEW.twice / 2 WHERE id = OLD.id;
      RETURN NEW;
    END IF;
    DELETE FROM base WHERE id = OLD.id;
    RETURN OLD;
  END $$;`;

const name = (events, kind) => `${kind}_${events.join('_').toLowerCase() || 'none'}`;
const sets = [[], ...kEvents.map((event) => [event]), ['INSERT', 'UPDATE'], ['INSERT', 'DELETE'], ['UPDATE', 'DELETE'], kEvents];
const kKinds = { joined: 'SELECT b.id, b.name, b.amount * 2 AS twice FROM base b LEFT JOIN base c ON c.id = b.id', auto: 'SELECT id, name, amount * 2 AS twice FROM base' };

scenario('views', { app: false, gateway: false }, async (system, step) => {
  const views = Object.entries(kKinds).flatMap(([kind, query]) => sets.map((events) => ({ view: name(events, kind), kind, query, events })));
  await system.cluster.psql(['-c', kViews + views.map(({ view, query, events }) =>
    `CREATE VIEW ${view} AS ${query};${events.length ? `CREATE TRIGGER t INSTEAD OF ${events.join(' OR ')} ON ${view} FOR EACH ROW EXECUTE FUNCTION write_base();` : ''}`).join('\n')]);
  await system.cluster.psql(['-c', `
    CREATE VIEW over_insert AS SELECT id, name, twice FROM joined_insert;
    CREATE VIEW ruled AS ${kKinds.joined};
    CREATE RULE r AS ON INSERT TO ruled DO INSTEAD INSERT INTO base (name, amount) VALUES (NEW.name, NEW.twice / 2) RETURNING id, name, amount * 2;`]);
  await system.startGateway();
  const members = async (type) => {
    const { __type } = await system.graphql('query ($name: String!) { __type(name: $name) { inputFields { name } } }', { name: type });
    return __type && __type.inputFields.map((field) => field.name);
  };
  const mutations = (await system.graphql('{ __type(name: "mutation_root") { fields { name } } }')).__type.fields.map((field) => field.name);
  const all = ['id', 'name', 'twice'];

  await step('each has the mutations that its triggers or Postgres serve, with the columns that may be given', async () => {
    for (const { view, kind, events } of views) {
      const serves = (event) => kind === 'auto' || events.includes(event);
      for (const event of kEvents)
        assert.equal(mutations.includes(`${event.toLowerCase()}_${view}`), serves(event), `${event} of ${view}`);
      const columns = (event) => (events.includes(event) ? all : serves(event) ? ['id', 'name'] : null);
      assert.deepEqual(await members(`${view}_insert_input`), columns('INSERT'), view);
      assert.deepEqual(await members(`${view}_set_input`), columns('UPDATE'), view);
    }
    assert.deepEqual(await members('simple_insert_input'), ['id', 'name']);
    assert.deepEqual(await members('over_insert_insert_input'), all);
    assert.equal(await members('over_insert_set_input'), null);
    assert.deepEqual(await members('ruled_insert_input'), all);
  });

  await step('they work', async () => {
    for (const view of [...views.filter(({ events }) => events.includes('INSERT')).map((each) => each.view), 'over_insert', 'ruled']) {
      const inserted = await system.graphql(`mutation { insert_${view}(objects: {name: "x", twice: 8}) { affected_rows returning { name twice } } }`);
      assert.deepEqual(inserted[`insert_${view}`], { affected_rows: 1, returning: [{ name: 'x', twice: 8 }] }, view);
    }
    for (const { view, events } of views) {
      if (events.includes('UPDATE')) {
        const { [`update_${view}`]: updated } = await system.graphql(`mutation { update_${view}(where: {name: {_eq: "x"}}, _set: {twice: 10}) { returning { twice } } }`);
        assert.ok(updated.returning.length > 0 && updated.returning.every(({ twice }) => twice === 10), view);
      }
      if (events.includes('DELETE')) {
        await system.sql("INSERT INTO base (name) VALUES ('gone')");
        const { [`delete_${view}`]: deleted } = await system.graphql(`mutation { delete_${view}(where: {name: {_eq: "gone"}}) { affected_rows } }`);
        assert.equal(deleted.affected_rows, 1, view);
      }
    }
  });

  await step('a trigger that is made later', async () => {
    await system.sql('CREATE TRIGGER t INSTEAD OF INSERT ON joined_none FOR EACH ROW EXECUTE FUNCTION write_base()');
    const { body } = await system.post('/v1/query', { type: 'reload_metadata', args: {} });
    assert.equal(body.message, 'success');
    assert.deepEqual(await members('joined_none_insert_input'), all);
  });
});
