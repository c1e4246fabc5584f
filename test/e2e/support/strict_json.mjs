// Whatever says that it is JSON must be: every response that a test fetches, by itself or through a client, and every message of a
// WebSocket. A test fails by the first that is not.
import { WebSocket } from '../../clients/clients.mjs';

export function parseStrictly(text, what) {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${what} is not JSON (${error.message}): ${text.length > 2000 ? `${text.slice(0, 2000)} ...` : text}`);
  }
}

const plainFetch = globalThis.fetch;
globalThis.fetch = async (url, options) => {
  const response = await plainFetch(url, options);
  if (/\bjson\b/.test(response.headers.get('content-type') ?? '')) parseStrictly(await response.clone().text(), `the response of ${url}`);
  return response;
};

export class StrictWebSocket extends WebSocket {
  constructor(...args) {
    super(...args);
    this.on('message', (data) => parseStrictly(data.toString(), 'a message')); // what this throws, nobody catches
  }
}
