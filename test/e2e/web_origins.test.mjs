// What a web page can make a browser send to the gateway: each request as the browser writes it, over a raw socket. A page
// that nobody allowed causes nothing, whatever the transport, and is not told anything.
import assert from 'node:assert/strict';
import { connect } from 'node:net';

import { WebSocket } from '../clients/clients.mjs';
import { eventually, kGateway, kSecret, scenario } from './harness.mjs';
import { freePort, Process } from './support/process.mjs';

// The whole answer to what is sent, up to the end of the connection: {status, headers, body, text}.
function exchange(port, text) {
  return new Promise((resolve, reject) => {
    const chunks = [];
    const socket = connect(port, '127.0.0.1', () => socket.write(text, 'latin1'));
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', reject);
    socket.on('close', () => {
      const answer = Buffer.concat(chunks).toString('latin1');
      const [head, ...rest] = answer.split('\r\n\r\n');
      const [line, ...lines] = head.split('\r\n');
      const headers = lines.map((each) => [each.slice(0, each.indexOf(':')).toLowerCase(), each.slice(each.indexOf(':') + 1).trim()]);
      resolve({ status: Number(line.split(' ')[1]), headers: Object.fromEntries(headers), body: rest.join('\r\n\r\n'), text: answer });
    });
  });
}

const request = (line, headers, body = '') => {
  const lines = Object.entries(headers).flatMap(([name, value]) => [value].flat().map((each) => `${name}: ${each}`));
  return [`${line} HTTP/1.1`, ...lines, 'Connection: close', ...(body ? [`Content-Length: ${Buffer.byteLength(body)}`] : []), '', body].join('\r\n');
};

const kUpgrade = {
  Upgrade: 'websocket',
  Connection: 'Upgrade, close', // refused, it is to end too
  'Sec-WebSocket-Version': '13',
  'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Protocol': 'graphql-transport-ws',
};
const upgrade = (headers) => `${request('GET /v1/graphql', { ...headers, ...kUpgrade }).replace('Connection: close\r\n', '')}`;

