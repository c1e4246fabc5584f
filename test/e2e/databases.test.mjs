// Databases of other encodings, more databases than slots, and copies of a database.
import assert from 'node:assert/strict';

import { pg } from '../clients/clients.mjs';
import { eventually, scenario } from './harness.mjs';
import { Sink } from './support/sink.mjs';

// In `database`: a table, and an event trigger that posts to a path of the database's name.
async function makeTable(sql, sink, database) {
  await sql('CREATE EXTENSION IF NOT EXISTS threefactor', [], database);
  await sql('CREATE TABLE t (id integer, text text)', [], database);
  await sql(`SELECT threefactor.create_event_trigger('t', 't', $1)`, [`${sink.url}/${database}`], database);
}

const rows = (sink, database) => sink.on(`/${database}`).map((call) => call.body.event.data.new);

scenario('encodings', { app: false, gateway: false }, async (system, step) => {
  const sink = await Sink.start();
  // A byte that is valid there and nothing in UTF-8.
  for (const [encoding, byte] of [['SQL_ASCII', 'ff'], ['WIN1252', '81']]) {
    await step(`a character of ${encoding} that UTF-8 has not stops nobody`, async () => {
      const database = encoding.toLowerCase();
      const sql = (text, parameters) => system.sql(text, parameters, database);
      await system.sql(`CREATE DATABASE ${database} ENCODING '${encoding}' LOCALE 'C' TEMPLATE template0`, [], 'postgres');
      await makeTable(system.sql, sink, database);
      await sql(`INSERT INTO t VALUES (1, 'before'), (2, E'a\\x${byte}"b'), (3, 'after')`);
      await eventually('all are delivered', () => rows(sink, database).length === 3);
      assert.deepEqual(rows(sink, database), [
        { id: 1, text: 'before' },
        { id: 2, text: 'a?"b' },
        { id: 3, text: 'after' },
      ]);
      // Through a row of its own as well.
      sink.behave = (call, response) => response.writeHead(call.headers['threefactor-attempt'] === '1' ? 500 : 200).end('\u{1f600}');
      await sql(`SELECT threefactor.create_event_trigger('t', 't', $1, retry => '{"interval": 0}', replace => true)`, [
        `${sink.url}/${database}_again`,
      ]);
      await sql(`INSERT INTO t VALUES (4, E'a\\x${byte}b')`);
      await eventually('delivered again', () => rows(sink, `${database}_again`).length === 2);
      assert.deepEqual(rows(sink, `${database}_again`)[1], { id: 4, text: 'a?b' });
      sink.behave = (call, response) => response.end('{}');
    });
  }
  await sink.stop();
});

scenario('the extension in prepared transactions', { settings: { 'threefactor.max_databases': 3 }, app: false, gateway: false }, async (system, step) => {
  const { sql, cluster } = system;
  const sink = await Sink.start();
  const prepare = async (database, ...statements) => {
    await sql(`CREATE DATABASE ${database}`, [], 'postgres');
    const session = new pg.Client({ connectionString: cluster.url(database) });
    await session.connect();
    for (const statement of ['BEGIN', ...statements, `PREPARE TRANSACTION '${database}'`]) await session.query(statement);
    await session.end();
  };
  const delivers = async (database) => {
    await sql('INSERT INTO t VALUES (1, $1)', [database], database);
    await eventually('it is delivered', () => rows(sink, database).length === 1);
  };
  const makeTrigger = (database) => [
    'CREATE EXTENSION threefactor',
    'CREATE TABLE t (id integer, text text)',
    `SELECT threefactor.create_event_trigger('t', 't', '${sink.url}/${database}')`,
  ];
  await step('has its worker when the transaction is committed', async () => {
    await prepare('prepared', ...makeTrigger('prepared'));
    await sql(`COMMIT PREPARED 'prepared'`, [], 'prepared');
    await delivers('prepared');
  });

  await step('likewise after a restart in between', async () => {
    await prepare('restarted', ...makeTrigger('restarted'));
    await cluster.stop();
    await cluster.start();
    await sql(`COMMIT PREPARED 'restarted'`, [], 'restarted');
    await delivers('restarted');
  });

  await step('rolled back it takes no place for a database', async () => {
    await prepare('rolled_back', 'CREATE EXTENSION threefactor');
    await sql(`ROLLBACK PREPARED 'rolled_back'`, [], 'rolled_back');
    await sql('CREATE DATABASE another', [], 'postgres');
    await eventually('there is a place', async () => (await sql('CREATE EXTENSION IF NOT EXISTS threefactor', [], 'another')) && true);
  });

  await step('dropped and made anew in one, it has a worker again', async () => {
    const session = new pg.Client({ connectionString: cluster.url('prepared') });
    await session.connect();
    for (const statement of ['BEGIN', 'DROP EXTENSION threefactor', 'DROP TABLE t', ...makeTrigger('anew'), `PREPARE TRANSACTION 'anew'`])
      await session.query(statement);
    await session.query(`COMMIT PREPARED 'anew'`);
    await session.query(`INSERT INTO t VALUES (1, 'anew')`);
    await session.end();
    await eventually('it is delivered', () => rows(sink, 'anew').length === 1);
  });

  await step('dropped, it has none', async () => {
    const session = new pg.Client({ connectionString: cluster.url('prepared') });
    await session.connect();
    for (const statement of ['BEGIN', 'DROP EXTENSION threefactor', `PREPARE TRANSACTION 'dropped'`, `COMMIT PREPARED 'dropped'`])
      await session.query(statement);
    await session.end();
    await eventually('no worker', async () =>
      (await sql(`SELECT FROM pg_stat_activity WHERE backend_type = 'threefactor delivery' AND datname = 'prepared'`)).length === 0);
    await sql('DROP DATABASE prepared', [], 'postgres');
  });
  await sink.stop();
});

