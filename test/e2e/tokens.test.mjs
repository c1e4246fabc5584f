// Who asks: by tokens that npm jose signs, by an authentication webhook, or as nobody; over every transport, and with
// servers of keys and webhooks that are down, slow or lie. Most tokens are of the role admin, whose rights do not matter here.
import assert from 'node:assert/strict';

import { jose, WebSocket } from '../clients/clients.mjs';
import { eventually, kGateway, kSecret, scenario } from './harness.mjs';
import { claimsOf, forge, KeyServer, kNamespace, now, Signer } from './support/issuer.mjs';
import { freePort, Process } from './support/process.mjs';
import { Sink } from './support/sink.mjs';

const kMutation = 'mutation { insert_notes_one(object: {}) { seen } }';
const bearer = (token) => ({ authorization: `Bearer ${token}` });

// A gateway with further options; `post` is of GraphQL.
class Guarded {
  static async start(system, environment, args = []) {
    const guarded = new Guarded();
    guarded.port = await freePort();
    guarded.url = `http://127.0.0.1:${guarded.port}`;
    const all = ['--listen', `127.0.0.1:${guarded.port}`, '--database-url', system.cluster.url(), '--poll-interval', '20', '--threads', '1', '--pool-size', '2', ...args];
    guarded.process = new Process('gateway', kGateway, all, { THREEFACTOR_ADMIN_SECRET: kSecret, ...environment });
    await guarded.process.healthy(guarded.port);
    return guarded;
  }