const kCreate = JSON.stringify({ type: 'run_sql', args: { sql: 'CREATE TABLE stolen (a integer)' } });
const kInsert = JSON.stringify({ query: 'mutation { insert_counted_one(object: {id: 1}) { id } }' });
// What a page may send without a preflight.
const kSimpleTypes = [undefined, 'text/plain', 'text/plain;charset=UTF-8', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/json-seq', 'text/json'];

scenario('pages that may not call', { app: false, gateway: false }, async (system, step) => {
  const gateways = [];
  const serve = async (args, environment = {}) => {
    const port = await freePort();
    const gateway = new Process('gateway', kGateway, ['--listen', `127.0.0.1:${port}`, '--database-url', system.cluster.url(), ...args], environment);
    gateways.push(gateway);
    await gateway.healthy(port);
    return port;
  };
  await system.sql('CREATE TABLE counted (id integer PRIMARY KEY)');
  const nothingHappened = async () => {
    assert.deepEqual(await system.sql(`SELECT FROM pg_catalog.pg_class WHERE relname = 'stolen'`), []);
    assert.deepEqual(await system.sql('SELECT id FROM counted'), []);
  };

  try {
    const open = await serve([]);
    const guarded = await serve(['--cors-origins', 'https://app.example'], { THREEFACTOR_ADMIN_SECRET: kSecret });
    const secret = { 'X-Hasura-Admin-Secret': kSecret };
    const json = { 'Content-Type': 'application/json' };
    const kinds = [
      ['without a secret', open, { Host: `localhost:${open}` }, 'http://localhost:3000', {}],
      ['with a secret and a list', guarded, { Host: 'api.example' }, 'https://app.example', secret],
    ];

    for (const [name, port, host, ours, admin] of kinds) {
      const foreign = [
        { ...host, Origin: 'https://evil.example' },
        { ...host, Origin: 'null' },
        { ...host, Origin: `${ours}.evil.example` },
        { ...host, Origin: `${ours}@evil.example` },
        { ...host, Origin: [ours, 'https://evil.example'] },
        { ...host, Origin: 'https://evil.example', 'Sec-Fetch-Site': 'same-origin' },
        { ...host, 'Sec-Fetch-Site': 'cross-site' },
        ...(port === open ? ['evil.example', 'localhost.evil.example', '0.0.0.0', `evil.example:${port}`].map((other) => ({ Host: other })) : []),
        ...(port === open ? [{ Host: 'evil.example', Origin: 'http://evil.example' }] : []),
      ];
      await step(`${name}: nothing runs for a foreign page, on any endpoint, and it reads nothing`, async () => {
        for (const headers of foreign) {
          const sent = [
            ...['/v1/query', '/v2/query', '/v1/metadata'].map((path) => [`POST ${path}`, json, kCreate]),
            ...['/v1/graphql', '/v1alpha1/graphql'].flatMap((path) => [[`POST ${path}`, json, kInsert], [`POST ${path}`, json, `[${kInsert}]`]]),
            ['GET /v1/graphql?query=%7Bcounted%7Bid%7D%7D', {}, ''],
            ['POST /v1/graphql/explain', json, JSON.stringify({ query: { query: '{counted{id}}' } })],
            ['GET /healthz', {}, ''],
            ['GET /v1/version', {}, ''],
            ['OPTIONS /v1/graphql', { 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'content-type' }, ''],
          ];
          for (const [line, more, body] of sent) {
            const answer = await exchange(port, request(line, { ...headers, ...more, ...admin }, body));
            assert.equal(answer.status, 403, `${line} ${JSON.stringify(headers)}: ${answer.text}`);
            assert.equal(JSON.parse(answer.body).code, 'access-denied');
            assert.doesNotMatch(answer.text, /access-control-allow/i);
          }
          const answer = await exchange(port, upgrade(headers) + '\x88\x80aaaa');
          assert.equal(answer.status, 403, `WebSocket ${JSON.stringify(headers)}`);
        }
        await nothingHappened();
      });

      await step(`${name}: nothing runs that came without application/json, also of a page that may call`, async () => {
        for (const type of kSimpleTypes) {
          const headers = { ...host, Origin: ours, ...admin, ...(type ? { 'Content-Type': type } : {}) };
          for (const [path, body] of [['/v1/query', kCreate], ['/v2/query', kCreate], ['/v1/metadata', kCreate], ['/v1/graphql', kInsert], ['/v1alpha1/graphql', kInsert], ['/v1/graphql/explain', kInsert]]) {
            const answer = await exchange(port, request(`POST ${path}`, headers, body));
            assert.equal(answer.status, 415, `${path} ${type}: ${answer.text}`);
            const { error, errors } = JSON.parse(answer.body);
            assert.match(error ?? errors[0].message, /send the header Content-Type: application\/json/);
          }
        }
        await nothingHappened();
      });

      await step(`${name}: a page that may call asks, calls and reads; a program without a page does`, async () => {
        const asked = await exchange(port, request('OPTIONS /v1/graphql', { ...host, Origin: ours, 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'content-type,x-hasura-admin-secret' }));
        assert.equal(asked.status, 204);
        assert.equal(asked.headers['access-control-allow-origin'], ours);
        assert.equal(asked.headers['access-control-allow-headers'], 'content-type,x-hasura-admin-secret');
        assert.match(asked.headers['access-control-allow-methods'], /POST/);
        const query = JSON.stringify({ query: '{ counted { id } }' });
        for (const page of [{ Origin: ours }, { Origin: ours, 'Sec-Fetch-Site': 'cross-site' }, { 'Sec-Fetch-Site': 'same-origin' }, {}]) {
          const answer = await exchange(port, request('POST /v1/graphql', { ...host, ...page, ...admin, ...json }, query));
          assert.deepEqual(JSON.parse(answer.body), { data: { counted: [] } }, JSON.stringify(page));
          assert.equal(answer.headers['access-control-allow-origin'], page.Origin);
        }
        const charset = { 'Content-Type': 'Application/JSON; charset="utf-8"' };
        assert.equal((await exchange(port, request('POST /v2/query', { ...host, ...admin, ...charset }, JSON.stringify({ type: 'run_sql', args: { sql: 'SELECT 1' } })))).status, 200);
        const socket = await exchange(port, upgrade({ ...host, Origin: ours }) + '\x88\x80aaaa');
        assert.equal(socket.status, 101);
      });
    }

    await step('with a secret and no list every page may call, without credentials', async () => {
      const port = await serve([], { THREEFACTOR_ADMIN_SECRET: kSecret });
      for (const origin of ['https://any.example', 'null']) {
        const headers = { Host: 'api.example', Origin: origin, ...json };
        const refused = await exchange(port, request('POST /v1alpha1/graphql', headers, kInsert));
        assert.equal(refused.status, 401);
        assert.equal(refused.headers['access-control-allow-origin'], '*');
        assert.equal(refused.headers['access-control-allow-credentials'], undefined);
      }
      await nothingHappened();
    });

    await step('an answer is not split by what a header holds', async () => {
      for (const port of [open, guarded]) {
        const [host, ours] = port === open ? ['localhost', 'http://localhost'] : ['api.example', 'https://app.example'];
        const preflight = (asked) => request('OPTIONS /v1/graphql', { Host: host, Origin: ours, 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': asked });
        for (const asked of ['a%0d%0aX-Injected:%20yes%0d%0a%0d%0aHTTP/1.1 200 OK', 'a%0aX-Injected: yes', 'a\tb: c', 'x'.repeat(9000), '\xff']) {
          const { status, headers, text } = await exchange(port, preflight(asked));
          assert.equal(status, 204);
          assert.equal(headers['access-control-allow-headers'], '*');
          assert.doesNotMatch(text, /injected/i);
        }
        assert.equal((await exchange(port, preflight('a\x01b'))).status, 400);
        assert.equal((await exchange(port, request('GET /v1/version', { Host: host, 'X-Request-Id': '%0d%0aa' }))).headers['x-request-id'], '%0d%0aa');
      }
    });
  } finally {
    for (const gateway of gateways) await gateway.end();
  }
});

scenario('headers, as they were sent', { app: false, gateway: false }, async (system, step) => {
  const percent = 'p%41ss%25word+%';
  const port = await freePort();
  const gateway = new Process('gateway', kGateway, ['--listen', `127.0.0.1:${port}`, '--database-url', system.cluster.url()], { THREEFACTOR_ADMIN_SECRET: percent });
  await system.sql(`CREATE TABLE heard (id integer PRIMARY KEY, by text DEFAULT current_setting('hasura.user')::json ->> 'x-hasura-user-id')`);
  try {
    await gateway.healthy(port);
    const post = (headers, query) => exchange(port, request('POST /v1/graphql', { Host: 'x', 'Content-Type': 'application/json', ...headers }, JSON.stringify({ query })));

    await step('a secret with "%" is the secret; what it decodes to is not', async () => {
      assert.deepEqual(JSON.parse((await post({ 'X-Hasura-Admin-Secret': percent }, '{ __typename }')).body), { data: { __typename: 'query_root' } });
      for (const other of [decodeURIComponent('p%41ss%25word+%25'), 'pAss%word+%', [percent, percent], [percent, 'x'], ['x', percent]]) {
        const { errors } = JSON.parse((await post({ 'X-Hasura-Admin-Secret': other }, '{ __typename }')).body);
        assert.equal(errors[0].extensions.code, 'access-denied', String(other));
      }
    });

    await step('session variables are the same bytes in the database', async () => {
      const insert = (id) => `mutation { insert_heard_one(object: {id: ${id}}) { by } }`;
      for (const [id, value] of [[1, '50%25'], [2, '%0d%0a%00'], [3, 'a+b%zz%'], [4, '"\\u0041']]) {
        const answer = await post({ 'X-Hasura-Admin-Secret': percent, 'X-Hasura-User-Id': value }, insert(id));
        assert.deepEqual(JSON.parse(answer.body), { data: { insert_heard_one: { by: value } } });
      }
      const twice = JSON.parse((await post({ 'X-Hasura-Admin-Secret': percent, 'X-Hasura-User-Id': ['1', '2'] }, insert(9))).body);
      assert.match(twice.errors[0].message, /x-hasura-user-id is given more than once/);
    });

    await step('a query is decoded once', async () => {
      const get = (query) => exchange(port, request(`GET /v1/graphql?query=${query}`, { Host: 'x', 'X-Hasura-Admin-Secret': percent }));
      await system.sql(`INSERT INTO heard VALUES (20, '50%25=?')`);
      const text = '{heard(where:{by:{_eq:"50%25=?"}}){id}}';
      assert.deepEqual(JSON.parse((await get(encodeURIComponent(text))).body), { data: { heard: [{ id: 20 }] } });
      assert.deepEqual(JSON.parse((await get(encodeURIComponent(text).replaceAll('%3D', '=').replaceAll('%3F', '?'))).body), { data: { heard: [{ id: 20 }] } });
    });

    await step('a body of one who may not ask is not waited for', async () => {
      const head = (headers) => request('POST /v1/query', { Host: 'x', 'Content-Type': 'application/json', 'Content-Length': 16_000_000, ...headers }).replace('Connection: close\r\n', '');
      assert.equal((await exchange(port, head({}))).status, 401);
      assert.equal((await exchange(port, head({ Expect: '100-continue' }))).status, 401);
      assert.equal((await exchange(port, head({ 'X-Hasura-Admin-Secret': 'wrong' }))).status, 401);
      assert.equal((await exchange(port, head({ 'Content-Type': 'text/plain', 'X-Hasura-Admin-Secret': percent }))).status, 415);
    });
  } finally {
    await gateway.end();
  }
});

// Bodies of 16 MB that all come at once, and messages of WebSockets in fragments.
scenario('bodies in flight', { app: false, gateway: false }, async (system, step) => {
  const kBody = 16 << 20;
  const port = await freePort();
  const args = ['--listen', `127.0.0.1:${port}`, '--database-url', system.cluster.url(), '--body-memory', '64MB'];
  const gateway = new Process('gateway', kGateway, args, { THREEFACTOR_ADMIN_SECRET: kSecret });
  const { readFile } = await import('node:fs/promises');
  const memory = async () => Number(/VmRSS:\s+(\d+) kB/.exec(await readFile(`/proc/${gateway.child.pid}/status`, 'utf8'))[1]) << 10;
  // Sends a head and all but the last byte of its body; the answer so far.
  const begin = (headers) => {
    const state = { answer: '', written: false };
    state.socket = connect(port, '127.0.0.1', () => {
      state.socket.write(`POST /v1/graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${kBody}\r\n${headers}\r\n`);
      state.socket.write(Buffer.alloc(kBody - 1, ' '), () => (state.written = true));
    });
    state.socket.on('data', (chunk) => (state.answer += chunk)).on('error', () => {});
    return state;
  };
  try {
    await gateway.healthy(port);

    await step('of those without the secret nothing is kept', async () => {
      const before = await memory();
      const all = Array.from({ length: 48 }, () => begin(''));
      await eventually('all are refused', () => all.every(({ answer }) => /access-denied/.test(answer)));
      const after = await memory();
      console.log(`48 bodies of 16 MB, not admitted: ${before >> 20} MB resident before, ${after >> 20} MB after`);
      assert.ok(after - before < 32 << 20, `${before} -> ${after}`);
      all.forEach(({ socket }) => socket.destroy());
    });

    await step('of those with it no more than the budget; others are told to try again, and can', async () => {
      const before = await memory();
      const all = Array.from({ length: 48 }, () => begin(`X-Hasura-Admin-Secret: ${kSecret}\r\n`));
      await eventually('four are read, the others refused', () => {
        const refused = all.filter(({ answer }) => /^HTTP\/1.1 503/.test(answer));
        return refused.length === 44 && all.filter(({ written, answer }) => written && !answer).length === 4;
      });
      const refusal = all.find(({ answer }) => answer).answer;
      assert.match(refusal, /retry-after: 1\r\n/i);
      assert.equal(JSON.parse(refusal.split('\r\n\r\n')[1]).code, 'busy');
      const after = await memory();
      console.log(`48 bodies of 16 MB, admitted, budget 64 MB: ${before >> 20} MB resident before, ${after >> 20} MB after`);
      assert.ok(after - before < 96 << 20, `${before} -> ${after}`);
      const query = JSON.stringify({ query: '{ __typename }' });
      const small = await exchange(port, request('POST /v1/graphql', { Host: 'x', 'Content-Type': 'application/json', 'X-Hasura-Admin-Secret': kSecret }, query));
      assert.equal(small.status, 200, 'small ones go on');
      all.forEach(({ socket }) => socket.destroy());
      await eventually('there is room again', async () => {
        const next = begin(`X-Hasura-Admin-Secret: ${kSecret}\r\n`);
        await eventually('it is read or refused', () => next.written || next.answer);
        next.socket.write('x');
        await eventually('an answer', () => next.answer);
        next.socket.destroy();
        return /invalid-json/.test(next.answer);
      });
    });

    const open = async (headers) => {
      const socket = new WebSocket(`ws://127.0.0.1:${port}/v1/graphql`, 'graphql-transport-ws');
      socket.on('error', () => {});
      socket.closed = new Promise((resolve) => socket.on('close', (code) => resolve(code)));
      await new Promise((resolve) => socket.on('open', resolve));
      if (headers) {
        socket.send(JSON.stringify({ type: 'connection_init', payload: { headers } }));
        await new Promise((resolve) => socket.on('message', resolve));
      }
      return socket;
    };

    await step('messages of WebSockets count, fragment by fragment', async () => {
      const stranger = await open();
      stranger.send(Buffer.alloc(1 << 20, ' ').toString());
      assert.equal(await stranger.closed, 1009, 'before connection_init messages are short');
      const all = await Promise.all(Array.from({ length: 9 }, () => open({ 'x-hasura-admin-secret': kSecret })));
      for (const socket of all) socket.send(Buffer.alloc(15 << 20, ' '), { binary: false, fin: false });
      const codes = [];
      all.forEach((socket) => socket.closed.then((code) => codes.push(code)));
      await eventually('five find no room', () => codes.length === 5);
      assert.deepEqual(codes, [1013, 1013, 1013, 1013, 1013]);
      all.forEach((socket) => socket.terminate());
    });

    await step('who stops in the middle of a head, a body or a message is not waited for', async () => {
      const late = await open({ 'x-hasura-admin-secret': kSecret });
      late.send('{"type":', { fin: false });
      const head = exchange(port, 'GET /v1/version HTTP/1.1\r\nHost: ');
      const body = exchange(port, `POST /v1/graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nX-Hasura-Admin-Secret: ${kSecret}\r\nContent-Length: 1000\r\n\r\n{`);
      const chunk = exchange(port, `POST /v1/graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nX-Hasura-Admin-Secret: ${kSecret}\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n{`);
      assert.deepEqual((await Promise.all([head, body, chunk])).map(({ status }) => status), [408, 408, 408]);
      assert.equal(await late.closed, 1008);
    });
  } finally {
    await gateway.end();
  }
});
