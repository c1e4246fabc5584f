// Webhooks that are wrong, or do wrong: each attempt says clearly what happened, and no other event trigger is concerned.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createServer as createSecureServer } from 'node:https';
import { createServer as createSocketServer } from 'node:net';
import { promisify } from 'node:util';

import { eventually, scenario } from './harness.mjs';
import { Sink } from './support/sink.mjs';

const run = promisify(execFile);

async function listening(server) {
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server.address().port;
}

// A certificate for `name`, made by an authority of its own: {key, cert, ca} as PEM and the path of the last.
async function certificate(directory, name) {
  const path = (file) => `${directory}/${name}.${file}`;
  const subject = `subjectAltName=DNS:${name}`;
  await run('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', `/CN=${name}`, '-addext', subject,
    '-keyout', path('key'), '-out', path('pem')]);
  return { key: await readFile(path('key')), cert: await readFile(path('pem')), file: path('pem') };
}

scenario('webhooks that are wrong or do wrong', { app: false, gateway: false }, async (system, step) => {
  const { sql } = system;
  const sink = await Sink.start();
  await sql('CREATE EXTENSION threefactor');
  await sql('CREATE TABLE things (id integer)');
  let made = 0;
  // The first attempt of a delivery to `webhook`.
  const attemptAt = async (webhook, retry = {}) => {
    const name = `t${++made}`;
    await sql(`SELECT threefactor.create_event_trigger($1, topic => $1, webhook => $2, retry => $3)`, [
      name, webhook, { attempts: 1, timeout: 10, ...retry },
    ]);
    await sql('SELECT threefactor.emit($1, $2)', [name, '{}']);
    const [attempt] = await eventually(`an attempt at ${webhook}`, async () => {
      const rows = await sql('SELECT * FROM threefactor.attempts WHERE event_trigger = $1', [name]);
      return rows.length && rows;
    });
    return attempt;
  };
  const failsWith = async (webhook, error, retry) => {
    const attempt = await attemptAt(webhook, retry);
    assert.equal(attempt.status, null);
    assert.equal(attempt.outcome, 'dead');
    assert.match(attempt.error, error);
  };
  const configure = async (name, value) => {
    await sql(`ALTER SYSTEM SET ${name} = '${value}'`);
    await sql('SELECT pg_reload_conf()');
    // The worker has read it when it posts the next one.
    await eventually(`${name} counts`, async () => (await sql(`SELECT current_setting('${name}') = '${value}' AS set`))[0].set);
  };

  await step('a variable that is not on the allowed list, and one that is not set', async () => {
    await failsWith('{{HOME}}/x', /HOME is not in threefactor.environment_variables/);
    await failsWith('{{WEBHOOK_NOT_SET}}/x', /WEBHOOK_NOT_SET is not set/);
  });

  await step('a URL that is none', async () => {
    for (const webhook of ['http://', 'http://127.0.0.1:99999/', 'http://[::1/'])
      await assert.rejects(attemptAt(webhook), /has no host, or none that can be one/);
    // What only the value of a variable shows.
    await configure('threefactor.environment_variables', 'PGDATA');
    await failsWith('http://127.0.0.1:{{PGDATA}}/', /port|URL/i);
    await failsWith('{{PGDATA}}/x', /http/i);
    await configure('threefactor.environment_variables', 'WEBHOOK_*,EVENT_*');
  });

  await step('a name that does not exist, a port where nobody listens', async () => {
    await failsWith('http://no-such-host.invalid/', /resolve host/);
    await failsWith('http://127.0.0.1:1/', /connect/);
  });

  await step('an answer of 100 MB is cut off, its status counts', async () => {
    let sent = 0;
    sink.behave = (call, response) => {
      response.writeHead(200, { 'content-length': 100_000_000 });
      const chunk = Buffer.alloc(100_000, 'x');
      const more = () => {
        while (sent < 100_000_000 && !response.destroyed) {
          sent += chunk.length;
          if (!response.write(chunk)) return response.once('drain', more);
        }
      };
      more();
    };
    const attempt = await attemptAt(`${sink.url}/large`);
    assert.equal(attempt.outcome, 'delivered');
    assert.equal(attempt.status, 200);
    assert.equal(attempt.response.length, 16 * 1024);
    assert.match(attempt.error, /cut off at 1048576 bytes/);
    assert.ok(sent < 100_000_000);
  });

  await step('an answer that drips is given up at the timeout, and holds up nobody', async () => {
    let dripping;
    sink.behave = (call, response) => {
      if (call.path !== '/drip') return response.end('{}');
      response.writeHead(200);
      dripping = setInterval(() => response.write('x'), 50);
      response.on('close', () => clearInterval(dripping));
    };
    const slow = failsWith(`${sink.url}/drip`, /timed out/, { timeout: 3 });
    await eventually('it drips', () => dripping);
    assert.equal((await attemptAt(`${sink.url}/prompt`)).status, 200);
    await slow;
  });

  await step('what is not HTTP', async () => {
    for (const [answer, error] of [
      ['hello, who is there?\r\n\r\n', /HTTP\/0.9/],
      ['HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n', /Content-Length|Weird|Invalid/i],
      ['HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc', /transfer closed|partial file/i],
      [`HTTP/1.1 200 OK\r\n${`X-A: ${'y'.repeat(60_000)}\r\n`.repeat(20)}`, /header/i],
      ['', /Empty reply|Recv failure|reset/i],
    ]) {
      const server = createSocketServer((socket) => socket.on('error', () => {}).once('data', () => socket.end(answer)));
      await failsWith(`http://127.0.0.1:${await listening(server)}/`, error);
      server.close();
    }
  });

  await step('a redirect is not followed', async () => {
    sink.behave = (call, response) => response.writeHead(307, { location: `${sink.url}/elsewhere` }).end();
    assert.equal((await attemptAt(`${sink.url}/redirecting`)).status, 307);
    assert.deepEqual(sink.on('/elsewhere'), []);
  });

  await step('a certificate of an unknown authority, then of a known one, then for another name', async () => {
    const { key, cert, file } = await certificate(system.directory, 'localhost');
    const server = createSecureServer({ key, cert }, (request, response) => response.end('{}'));
    const port = await listening(server);
    await failsWith(`https://localhost:${port}/`, /self-signed certificate/);
    await configure('threefactor.ca_file', file);
    assert.equal((await attemptAt(`https://localhost:${port}/`)).status, 200);
    await failsWith(`https://127.0.0.1:${port}/`, /certificate subject name|does not match/);
    await configure('threefactor.ca_file', '/no/such/file');
    await failsWith(`https://localhost:${port}/x`, /certificate|CAfile/);
    await configure('threefactor.ca_file', '');
    server.closeAllConnections();
    server.close();
  });

  await step('the address of a cloud\'s metadata, and a network that is denied', async () => {
    sink.behave = (call, response) => response.end('{}');
    await failsWith('http://169.254.169.254/latest/meta-data/', /denied by threefactor\.denied_networks: 169\.254\.169\.254/);
    await failsWith('http://[::ffff:169.254.169.254]/', /is denied by/);
    await failsWith('http://[fe80::1]/', /is denied by/);
    const before = sink.received.length;
    await configure('threefactor.denied_networks', '127.0.0.0/8, ::1');
    await failsWith(sink.url.replace('127.0.0.1', 'localhost'), /is denied by/);
    await failsWith(`${sink.url}/kept_alive`, /is denied by/);
    assert.equal(sink.received.length, before);
    await configure('threefactor.denied_networks', '');
    await configure('threefactor.allowed_networks', '10.0.0.0/8');
    await failsWith(sink.url, /not among threefactor\.allowed_networks: 127\.0\.0\.1/);
    await configure('threefactor.allowed_networks', '');
    assert.equal((await attemptAt(sink.url)).status, 200);
  });

  await sink.stop();
});