  async post(headers, { path = '/v1/graphql', body = { query: kMutation } } = {}) {
    const response = await fetch(`${this.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: await response.json() };
  }

  // The session variables that the database saw, or {code, message} of the refusal.
  async who(headers) {
    const { body } = await this.post(headers);
    if (body.data) return body.data.insert_notes_one.seen;
    assert.equal(body.errors.length, 1);
    const [{ message, extensions }] = body.errors;
    return { code: extensions.code, message };
  }

  // Opens a WebSocket and sends messages at once: {messages, code, reason}. It stays open until `end`.
  talk(subprotocol, messages, headers = {}) {
    const heard = { messages: [], code: undefined };
    const socket = new WebSocket(`${this.url.replace('http', 'ws')}/v1/graphql`, [subprotocol], { headers });
    socket.on('open', () => messages.forEach((message) => socket.send(JSON.stringify(message))));
    socket.on('message', (text) => heard.messages.push(JSON.parse(text)));
    socket.on('close', (code, reason) => Object.assign(heard, { code, reason: reason.toString() }));
    socket.on('error', (error) => (heard.error = error.message));
    heard.has = (type) => heard.messages.some((message) => message.type === type);
    heard.end = () => socket.terminate();
    return heard;
  }
}

const init = (headers) => ({ type: 'connection_init', payload: { headers } });
const kSubscription = { query: 'subscription { ticks(order_by: {at: desc}, limit: 1) { at } }' };
const kProtocols = [
  ['graphql-transport-ws', 'subscribe', 'next'],
  ['graphql-ws', 'start', 'data'],
];

scenario('tokens and webhooks', { app: false, gateway: false }, async (system, step) => {
  await system.sql(`
    CREATE TABLE notes (id integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY, seen jsonb);
    CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN NEW.seen := nullif(current_setting('hasura.user', true), '')::jsonb; RETURN NEW; END $$;
    CREATE TRIGGER see BEFORE INSERT ON notes FOR EACH ROW EXECUTE FUNCTION see();
    CREATE TABLE ticks (at timestamptz PRIMARY KEY)`);
  const gateways = [];
  const servers = [];
  const serve = async (environment, args) => {
    const gateway = await Guarded.start(system, environment, args);
    gateways.push(gateway.process);
    return gateway;
  };
  const withJwt = async (configuration, environment = {}, args = []) => {
    const name = Array.isArray(configuration) ? 'HASURA_GRAPHQL_JWT_SECRETS' : 'HASURA_GRAPHQL_JWT_SECRET';
    return await serve({ [name]: JSON.stringify(configuration), ...environment }, args);
  };
  const keyServer = async (...parameters) => {
    const server = await KeyServer.start(...parameters);
    servers.push(server);
    return server;
  };
  const refusal = (code, message) => ({ code, message });
  const kInvalidSignature = refusal('invalid-jwt', 'Could not verify JWT: JWSError JWSInvalidSignature');

  try {
    const hs = await Signer.make('HS256', 'h');
    const rs = await Signer.make('RS256', 'r');

    await step('every algorithm, each of an issuer of its own', async () => {
      const algorithms = ['HS256', 'HS384', 'HS512', 'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];
      const signers = await Promise.all(algorithms.map((algorithm) => Signer.make(algorithm, algorithm)));
      const others = await Promise.all(algorithms.map((algorithm) => Signer.make(algorithm, `other-${algorithm}`)));
      const gateway = await withJwt(signers.map((signer) => signer.configuration({ issuer: signer.id })));
      for (const [i, signer] of signers.entries()) {
        const claims = { ...claimsOf('admin', { 'X-Hasura-User-Id': signer.id }), iss: signer.id, exp: now() + 600 };
        const seen = { 'x-hasura-role': 'admin', 'x-hasura-user-id': signer.id };
        assert.deepEqual(await gateway.who(bearer(await signer.sign(claims))), seen);
        assert.deepEqual(await gateway.who(bearer(await signer.sign(claims))), seen, 'seen before');
        assert.deepEqual(await gateway.who(bearer(await others[i].sign(claims))), kInvalidSignature);
        const foreign = { ...claims, iss: algorithms[(i + 1) % algorithms.length] };
        assert.deepEqual(await gateway.who(bearer(await signer.sign(foreign))), kInvalidSignature);
        const unsecured = new jose.UnsecuredJWT(claims).encode();
        assert.deepEqual(await gateway.who(bearer(unsecured)), refusal('invalid-jwt', 'Could not verify JWT: JWSError JWSNoSignatures'));
        if (signer.pem) assert.deepEqual(await gateway.who(bearer(forge({ alg: 'HS256' }, claims, signer.pem))), kInvalidSignature);
      }
      const nobody = await signers[0].sign({ ...claimsOf(), iss: 'nobody' });
      assert.deepEqual(await gateway.who(bearer(nobody)), refusal('invalid-jwt', 'Could not verify JWT: JWTNotInIssuer'));
    });

    const gateway = await withJwt(hs.configuration({ audience: ['a', 'b'] }), {}, ['--log-level', 'debug']);
    const right = { ...claimsOf(), aud: 'a' };
    const refused = [
      ['it has expired', await hs.sign({ ...right, exp: now() - 1 }), 'invalid-jwt', 'Could not verify JWT: JWTExpired'],
      ['it is of tomorrow', await hs.sign({ ...right, nbf: now() + 86400 }), 'invalid-jwt', 'Could not verify JWT: JWTNotYetValid'],
      ['it is for another', await hs.sign({ ...right, aud: 'c' }), 'invalid-jwt', 'Could not verify JWT: JWTNotInAudience'],
      ['it is for nobody', await hs.sign(claimsOf()), 'invalid-jwt', 'Could not verify JWT: JWTNotInAudience'],
      ['a number', await hs.sign({ ...claimsOf('admin', { 'x-hasura-user-id': 5 }), aud: 'a' }), 'jwt-invalid-claims', /^x-hasura-\* claims: .*Number in x-hasura-user-id$/],
      ['a list', await hs.sign({ ...claimsOf('admin', { 'x-hasura-ids': ['1'] }), aud: 'a' }), 'jwt-invalid-claims', /^x-hasura-\* claims: .*Array in x-hasura-ids$/],
      ['roles that are no list', await hs.sign({ aud: 'a', [kNamespace]: { 'x-hasura-allowed-roles': 'admin' } }), 'jwt-invalid-claims', /^invalid x-hasura-allowed-roles; should be a list of roles: parsing \[\] failed, expected Array, but encountered String$/],
      ['no roles', await hs.sign({ aud: 'a', [kNamespace]: {} }), 'jwt-missing-role-claims', 'JWT claim does not contain x-hasura-allowed-roles'],
      ['no default role', await hs.sign({ aud: 'a', [kNamespace]: { 'x-hasura-allowed-roles': ['admin'] } }), 'jwt-missing-role-claims', 'JWT claim does not contain x-hasura-default-role'],
      ['no claims', await hs.sign({ aud: 'a' }), 'jwt-invalid-claims', `claims key: '${kNamespace}' not found`],
      ['a member twice', forge('{"alg":"none","alg":"HS256"}', right, hs.secret), 'invalid-jwt', /JSONDecodeError/],
      ['an extension', forge({ alg: 'HS256', crit: ['exp'] }, right, hs.secret), 'invalid-jwt', /crit/],
      ['another algorithm', forge({ alg: 'HS512' }, right, hs.secret, 'sha512'), 'invalid-jwt', 'Could not verify JWT: JWSError JWSInvalidSignature'],
      ['a key of its own', forge({ alg: 'HS256', jwk: { kty: 'oct', k: 'c3M' }, jku: 'http://127.0.0.1:1/' }, right, 'ss'), 'invalid-jwt', 'Could not verify JWT: JWSError JWSInvalidSignature'],
      ['it is no token', 'x', 'invalid-jwt', 'Could not verify JWT: JWSError (CompactDecodeError Invalid number of parts: Expected 3 parts; got 1)'],
      ['ten thousand claims', forge({ alg: 'HS256' }, { ...right, ...Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [`c${i}`, 1])) }, hs.secret), 'invalid-jwt', /longer than/],
    ];
    const isMessage = (message, wanted) => (wanted instanceof RegExp ? assert.match(message, wanted) : assert.equal(message, wanted));

    await step('what is wrong with a token is said in the words of Hasura, on every transport', async () => {
      for (const [name, token, code, message] of refused) {
        for (const [path, status] of [['/v1/graphql', 200], ['/v1alpha1/graphql', 400]]) {
          const answer = await gateway.post(bearer(token), { path });
          assert.equal(answer.status, status, name);
          assert.equal(answer.body.errors[0].extensions.code, code, name);
          assert.equal(answer.body.errors[0].extensions.path, '$');
          isMessage(answer.body.errors[0].message, message);
        }
        const batch = await gateway.post(bearer(token), { body: [{ query: kMutation }] });
        assert.equal(batch.body.errors[0].extensions.code, code, name);
        const get = await (await fetch(`${gateway.url}/v1/graphql?query={__typename}`, { headers: bearer(token) })).json();
        assert.equal(get.errors[0].extensions.code, code, name);
        const metadata = await gateway.post(bearer(token), { path: '/v1/metadata', body: { type: 'export_metadata', args: {} } });
        assert.equal(metadata.status, 400);
        assert.equal(metadata.body.code, code, name);

        const modern = gateway.talk('graphql-transport-ws', [init({ Authorization: `Bearer ${token}` })]);
        await eventually('it is closed', () => modern.code);
        assert.equal(modern.code, 4403);
        assert.ok(modern.reason.startsWith(`${code}: `), modern.reason);
        const legacy = gateway.talk('graphql-ws', [init({ Authorization: `Bearer ${token}` }), { id: '1', type: 'start', payload: kSubscription }]);
        await eventually('it is told', () => legacy.has('error'));
        isMessage(legacy.messages.find(({ type }) => type === 'connection_error').payload, message);
        assert.ok(!legacy.has('connection_ack') && !legacy.has('data'));
        legacy.end();
      }
      assert.equal((await system.sql('SELECT FROM notes WHERE seen IS NULL')).length, 0);
    });

    await step('the role that a request asks for must be among the allowed ones; no other header of it counts', async () => {
      const variables = { 'x-hasura-user-id': '1' };
      const token = await hs.sign({ aud: 'a', [kNamespace]: { 'x-hasura-allowed-roles': ['user', 'admin'], 'x-hasura-default-role': 'user', ...variables } });
      const asked = await gateway.who({ ...bearer(token), 'x-hasura-role': 'admin', 'X-Hasura-User-Id': '666', 'x-hasura-more': '1' });
      assert.deepEqual(asked, { 'x-hasura-role': 'admin', 'x-hasura-user-id': '1' });
      const denied = refusal('access-denied', 'Your requested role is not in allowed roles');
      for (const role of ['editor', 'Admin', 'admin"; SET ROLE postgres; --']) {
        assert.deepEqual(await gateway.who({ ...bearer(token), 'x-hasura-role': role }), denied);
      }
      assert.equal((await gateway.post({ ...bearer(token), 'x-hasura-role': 'editor' }, { path: '/v1alpha1/graphql' })).status, 400);
      const socket = gateway.talk('graphql-transport-ws', [init({ ...bearer(token), 'X-Hasura-Role': 'editor' })]);
      await eventually('it is closed', () => socket.code);
      assert.deepEqual([socket.code, socket.reason], [4403, 'Forbidden']);
    });

    await step('headers: malformed, missing, twice, too large', async () => {
      for (const header of ['x', 'Basic x', 'Bearer', 'Bearer a b']) {
        assert.deepEqual(await gateway.who({ authorization: header }), refusal('invalid-headers', 'Malformed Authorization header'));
      }
      assert.deepEqual(await gateway.who({}), refusal('invalid-headers', "Missing 'Authorization' or 'Cookie' header in JWT authentication mode"));
      assert.deepEqual(await gateway.who({ 'x-hasura-role': 'admin' }), await gateway.who({}));
      const large = await fetch(`${gateway.url}/v1/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', ...bearer('x'.repeat(100_000)) }, body: '{}' });
      await large.text();
      assert.equal(large.status, 431);
      const socket = gateway.talk('graphql-transport-ws', [init(bearer('x'.repeat(1_000_000)))]);
      await eventually('it is closed', () => socket.code);
      assert.equal(socket.code, 1009);
    });

