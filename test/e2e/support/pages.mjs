// The fenced blocks of a page, and how each kind of them is run. A block says by its language what it is:
//   sql      psql runs it as a superuser in the reader's database; graphql  the gateway answers it
//   sh       bash runs it, in a directory of its own; a line that ends with & goes on until the page is done
//   ini      settings of postgresql.conf: they are set, and the server is restarted
//   js       is written to the file that its first line names; json  is read
//   console  commands that the test does not run, as they install software, need a terminal or build all of it
//   text     no command at all
// Every other language, and none, is an error. The addresses 127.0.0.1:8080 and 127.0.0.1:8081 become ports that are free.
import { execFile, spawn } from 'node:child_process';
import { mkdir, open, readFile, symlink, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { graphql } from '../../clients/clients.mjs';
import { eventually } from './eventually.mjs';
import { freePort } from './process.mjs';
import { ModernConnection } from './subscription.mjs';

const run = promisify(execFile);
const kRepository = fileURLToPath(new URL('../../..', import.meta.url));
const kModules = `${kRepository}test/clients/node_modules`;
const kLanguages = ['sql', 'graphql', 'sh', 'ini', 'js', 'json', 'console', 'text'];
const kServers = { 'threefactor-gateway': 8080, node: 8081 }; // where a program that a block starts is to be found

// [{section, language, text, line}], in their order.
export function blocksOf(text, page) {
  const blocks = [];
  let section = '';
  let block;
  text.split('\n').forEach((line, index) => {
    const fence = /^\s*```(.*)$/.exec(line);
    if (block && fence) {
      blocks.push({ ...block, text: `${block.lines.join('\n')}\n` });
      block = undefined;
    } else if (block) block.lines.push(line);
    else if (fence) {
      block = { section, language: fence[1].trim(), line: index + 1, lines: [] };
      if (!kLanguages.includes(block.language)) throw new Error(`${page}:${index + 1}: a block of the language "${block.language}"`);
    } else if (line.startsWith('## ')) section = line.slice(3);
  });
  if (block) throw new Error(`${page}:${block.line}: a block without an end`);
  return blocks;
}

export const readPage = async (page) => await readFile(`${kRepository}${page}`, 'utf8');

// One who reads a page and does what it says, in an empty database.
export class Reader {
  answers = []; // of the gateway, to the operations of graphql blocks
  groups = []; // of processes
  connections = [];

  static async begin(system, database, gateway) {
    const reader = new Reader();
    Object.assign(reader, { system, database, directory: `${system.directory}/${database}`, secret: 'the-secret-of-a-page' });
    await system.sql(`CREATE DATABASE ${database}`, [], 'postgres');
    await mkdir(reader.directory);
    await symlink(kModules, `${reader.directory}/node_modules`);
    reader.ports = { 8080: await freePort(), 8081: await freePort() };
    reader.environment = {
      ...process.env,
      PATH: [dirname(resolve(gateway)), `${system.cluster.directory}/tree/bin`, dirname(process.execPath), process.env.PATH].join(':'),
      DATABASE_URL: system.cluster.url(database),
      GATEWAY_URL: `http://127.0.0.1:${reader.ports[8080]}`,
      ADMIN_SECRET: reader.secret,
      THREEFACTOR_LISTEN: `127.0.0.1:${reader.ports[8080]}`, // in place of the default
    };
    return reader;
  }

  async sql(text, parameters) {
    return await this.system.sql(text, parameters, this.database);
  }

  async follow({ language, text }) {
    const here = text.replace(/(127\.0\.0\.1:|\.listen\()(8080|8081)\b/g, (_, before, port) => `${before}${this.ports[port]}`);
    await kActions[language]?.(this, here);
  }

  // What the last program of a sh block has written so far.
  async output() {
    return await readFile(`${this.directory}/block.log`, 'utf8').catch(() => '');
  }

  async end() {
    for (const connection of this.connections) await connection.close();
    for (const group of this.groups) {
      await eventually('the programs of the page end', () => {
        try {
          process.kill(-group, 'SIGTERM');
          return false;
        } catch (error) {
          if (error.code === 'ESRCH') return true;
          throw error;
        }
      });
    }
  }
}

const kActions = {
  async sql(reader, text) {
    const file = `${reader.directory}/block.sql`;
    await writeFile(file, text);
    const { environment } = reader;
    await run('psql', ['-X', '-v', 'ON_ERROR_STOP=1', '-d', environment.DATABASE_URL, '-f', file], { env: environment });
  },

  // Output goes to a file: programs that go on would keep a pipe open.
  async sh(reader, text) {
    const log = `${reader.directory}/block.log`;
    const output = await open(log, 'w');
    const child = spawn('bash', ['-euo', 'pipefail', '-c', text], {
      cwd: reader.directory,
      env: reader.environment,
      detached: true,
      stdio: ['ignore', output.fd, output.fd],
    });
    reader.groups.push(child.pid);
    const code = await new Promise((done, failed) => child.on('error', failed).on('exit', done));
    await output.close();
    if (code !== 0) throw new Error(`bash ended with ${code}`);
    for (const [program, port] of Object.entries(kServers)) {
      if (!new RegExp(`^(\\w+=\\S+ )*${program} .*&$`, 'm').test(text.replaceAll('\\\n', ''))) continue;
      await eventually(`${program} serves`, () => accepts(reader.ports[port]));
    }
  },

  async graphql(reader, text) {
    for (const { operation, name } of graphql.parse(text).definitions) {
      if (operation === undefined) continue; // a fragment
      const answer = operation === 'subscription' ? await firstResult(reader, text) : await post(reader, text, name?.value);
      if (answer.errors || !answer.data) throw new Error(JSON.stringify(answer));
      reader.answers.push(answer.data);
    }
  },

  async ini(reader, text) {
    for (const [, name, value] of text.matchAll(/^([\w.]+) = (?:'([^']*)'|\S+)/gm)) {
      const given = value ?? new RegExp(`^${name} = (\\S+)`, 'm').exec(text)[1];
      await reader.sql(`ALTER SYSTEM SET ${name} = '${given}'`);
    }
    await reader.system.cluster.stop();
    await reader.system.cluster.start();
  },

  async js(reader, text) {
    const name = /^\/\/ (\S+\.mjs)\b/.exec(text)?.[1];
    if (!name) throw new Error('the first line of a program names its file');
    await writeFile(`${reader.directory}/${name}`, text);
  },

  async json(reader, text) {
    JSON.parse(text);
  },
};

async function accepts(port) {
  return await new Promise((done) => {
    const socket = createConnection(port, '127.0.0.1', () => done(true));
    socket.on('error', () => done(false)).on('connect', () => socket.end());
  });
}

async function post(reader, query, operationName) {
  const headers = { 'content-type': 'application/json', 'x-hasura-admin-secret': reader.secret };
  const response = await fetch(`${reader.environment.GATEWAY_URL}/v1/graphql`, { method: 'POST', headers, body: JSON.stringify({ query, operationName }) });
  return await response.json();
}

async function firstResult(reader, query) {
  const connection = new ModernConnection(`${reader.environment.GATEWAY_URL.replace('http', 'ws')}/v1/graphql`, reader.secret);
  reader.connections.push(connection);
  const subscription = connection.subscribe(query);
  reader.subscription = subscription;
  return { data: await subscription.until('a result', () => true) };
}