scenario('a copy calls no webhook', { app: false, gateway: false }, async (system, step) => {
  const { sql, cluster } = system;
  const sink = await Sink.start();
  await sql('CREATE DATABASE original', [], 'postgres');
  await makeTable(sql, sink, 'original');
  const idle = async (database) =>
    eventually('the worker has looked', async () => {
      const [row] = await sql('SELECT state, worker_pid FROM threefactor.status', [], database);
      return row.state === 'waits for adopt()' && row.worker_pid;
    });
  const posted = (text) => rows(sink, 'original').filter((row) => row.text === text).length;

  const copies = {
    template: () => sql('CREATE DATABASE template TEMPLATE original', [], 'postgres'),
    dump: async () => {
      await sql('CREATE DATABASE dump', [], 'postgres');
      await cluster.copy('original', 'dump');
    },
  };
  for (const [name, copy] of Object.entries(copies)) {
    await step(`${name}: until it is adopted`, async () => {
      await sql(`SELECT threefactor.pause('t')`, [], 'original');
      await sql(`INSERT INTO t VALUES (1, 'before ${name}')`, [], 'original');
      await copy();
      await sql(`SELECT threefactor.resume('t')`, [], name);
      await sql(`INSERT INTO t VALUES (2, 'in ${name}')`, [], name);
      await idle(name);
      await sql(`SELECT threefactor.resume('t')`, [], 'original');
      await sql(`INSERT INTO t VALUES (3, 'after ${name}')`, [], 'original');
      await eventually('the original delivers', () => posted(`after ${name}`) === 1);
      assert.equal(posted(`before ${name}`), 1);
      assert.equal(posted(`in ${name}`), 0);
      await sql('SELECT threefactor.adopt()', [], name);
      await eventually('the copy delivers', () => posted(`in ${name}`) === 1);
      assert.deepEqual(await sql(`SELECT state FROM threefactor.status`, [], name), [{ state: 'running' }]);
    });
  }

  await step('who may not copy a database cannot disturb its worker', async () => {
    await sql('CREATE ROLE maker LOGIN CREATEDB', [], 'postgres');
    const worker = async () => (await sql('SELECT worker_pid FROM threefactor.status', [], 'original'))[0].worker_pid;
    const before = await eventually('it runs', worker);
    await assert.rejects(cluster.as('maker', 'CREATE DATABASE theft TEMPLATE original'), /permission denied to copy/);
    assert.equal(await worker(), before);
  });

  await step('the original goes on after a crash, without being told', async () => {
    await cluster.kill();
    await cluster.start();
    await sql(`INSERT INTO t VALUES (4, 'crash')`, [], 'original');
    await eventually('it is delivered', () => posted('crash') === 1);
  });
  await sink.stop();
});

// Background workers: the two launchers, and one more.
const crowded = { 'threefactor.max_databases': 2, max_worker_processes: 3 };

scenario('more databases than slots', { settings: crowded, app: false, gateway: false }, async (system, step) => {
  const { cluster, sql } = system;
  const sink = await Sink.start();
  for (const name of ['a', 'b', 'c', 'd', 'last']) await sql(`CREATE DATABASE ${name}`, [], 'postgres');
  await makeTable(sql, sink, 'last');

  await step('writers have a slot at once after a restart', async () => {
    await cluster.kill();
    await cluster.start();
    await sql(`INSERT INTO t VALUES (1, 'x')`, [], 'last');
    await eventually('it is delivered', () => rows(sink, 'last').length === 1);
  });
  await sink.stop();
});

scenario('the extension comes and goes', { app: false, gateway: false }, async ({ sql }, step) => {
  await step('dropping it does not get in the way of its worker', async () => {
    for (let i = 0; i < 15; i++) {
      await sql('CREATE EXTENSION threefactor');
      await sql('CREATE TABLE IF NOT EXISTS t (id integer)');
      await sql(`SELECT threefactor.create_event_trigger('t', 't', 'http://127.0.0.1:1/')`);
      await eventually('the worker runs', async () => (await sql('SELECT state FROM threefactor.status'))[0].state === 'running');
      await Promise.all([sql('INSERT INTO t SELECT generate_series(1, 100)'), sql('INSERT INTO t VALUES (0)')]);
      await sql('DROP EXTENSION threefactor');
    }
  });
});

scenario('slots are given back', { settings: { 'threefactor.max_databases': 2 }, app: false, gateway: false }, async ({ sql }, step) => {
  for (const name of ['a', 'b', 'c', 'd']) await sql(`CREATE DATABASE ${name}`, [], 'postgres');
  await step('an extension that was not made after all keeps no slot', async () => {
    for (const name of ['a', 'b', 'c', 'd']) {
      await eventually(`${name} has its turn`, async () => {
        await sql('BEGIN; CREATE EXTENSION threefactor; ROLLBACK', [], name);
        return true;
      });
    }
    await eventually('another database may have it', async () => {
      await sql('CREATE EXTENSION threefactor', [], 'a');
      return true;
    });
  });
});