    await step('beside tokens the admin secret counts, and each of several', async () => {
      const several = await serve({ THREEFACTOR_ADMIN_SECRET: undefined, HASURA_GRAPHQL_ADMIN_SECRETS: '["new","old"]', HASURA_GRAPHQL_JWT_SECRET: JSON.stringify(hs.configuration()) });
      for (const secret of ['new', 'old']) assert.equal((await several.who({ 'x-hasura-admin-secret': secret }))['x-hasura-role'], 'admin');
      assert.equal((await several.who({ 'x-hasura-admin-secret': 'older', ...bearer(await hs.sign(claimsOf())) })).code, 'access-denied');
      assert.equal((await several.who(bearer(await hs.sign(claimsOf()))))['x-hasura-role'], 'admin');
    });

    await step('who proves nothing has the unauthorized role, who proves it badly is refused', async () => {
      const open = await withJwt(hs.configuration(), { HASURA_GRAPHQL_UNAUTHORIZED_ROLE: 'anonymous' });
      const anonymous = await open.who({ 'x-hasura-role': 'admin', 'x-hasura-user-id': '1' });
      assert.notEqual(anonymous['x-hasura-role'], 'admin');
      assert.notEqual(anonymous.code, 'invalid-headers');
      assert.equal((await open.who(bearer('x'))).code, 'invalid-jwt');
      assert.equal((await open.post({}, { path: '/v1/metadata', body: { type: 'export_metadata', args: {} } })).body.code, 'access-denied');
    });

