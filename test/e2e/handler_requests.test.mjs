// Requests to the kit for handlers, over raw sockets: headers as they were sent, several requests on one connection, events
// without a new row.
import assert from 'node:assert/strict';
import { createHmac, randomBytes } from 'node:crypto';
import { connect } from 'node:net';

import { eventually, kHandlers, scenario } from './harness.mjs';
import { freePort, Process } from './support/process.mjs';

scenario('requests to handlers', { gateway: false }, async (system, step) => {
  const key = randomBytes(24);
  const port = await freePort();
  const handlers = new Process('handlers', kHandlers, ['--listen', `127.0.0.1:${port}`, '--database-url', system.cluster.url(), '--secret', `whsec_${key.toString('base64')}`]);

  const request = (body, id, headers = '') => {
    const timestamp = String(Math.floor(Date.now() / 1000));
    const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
    return `POST /validate-order HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n` +
      `webhook-id: ${id}\r\nwebhook-timestamp: ${timestamp}\r\nwebhook-signature: v1,${signature}\r\n${headers}\r\n${body}`;
  };
  // The statuses of `count` answers, and all that was received.
  const statuses = async (text, count) => {
    let received = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    socket.on('data', (chunk) => (received += chunk)).on('error', () => {});
    const found = () => [...received.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => Number(status));
    await eventually(`${count} answers`, () => found().length >= count);
    socket.destroy();
    return { statuses: found(), received };
  };
  const event = (op, data) => JSON.stringify({ id: 'e', event: { op, data } });
  const insert = event('INSERT', { old: null, new: { order_id: 'none', address: 'x' } });

  try {
    await handlers.healthy(port);

    await step('a signed header with "%" verifies: it arrives as it was sent', async () => {
      for (const id of ['plain', 'k%41', '%25%', '50%25=+%0d%0ax: y', '"%zz"']) assert.deepEqual((await statuses(request(insert, id), 1)).statuses, [200], id);
      assert.deepEqual((await statuses(request(insert, 'k%41').replace('webhook-id: k%41', 'webhook-id: kA'), 1)).statuses, [401]);
    });

    await step('"%" in a body and a path is left to them; requests may follow each other at once', async () => {
      const body = event('INSERT', { old: null, new: { order_id: '%41: %', address: '100%' } });
      const text = request(body, 'a%') + 'GET /health%7A HTTP/1.1\r\nHost: x%\r\n\r\n' + request(body, 'b%');
      assert.deepEqual((await statuses(text, 3)).statuses, [200, 200, 200]);
    });

    await step('events about a row that is gone, or about none, are not refused as malformed', async () => {
      const gone = await statuses(request(event('DELETE', { old: { order_id: 'none', address: 'x' }, new: null }), 'd'), 1);
      assert.deepEqual(gone.statuses, [200]);
      const none = await statuses(request(event('TRUNCATE', { old: null, new: null }), 't'), 1);
      assert.match(none.received, /'order_id' is missing/);
    });

    await step('a preflight is answered with names of headers alone', async () => {
      const preflight = (asked) => `OPTIONS /payment HTTP/1.1\r\nHost: x\r\nOrigin: https://a\r\nAccess-Control-Request-Headers: ${asked}\r\n\r\n`;
      assert.match((await statuses(preflight('content-type,x-a'), 1)).received, /Access-Control-Allow-Headers: content-type,x-a\r\n/);
      for (const asked of ['a%0d%0aX-Injected: yes', 'a\x01', 'x'.repeat(2000)]) {
        assert.match((await statuses(preflight(asked), 1)).received, /Access-Control-Allow-Headers: content-type, idempotency-key\r\n/);
      }
    });
  } finally {
    await handlers.end();
  }
});
