// The pages for users: every command and snippet in them runs as it stands, in the order of the page, in an empty database.
import assert from 'node:assert/strict';

import { eventually, kGateway, scenario } from './harness.mjs';
import { Gateway } from './support/gateway.mjs';
import { blocksOf, readPage, Reader } from './support/pages.mjs';
import { Sink } from './support/sink.mjs';

// The roles of the operations page may do what the page says, and no more.
async function privilegesSuffice(reader) {
  const { cluster } = reader.system;
  const as = (role, text) => cluster.as(role, text, reader.database);
  const refused = (role, text) => assert.rejects(as(role, text), { code: '42501' }, `${role}: ${text}`);
  const gateway = await Gateway.start(kGateway, cluster.url(reader.database).replace('postgres@', 'app_gateway@'), reader.secret, ['--schemas', 'app']);
  try {
    const inserted = await gateway.post('/v1/graphql', { query: 'mutation { insert_app_ticket_one(object: {id: 1, subject: "light"}) { subject } }' });
    assert.equal(inserted.data?.insert_app_ticket_one.subject, 'light', JSON.stringify(inserted));
    const args = { name: 'opened', table: { schema: 'app', name: 'ticket' }, webhook: 'http://127.0.0.1:9/opened', insert: { columns: '*' } };
    const made = await gateway.post('/v1/metadata', { type: 'create_event_trigger', args });
    assert.equal(made.error, undefined, JSON.stringify(made));
  } finally {
    await gateway.stop();
  }
  await as('app_admin', `SELECT threefactor.alter_event_trigger('opened', retry => '{"attempts": 2}')`);
  const [{ webhook }] = await as('app_monitor', `SELECT webhook FROM threefactor.event_triggers WHERE name = 'opened'`);
  assert.equal(webhook, 'http://127.0.0.1:9/***');
  await as('app_monitor', 'SELECT state, lag FROM threefactor.status');
  await refused('app_monitor', `SELECT threefactor.pause('opened')`);
  await as('app_handler', `SELECT threefactor.accept('k'); UPDATE app.ticket SET closed_at = now() WHERE id = 1`);
  await refused('app_handler', 'SELECT FROM threefactor.status');
  await refused('app_handler', 'DELETE FROM app.ticket');
  await as('app_emitter', `SELECT threefactor.emit('ticket.closed', '{}')`);
  await refused('app_emitter', `SELECT threefactor.accept('k')`);
}

// Names of members and kinds of values, but for rows, which are as their tables are.
const kRows = ['old', 'new', 'record', 'old_record', 'session_variables', 'trace_context'];
function shape(value, name) {
  if (kRows.includes(name) || value === null || typeof value !== 'object') return kRows.includes(name) ? 'a row' : typeof value;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, shape(value[key], key)]));
}

// The bodies in the handler's guide have the members of those that are sent.
async function bodiesAreAsShown(reader) {
  const [hasura, supabase, cloudevents, failure] = blocksOf(await readPage('handlers/README.md'), 'handlers/README.md').filter(({ language }) => language === 'json');
  const sink = await Sink.start();
  try {
    sink.behave = ({ path }, response) => response.writeHead(path === '/fails' ? 500 : 200).end('{"error": "no"}');
    const make = (name, rest) => reader.sql(`SELECT threefactor.create_event_trigger('${name}', 'payment', '${sink.url}/${name}', operations => '{INSERT}', ${rest})`);
    for (const body of ['hasura', 'supabase', 'cloudevents-structured']) await make(body, `body => '${body}'`);
    await make('fails', `retry => '{"attempts": 1}', error_webhook => '${sink.url}/failure'`);
    await reader.sql('INSERT INTO payment VALUES (2, 5)');
    const sent = (path) => eventually(`${path} is called`, () => sink.on(path)[0]?.body);
    for (const [block, path] of [[hasura, '/hasura'], [supabase, '/supabase'], [cloudevents, '/cloudevents-structured']]) {
      assert.deepEqual(shape(JSON.parse(block.text)), shape(await sent(path)), path);
    }
    // Of the event that failed the guide shows a part.
    const shown = JSON.parse(failure.text);
    const told = (await sent('/failure')).event.data.new;
    assert.deepEqual(Object.keys(shown).sort(), Object.keys(told).sort());
    for (const key of Object.keys(shown.event)) assert.ok(key in told.event, key);
  } finally {
    await sink.stop();
  }
}

// Who reads what in one go: a page, or a section of it that has tables of its own. `then`: what must have come of it;
// `before`: what must hold when the reader comes to a section.
const kReadings = [
  {
    page: 'README.md',
    section: 'A tour for database administrators',
    then: async (reader) => {
      const [{ events }] = await reader.sql('SELECT count(*)::integer AS events FROM threefactor.events');
      assert.equal(events, 1, 'the change of the condition alone is an event');
    },
  },
  {
    page: 'README.md',
    section: 'A tour for frontend developers',
    then: async (reader) => {
      await reader.sql(`UPDATE task SET is_done = true`);
      await reader.subscription.until('the change is pushed', (data) => data.task.every((task) => task.is_done));
    },
  },
  {
    page: 'README.md',
    section: 'A tour for handler authors',
    then: (reader) =>
      eventually('the handler has decided', async () => {
        const expenses = await reader.sql('SELECT id, approved FROM expense ORDER BY id');
        return expenses.length === 2 && expenses[0].approved === true && expenses[1].approved === false;
      }),
  },
  {
    page: 'handlers/README.md',
    then: async (reader) => {
      await eventually('the handlers have done their steps', async () => {
        const [{ settled, counted }] = await reader.sql('SELECT (SELECT bool_and(is_settled) FROM payment) AS settled, (SELECT payments FROM statistics) AS counted');
        return settled === true && Number(counted) === 1;
      });
      await bodiesAreAsShown(reader);
    },
  },
  { page: 'extension/EVENT_TRIGGERS.md' },
  { page: 'extension/OPERATIONS.md', before: { 'Removing the extension': privilegesSuffice } },
  { page: 'gateway/GUIDE.md' },
  { page: 'extension/MOVING.md', section: 'Logical replication' },
];
const kElsewhere = ['To move a database and lose nothing']; // of MOVING.md: moving.test.mjs, which has two clusters

scenario('pages', { app: false, gateway: false, settings: { max_worker_processes: 32 } }, async (system, step) => {
  for (const [index, { page, section, before = {}, then }] of kReadings.entries()) {
    await step(`${page}${section ? `: ${section}` : ''}`, async () => {
      const blocks = blocksOf(await readPage(page), page).filter((block) => section === undefined || block.section === section);
      assert.ok(blocks.length > 0, `${page} has no such section`);
      const reader = await Reader.begin(system, `reading_${index}`, kGateway);
      try {
        let current;
        for (const block of blocks) {
          if (block.section !== current) await before[block.section]?.(reader);
          current = block.section;
          await reader.follow(block).catch(async (error) => {
            throw new Error(`${page}:${block.line}: ${error.stderr || error.message}\n${await reader.output()}`, { cause: error });
          });
        }
        await then?.(reader);
      } finally {
        await reader.end();
      }
    });
  }

  await step('no section with commands is left out', async () => {
    for (const page of new Set(kReadings.map((reading) => reading.page))) {
      for (const { section, language, line } of blocksOf(await readPage(page), page)) {
        if (['console', 'text', 'json'].includes(language) || kElsewhere.includes(section)) continue;
        assert.ok(kReadings.some((reading) => reading.page === page && (reading.section ?? section) === section), `${page}:${line} runs in no test`);
      }
    }
  });
});