    await step('the role and the claims of a token are those that Postgres decides by, on every transport', async () => {
      await system.sql(`
        CREATE ROLE token_user; CREATE ROLE token_guest;
        CREATE TABLE letters (id integer PRIMARY KEY, owner text NOT NULL, body text);
        INSERT INTO letters VALUES (1, '1', 'of one'), (2, '2', 'of two');
        ALTER TABLE letters ENABLE ROW LEVEL SECURITY;
        CREATE POLICY own ON letters TO token_user USING (owner = (SELECT current_setting('request.jwt.claims')::json ->> 'x-hasura-user-id'));
        GRANT SELECT, DELETE ON letters TO token_user`);
      const gateway = await withJwt(hs.configuration(), { HASURA_GRAPHQL_UNAUTHORIZED_ROLE: 'guest' }, ['--role-prefix', 'token_']);
      const tokenOf = async (id) => bearer(await hs.sign({ [kNamespace]: { 'x-hasura-allowed-roles': ['user'], 'x-hasura-default-role': 'user', 'x-hasura-user-id': id } }));
      const ask = async (headers, query) => (await gateway.post(headers, { body: { query } })).body;
      for (const [id, body] of [['1', 'of one'], ['2', 'of two']]) {
        assert.deepEqual(await ask(await tokenOf(id), '{ letters { body } letters_aggregate { aggregate { count } } }'),
          { data: { letters: [{ body }], letters_aggregate: { aggregate: { count: 1 } } } });
      }
      assert.deepEqual(await ask({ ...(await tokenOf('1')), 'x-hasura-user-id': '2' }, '{ letters { body } }'), { data: { letters: [{ body: 'of one' }] } });
      assert.deepEqual(await ask(await tokenOf('1'), 'mutation { delete_letters(where: {}) { affected_rows } }'), { data: { delete_letters: { affected_rows: 1 } } });
      assert.equal((await ask(await tokenOf('1'), '{ notes { seen } }')).errors[0].extensions.code, 'validation-failed');
      assert.equal((await ask({}, '{ letters { body } }')).errors[0].extensions.code, 'validation-failed');
      assert.equal((await gateway.post(await tokenOf('1'), { path: '/v2/query', body: { type: 'run_sql', args: { sql: 'SELECT 1' } } })).body.code, 'access-denied');
      for (const [subprotocol, start, answer] of kProtocols) {
        const heard = gateway.talk(subprotocol, [init(await tokenOf('2')), { id: 'a', type: start, payload: { query: 'subscription { letters { body } }' } }]);
        await eventually('its row', () => heard.has(answer));
        assert.deepEqual(heard.messages.find(({ type }) => type === answer).payload, { data: { letters: [{ body: 'of two' }] } });
        heard.end();
      }
    });

