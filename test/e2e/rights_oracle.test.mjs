// Who sees and writes what, under random schemas, rights and operations of many users at once, against SQL that a superuser runs with the
// conditions written out (test/rights_oracle). SEED=n repeats it; ORACLE_SECONDS=n goes on for so long.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { kRoles, RightsOracle } from '../rights_oracle/rights_oracle.mjs';
import { kGateway, kSecret, System } from './harness.mjs';
import { Signer } from './support/issuer.mjs';
import { Process } from './support/process.mjs';
import { kPatience } from './support/sanitizers.mjs';

// make soak takes another each time.
const kSeed = Number(process.env.SEED || (process.env.ORACLE_SECONDS ? Math.floor(Math.random() * 2 ** 31) : 2));
const kSeconds = Number(process.env.ORACLE_SECONDS || 40);
const kRounds = 4; // of reads and writes under one schema

test('no user is told or writes what is of another', { timeout: (kSeconds + 300) * 1000 * kPatience }, async () => {
  console.log(`SEED=${kSeed}`);
  const system = await System.start({ app: false, gateway: false });
  const signer = await Signer.make('HS256', 'oracle');
  system.secret = kSecret;
  let session;
  const start = async () => {
    await system.gateway?.end();
    const args = ['--listen', `127.0.0.1:${system.gatewayPort}`, '--database-url', system.cluster.url().replace('postgres@', 'gateway@'),
      '--admin-role', 'shop_owner', '--threads', '1', '--pool-size', '2'];
    const environment = { THREEFACTOR_ADMIN_SECRET: kSecret, HASURA_GRAPHQL_JWT_SECRET: JSON.stringify(signer.configuration()) };
    system.gateway = new Process('gateway', kGateway, args, environment);
    await system.gateway.healthy(system.gatewayPort);
  };
  try {
    await system.sql('CREATE EXTENSION threefactor');
    await system.cluster.psql(['-c', kRoles]);
    await system.sql('GRANT threefactor_gateway TO gateway; GRANT threefactor_admin TO shop_owner');
    await system.sql(`SET ROLE shop_owner; SELECT threefactor.track_function('public', name) FROM unnest('{nap,leave}'::text[]) AS name`);
    session = await system.cluster.open();
    const oracle = new RightsOracle(system, session, kSeed, signer);
    for (const end = Date.now() + kSeconds * 1000; Date.now() < end; ) {
      await oracle.prepare(start);
      for (let round = 0; round < kRounds; ++round) {
        await oracle.read();
        await oracle.write();
      }
    }
    const { answered, refused, written } = oracle.counts;
    console.log(`${oracle.generation} schemas; ${answered} answered, ${written} written, ${refused} refused`);
    assert.ok(answered > 0 && written > 0 && refused > 0);
  } catch (error) {
    console.error(`SEED=${kSeed}`);
    await system.printLogs();
    throw error;
  } finally {
    await session?.end().catch(() => {});
    await system.stop();
  }
});
