// An HTTP server that receives events, and behaves as a test wants.
import { createServer } from 'node:http';

export class Sink {
  received = []; // {method, path, headers, text, body}, in order of arrival
  behave = (request, response) => response.end('{}'); // by default every event is accepted

  static async start() {
    const sink = new Sink();
    sink.server = createServer(async (request, response) => {
      const chunks = [];
      for await (const chunk of request) chunks.push(chunk);
      const text = Buffer.concat(chunks).toString();
      const { method, url: path, headers } = request;
      const call = { method, path, headers, text, body: text && JSON.parse(text) };
      sink.received.push(call);
      sink.behave(call, response);
    });
    await new Promise((resolve) => sink.server.listen(0, '127.0.0.1', resolve));
    sink.url = `http://127.0.0.1:${sink.server.address().port}`;
    return sink;
  }

  on(path) {
    return this.received.filter((call) => call.path === path);
  }

  async stop() {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

export const fail = (call, response) => response.writeHead(500).end('{"error":"not now"}');
export const hang = () => {};