    await step('a token that expires ends its sockets: nothing is pushed that happened after that second', async () => {
      const skewed = await withJwt(hs.configuration({ allowed_skew: 1 }));
      const end = now() + 4; // exp and the skew
      const token = await hs.sign({ ...claimsOf(), exp: end - 1 });
      const sockets = kProtocols.map(([subprotocol, start]) =>
        skewed.talk(subprotocol, [init(bearer(token)), { id: '1', type: start, payload: kSubscription }]),
      );
      const longer = skewed.talk('graphql-transport-ws', [init(bearer(await hs.sign({ ...claimsOf(), exp: end + 600 }))), { id: '1', type: 'subscribe', payload: kSubscription }]);
      await eventually('all hear what happens, and two are closed', async () => {
        await system.sql('INSERT INTO ticks SELECT pg_catalog.clock_timestamp()');
        return sockets.every((socket) => socket.code !== undefined);
      });
      for (const [i, socket] of sockets.entries()) {
        assert.deepEqual([socket.code, socket.reason], [4403, 'Could not verify JWT: JWTExpired']);
        const heard = socket.messages.filter(({ type }) => type === kProtocols[i][2]).flatMap(({ payload }) => payload.data.ticks);
        assert.ok(heard.length > 1);
        for (const { at } of heard) assert.ok(Date.parse(at) < end * 1000, at);
      }
      await eventually('the other goes on', () => longer.messages.some(({ payload }) => payload?.data?.ticks.some(({ at }) => Date.parse(at) > end * 1000)));
      longer.end();
      assert.deepEqual(await skewed.who(bearer(token)), refusal('invalid-jwt', 'Could not verify JWT: JWTExpired'));
    });

    await step('a token in a cookie: only for pages of listed origins, in the handshake or connection_init', async () => {
      const configuration = hs.configuration({ header: { type: 'Cookie', name: 'token' } });
      const fails = new Process('gateway', kGateway, ['--listen', `127.0.0.1:${await freePort()}`, '--database-url', system.cluster.url()], { THREEFACTOR_ADMIN_SECRET: kSecret, HASURA_GRAPHQL_JWT_SECRET: JSON.stringify(configuration) });
      assert.equal((await fails.exited).code, 1);
      assert.match(fails.output, /--cors-origins/);
      const cookies = await withJwt(configuration, {}, ['--cors-origins', 'https://app.example']);
      const cookie = { cookie: `a=1; token=${await hs.sign(claimsOf())}; b=2` };
      assert.equal((await cookies.who(cookie))['x-hasura-role'], 'admin');
      assert.deepEqual(await cookies.who({ cookie: 'a=1' }), refusal('invalid-headers', 'Could not find token in Cookie header'));
      assert.deepEqual(await cookies.who({ cookie: `${cookie.cookie}; token=x` }), refusal('invalid-headers', 'the cookie token is given more than once'));
      assert.equal((await cookies.who(bearer(await hs.sign(claimsOf())))).code, 'invalid-headers');
      for (const [subprotocol] of kProtocols) {
        const listed = cookies.talk(subprotocol, [{ type: 'connection_init' }], { ...cookie, origin: 'https://app.example' });
        await eventually('it is let in', () => listed.has('connection_ack'));
        listed.end();
        const told = cookies.talk(subprotocol, [init({ Cookie: cookie.cookie })]);
        await eventually('it is let in', () => told.has('connection_ack'));
        told.end();
        const foreign = cookies.talk(subprotocol, [{ type: 'connection_init' }], { ...cookie, origin: 'https://evil.example' });
        await eventually('it is refused', () => foreign.error);
        assert.match(foreign.error, /403/);
      }
      const page = await fetch(`${cookies.url}/v1/graphql?query={__typename}`, { headers: { ...cookie, origin: 'https://evil.example' } });
      assert.equal(page.status, 403);
      await page.text();
    });

