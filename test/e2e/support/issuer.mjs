// Who signs tokens (npm jose), and the server that publishes its keys and behaves as a test wants.
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';

import { jose } from '../../clients/clients.mjs';

export const kNamespace = 'https://hasura.io/jwt/claims';

// Claims of one who may be `role`.
export const claimsOf = (role = 'admin', variables = {}) => ({
  [kNamespace]: { 'x-hasura-allowed-roles': [role], 'x-hasura-default-role': role, ...variables },
});

export const now = () => Math.floor(Date.now() / 1000);

// A pair of keys, or a secret, of an algorithm.
export class Signer {
  static async make(algorithm, id, curve) {
    const signer = new Signer();
    signer.algorithm = algorithm;
    signer.id = id;
    if (algorithm.startsWith('HS')) {
      signer.secret = `${id}-`.padEnd(64, 's');
      signer.key = new TextEncoder().encode(signer.secret);
      return signer;
    }
    const { publicKey, privateKey } = await jose.generateKeyPair(algorithm, { extractable: true, crv: curve });
    signer.key = privateKey;
    signer.pem = await jose.exportSPKI(publicKey);
    signer.jwk = { ...(await jose.exportJWK(publicKey)), kid: id, alg: algorithm, use: 'sig' };
    return signer;
  }

  async sign(claims, header = {}) {
    return await new jose.SignJWT(claims).setProtectedHeader({ alg: this.algorithm, kid: this.id, ...header }).sign(this.key);
  }

  // For HASURA_GRAPHQL_JWT_SECRET.
  configuration(more = {}) {
    return { type: this.algorithm, key: this.secret ?? this.pem, ...more };
  }
}

// Header and claims as given, signed by HMAC whatever they say.
export function forge(header, claims, secret, digest = 'sha256') {
  const part = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
  const text = `${part(header)}.${part(claims)}`;
  return `${text}.${secret === undefined ? '' : createHmac(digest, secret).update(text).digest('base64url')}`;
}

export class KeyServer {
  requests = [];
  behave = (request, response) => response.end(JSON.stringify({ keys: this.keys }));
  headers = {};
  keys = [];

  static async start(keys, port = 0) {
    const server = new KeyServer();
    server.keys = keys;
    await server.listen(port);
    return server;
  }

  async listen(port) {
    this.server = createServer((request, response) => {
      this.requests.push(request.url);
      for (const [name, value] of Object.entries(this.headers)) response.setHeader(name, value);
      this.behave(request, response);
    });
    await new Promise((resolve) => this.server.listen(port, '127.0.0.1', resolve));
    this.port = this.server.address().port;
    this.url = `http://127.0.0.1:${this.port}/jwks?not-to-be-told`;
  }

  async stop() {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
