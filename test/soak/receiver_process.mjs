// The receiver of the soak: a process of its own, so that it can be killed. Accepts, refuses, hangs, resets and talks nonsense,
// as its seed says for each (path, entry, attempt). What it does it has written to its journal, a line each, before it answers.
//   receiver_process.mjs PORT SEED JOURNAL MOOD
// Moods, changed by POST /mood: good; wild (one in ten is not accepted); bad (none is); hung (none is answered); limping (those of one
// event trigger are not).
import { createHash } from 'node:crypto';
import { openSync, writeSync } from 'node:fs';
import { createServer } from 'node:http';

import { isDoomed } from './ledger.mjs';
import { moment } from './moment.mjs';
import { Random } from '../e2e/support/random.mjs';

const kSlowMilliseconds = 20;
const kHangMilliseconds = 3000; // unless all hang

const [port, seed, path] = [Number(process.argv[2]), Number(process.argv[3]), process.argv[4]];
let mood = process.argv[5];
const journal = openSync(path, 'a');
const hung = new Set();

const refusals = {
  500: (response) => response.writeHead(500).end('{"error":"not now"}'),
  503: (response) => response.writeHead(503).end(),
  429: (response) => response.writeHead(429, { 'retry-after': '0' }).end('slower, please'),
  'Retry-After': (response) => response.writeHead(429, { 'retry-after': '1' }).end(),
  reset: (response) => response.socket?.resetAndDestroy(),
  garbage: (response) => response.socket?.end('HTTP/1.1 OK banana\r\n\r\n{}'),
  hang: (response) => {
    hung.add(response);
    if (mood === 'wild') setTimeout(() => letGo(response), kHangMilliseconds);
  },
};

function letGo(response) {
  if (hung.delete(response)) response.socket?.resetAndDestroy();
}

// A refusal, or undefined: accepted.
function choose(call) {
  if (call.trigger === 'fragile' && isDoomed(call.entry)) return '500';
  if (mood === 'hung' || (mood === 'limping' && call.trigger === 'slow')) return 'hang';
  const dice = Random.of(seed, `${call.trigger}/${call.entry}/${call.attempt}`);
  const misbehaves = mood === 'bad' || (mood === 'wild' && dice.below(10) === 0);
  if (!misbehaves) return undefined;
  return dice.below(20) === 0 ? 'hang' : dice.one(['500', '503', '429', 'Retry-After', 'reset', 'garbage']);
}

function receive(request, text, response) {
  const { delivery_info, ...body } = JSON.parse(text);
  const { entry, account, number } = body.event.data.new;
  const call = { posted: moment(), trigger: request.url.slice(1), entry, account, number };
  call.key = request.headers['idempotency-key'];
  call.attempt = Number(request.headers['threefactor-attempt']);
  call.body = createHash('sha1').update(JSON.stringify(body)).digest('base64');
  const refusal = choose(call);
  const answer = () => {
    writeSync(journal, `${JSON.stringify({ ...call, refusal })}\n`);
    if (refusal) refusals[refusal](response);
    else response.end('{}');
  };
  if (call.trigger === 'slow' && !refusal) setTimeout(answer, kSlowMilliseconds);
  else answer();
}

const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  if (request.url !== '/mood') return receive(request, text, response);
  mood = text;
  for (const waiting of hung) letGo(waiting);
  // Connections are accepted in turn, one at a time: the next mood comes by a new one, behind all that have been made before.
  response.writeHead(200, { connection: 'close' }).end();
});
server.listen(port, '127.0.0.1', () => console.log('ready'));