    await step('several secrets without an issuer: the old one counts while it is replaced; of two tokens one must be meant', async () => {
      const old = await Signer.make('HS256', 'old');
      const both = await withJwt([hs.configuration(), old.configuration(), rs.configuration({ header: { type: 'CustomHeader', name: 'X-Token' } })]);
      assert.equal((await both.who(bearer(await hs.sign(claimsOf()))))['x-hasura-role'], 'admin');
      assert.equal((await both.who(bearer(await old.sign(claimsOf()))))['x-hasura-role'], 'admin');
      assert.deepEqual(await both.who(bearer(await (await Signer.make('HS256', 'third')).sign(claimsOf()))), kInvalidSignature);
      assert.equal((await both.who({ 'x-token': await rs.sign(claimsOf()) }))['x-hasura-role'], 'admin');
      // Only at its own place, also when it was seen before.
      assert.deepEqual(await both.who(bearer(await rs.sign(claimsOf()))), kInvalidSignature);
      assert.equal((await both.who({ ...bearer(await hs.sign(claimsOf())), 'x-token': await rs.sign(claimsOf()) })).code, 'invalid-headers');
    });

    await step('a JWK set: fetched, rotated, withdrawn, down, slow, lying', async () => {
      const port = await freePort();
      const down = await withJwt({ jwk_url: `http://127.0.0.1:${port}/jwks` });
      const early = await down.who(bearer(await rs.sign(claimsOf())));
      assert.deepEqual(early, refusal('unexpected', 'the keys that verify tokens could not be fetched yet; try again later'));
      await keyServer([rs.jwk], port);
      await eventually('the keys are here', async () => (await down.who(bearer(await rs.sign(claimsOf()))))['x-hasura-role'] === 'admin');

      const keys = await keyServer([rs.jwk]);
      keys.headers = { 'cache-control': 'max-age=600' };
      const rotating = await withJwt({ jwk_url: keys.url });
      assert.equal((await rotating.who(bearer(await rs.sign(claimsOf()))))['x-hasura-role'], 'admin');
      const next = await Signer.make('ES256', 'next');
      keys.keys = [rs.jwk, next.jwk];
      await eventually('the new key is found by its name', async () => (await rotating.who(bearer(await next.sign(claimsOf()))))['x-hasura-role'] === 'admin');
      const before = keys.requests.length;
      const strangers = await Promise.all(Array.from({ length: 50 }, (_, i) => rs.sign(claimsOf(), { kid: `unknown-${i}` })));
      for (const answer of await Promise.all(strangers.map((token) => rotating.who(bearer(token))))) {
        assert.deepEqual(answer, refusal('invalid-jwt', 'Could not verify JWT: JWSError NoUsableKeys'));
      }
      assert.ok(keys.requests.length - before <= 2, 'strangers do not make it fetch at will');
      const crossed = await next.sign(claimsOf(), { kid: 'r' });
      assert.deepEqual(await rotating.who(bearer(crossed)), kInvalidSignature);
      const symmetric = forge({ alg: 'HS256', kid: 'r' }, claimsOf(), rs.pem);
      assert.deepEqual(await rotating.who(bearer(symmetric)), kInvalidSignature);

      const soon = await keyServer([rs.jwk, next.jwk]);
      soon.headers = { 'cache-control': 'no-transform, s-maxage=1, max-age=600' };
      const refreshed = await withJwt({ jwk_url: soon.url });
      assert.equal((await refreshed.who(bearer(await next.sign(claimsOf()))))['x-hasura-role'], 'admin');
      soon.keys = [rs.jwk];
      await eventually('a withdrawn key is refused, also for a token that was seen', async () => (await refreshed.who(bearer(await next.sign(claimsOf())))).code === 'invalid-jwt');
      for (const lie of [
        (request, response) => response.end('<html>'),
        (request, response) => response.writeHead(500).end('{"keys":[]}'),
        (request, response) => response.end('{"keys":[]}'),
        (request, response) => response.end(' '.repeat(2 << 20)),
        (request, response) => response.writeHead(302, { location: keys.url }).end(),
        (request, response) => response.writeHead(302, { location: soon.url }).end(),
        (request, response) => response.destroy(),
      ]) {
        const count = soon.requests.length;
        soon.behave = lie;
        await eventually('it was asked again', () => soon.requests.length > count + 1);
        assert.equal((await refreshed.who(bearer(await rs.sign(claimsOf()))))['x-hasura-role'], 'admin', 'the last keys are used');
        assert.equal((await refreshed.who(bearer(await next.sign(claimsOf())))).code, 'invalid-jwt');
        soon.behave = (request, response) => response.end(JSON.stringify({ keys: soon.keys }));
        await eventually('it is well again', () => refreshed.process.output.match(/is here again/g)?.length > 0);
        refreshed.process.output = '';
      }
      soon.behave = (request, response) => (request.url === '/moved' ? response.end(JSON.stringify({ keys: [next.jwk] })) : response.writeHead(302, { location: '/moved' }).end());
      await eventually('a redirect on its own server is followed', async () => (await refreshed.who(bearer(await next.sign(claimsOf()))))['x-hasura-role'] === 'admin');

      const hanging = await keyServer([rs.jwk]);
      const held = [];
      hanging.behave = (request, response) => held.push(response);
      const slow = await withJwt({ jwk_url: hanging.url });
      const waits = slow.who(bearer(await rs.sign(claimsOf())));
      await eventually('it is asked', () => held.length > 0);
      for (let i = 0; i < 20; i++) assert.equal((await slow.who({ 'x-hasura-admin-secret': kSecret }))['x-hasura-role'], 'admin', 'others are served meanwhile');
      for (const response of held) response.end(JSON.stringify({ keys: [rs.jwk] }));
      assert.equal((await waits)['x-hasura-role'], 'admin');
      for (const each of [rotating, refreshed, slow]) assert.doesNotMatch(each.process.output, /not-to-be-told/);
    });

    await step('an authentication webhook: GET and POST, cached as it says, down, slow, lying', async () => {
      const hook = await Sink.start();
      servers.push(hook);
      hook.behave = (call, response) => response.end(JSON.stringify({ 'X-Hasura-Role': 'admin', 'X-Hasura-User-Id': '25' }));
      const seen = { 'x-hasura-role': 'admin', 'x-hasura-user-id': '25' };
      const get = await serve({ HASURA_GRAPHQL_AUTH_HOOK: `${hook.url}/get` });
      assert.deepEqual(await get.who({ ...bearer('secret-token'), 'X-Hasura-Role': 'user', cookie: 'c=1', 'X-More': 'm' }), seen);
      const [call] = hook.on('/get');
      assert.equal(call.method, 'GET');
      const { authorization, cookie } = call.headers;
      assert.deepEqual([authorization, cookie, call.headers['x-hasura-role'], call.headers['x-more']], ['Bearer secret-token', 'c=1', 'user', 'm']);
      for (const name of ['content-type', 'content-length', 'origin', 'referer']) assert.equal(call.headers[name], undefined, name);
      assert.equal((await get.who({ 'x-hasura-admin-secret': kSecret }))['x-hasura-role'], 'admin');
      await get.who({ cookie: 'c=2', 'sec-fetch-site': 'cross-site' });
      assert.equal(hook.on('/get').at(-1).headers.cookie, undefined, 'of a foreign page');
      assert.equal(hook.on('/get').length, 2, 'not for the admin secret');

      const post = await serve({ HASURA_GRAPHQL_AUTH_HOOK: `${hook.url}/post`, HASURA_GRAPHQL_AUTH_HOOK_MODE: 'POST' });
      const body = { query: kMutation, variables: {}, operationName: null };
      assert.ok((await post.post({ Authorization: 'Bearer x' }, { body })).body.data);
      const sent = hook.on('/post')[0];
      assert.equal(sent.method, 'POST');
      const given = Object.entries(sent.body.headers).find(([name]) => name.toLowerCase() === 'authorization');
      assert.equal(given[1], 'Bearer x');
      assert.deepEqual(sent.body.request, body);
      await (await fetch(`${post.url}/v1/graphql?query={__typename}&operationName=o`)).text();
      assert.deepEqual(hook.on('/post').at(-1).body.request, { query: '{__typename}', operationName: 'o', variables: null });
      const bad = await fetch(`${post.url}/v1/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{' });
      await bad.text();
      assert.equal(hook.on('/post').at(-1).body.request, null);
      const headersOnly = await serve({ HASURA_GRAPHQL_AUTH_HOOK: `${hook.url}/only`, HASURA_GRAPHQL_AUTH_HOOK_MODE: 'POST', HASURA_GRAPHQL_AUTH_HOOK_SEND_REQUEST_BODY: 'false' });
      assert.deepEqual(await headersOnly.who({}), seen);
      assert.deepEqual(Object.keys(hook.on('/only')[0].body), ['headers']);

      for (const [subprotocol, start, next] of kProtocols) {
        const socket = get.talk(subprotocol, [init({ Authorization: `Bearer ${subprotocol}` }), { id: '1', type: start, payload: kSubscription }]);
        await eventually('what came with connection_init waits for it', () => socket.has(next));
        assert.equal(hook.on('/get').at(-1).headers.authorization, `Bearer ${subprotocol}`);
        socket.end();
      }
      const injected = get.talk('graphql-transport-ws', [init({ 'X-A': '1\r\nX-Hasura-Role: admin' })]);
      await eventually('it is closed', () => injected.code);
      assert.equal(injected.code, 4403);

      const count = () => hook.received.length;
      hook.behave = (_, response) => response.end(JSON.stringify({ 'x-hasura-role': 'admin', 'Cache-Control': 'max-age=600' }));
      const first = count();
      for (let i = 0; i < 3; i++) assert.ok(!(await get.who(bearer('cached'))).code);
      assert.equal(count(), first + 1);
      await get.who(bearer('another'));
      assert.equal(count(), first + 2);

      hook.behave = (_, response) => response.writeHead(200, { 'cache-control': 'no-store' }).end(JSON.stringify({ 'x-hasura-role': 'admin', 'Cache-Control': 'max-age=2' }));
      const brief = get.talk('graphql-transport-ws', [init(bearer('brief')), { id: '1', type: 'subscribe', payload: kSubscription }]);
      await eventually('the session ends when the webhook says', () => brief.code);
      assert.ok(brief.has('next'));
      assert.equal(brief.code, 4403);

      const failed = refusal('unexpected', 'webhook authentication request failed');
      const answers = [
        [(_, response) => response.writeHead(401).end('{"x-hasura-role":"admin"}'), refusal('access-denied', 'Authentication hook unauthorized this request'), 401],
        [(_, response) => response.writeHead(403).end('{}'), refusal('unexpected', 'Invalid response from authorization hook'), 500],
        [(_, response) => response.writeHead(302, { location: `${hook.url}/elsewhere` }).end(), refusal('unexpected', 'Invalid response from authorization hook'), 500],
        [(_, response) => response.end('<html>'), refusal('unexpected', 'Invalid response from authorization hook: it is not JSON'), 500],
        [(_, response) => response.end('{"x-hasura-role":5}'), refusal('unexpected', 'Invalid response from authorization hook: the value of x-hasura-role is not a string'), 500],
        [(_, response) => response.end('{}'), refusal('invalid-params', 'x-hasura-role not found in session variables'), 400],
        [(_, response) => response.end(`{"a":"${'x'.repeat(300_000)}"}`), failed, 500],
        [(_, response) => response.destroy(), failed, 500],
      ];
      for (const [i, [behave, wanted, status]] of answers.entries()) {
        hook.behave = behave;
        assert.deepEqual(await get.who(bearer(`answer-${i}`)), wanted);
        assert.equal((await get.post(bearer(`answer-${i}`), { path: '/v1alpha1/graphql' })).status, status);
        assert.equal((await get.post(bearer(`answer-${i}`), { path: '/v1/metadata', body: { type: 'export_metadata', args: {} } })).status, status);
      }
      assert.equal(hook.on('/elsewhere').length, 0);

      const held = [];
      hook.behave = (_, response) => held.push(response);
      const waits = [get.who(bearer('slow-1')), get.who(bearer('slow-2'))];
      await eventually('it is asked', () => held.length === 2);
      for (let i = 0; i < 20; i++) assert.ok(!(await get.who({ 'x-hasura-admin-secret': kSecret })).code, 'others are served meanwhile');
      for (const response of held) response.end(JSON.stringify({ 'x-hasura-role': 'admin' }));
      for (const answer of await Promise.all(waits)) assert.equal(answer['x-hasura-role'], 'admin');
      assert.doesNotMatch(get.process.output + post.process.output, /secret-token|slow-1|brief/);
    });

    await step('no log holds a token, a key or a secret', async () => {
      assert.doesNotMatch(gateway.process.output, /eyJ|ssssss|e2e-secret/);
    });
  } finally {
    for (const gateway of gateways) await gateway.end();
    for (const server of servers) await server.stop();
  }
});
