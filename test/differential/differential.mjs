// Two databases that begin the same: the gateway answers operations over one, SQL that the test writes itself over the other.
// Every answer must be the same text, numbers digit by digit, and at the end both must hold the same rows.
import assert from 'node:assert/strict';

import { kSecret } from '../e2e/harness.mjs';
import { Random } from '../e2e/support/random.mjs';
import { parse, show } from './json.mjs';
import { Operations } from './operations.mjs';
import { kSchema } from './values.mjs';

const kGroup = 20;
const kReference = 'reference';
// The gateway's session is like this; an answer is of one time zone and one style.
const kSettings = `SET timezone = 'UTC'; SET extra_float_digits = 1; SET jit = off`;

export class Differential {
  constructor(system, seed) {
    this.system = system;
    this.seed = seed;
    this.operations = new Operations(Random.of(seed, 'operations'));
    this.random = Random.of(seed, 'transports');
    this.counts = { answered: 0, refused: 0 };
  }

  async prepare() {
    const { cluster } = this.system;
    await cluster.sql(`CREATE DATABASE ${kReference}`, [], 'postgres');
    await cluster.sql(`CREATE EXTENSION threefactor; ${kSchema}`);
    await cluster.sql(kSchema, [], kReference);
    this.reference = await cluster.open(kReference);
    await this.reference.query(kSettings);
  }

  async close() {
    await this.reference?.end();
  }

  // The next operations, by one of the transports. Throws where the two sides differ.
  async step() {
    const group = Array.from({ length: kGroup }, () => this.operations.next());
    const answers = this.random.below(2) ? await this.batch(group) : await this.oneByOne(group);
    for (const [i, operation] of group.entries()) await this.compare(operation, answers[i]);
  }

  body({ query, variables }) {
    return `{"query":${JSON.stringify(query)},"variables":${variables}}`;
  }

  async batch(group) {
    const { text } = await this.system.post('/v1/graphql', `[${group.map((operation) => this.body(operation)).join(',')}]`);
    const answers = parse(text);
    assert.equal(answers.length, group.length, text);
    return answers;
  }

  async oneByOne(group) {
    const answers = [];
    for (const operation of group) answers.push(parse(await this.send(operation)));
    return answers;
  }

  async send(operation) {
    if (!operation.isQuery || this.random.below(2)) return (await this.system.post('/v1/graphql', this.body(operation))).text;
    const parameters = new URLSearchParams({ query: operation.query, variables: operation.variables });
    const response = await fetch(`${this.system.gatewayUrl}/v1/graphql?${parameters}`, { headers: { 'x-hasura-admin-secret': kSecret } });
    return await response.text();
  }

  async expected(operation) {
    const { sql } = operation;
    if (sql === null) return { refused: 'the value is none of its type' };
    try {
      const { rows } = await this.reference.query({ text: sql, rowMode: 'array' });
      return { data: parse(rows[0][0]) };
    } catch (error) {
      // Postgres folds the constant of a query's filter while it plans; the gateway's parameter is cast where a row needs it,
      // which may be none. Of a domain's type, whose check the value does not pass, SQL refuses more then.
      return { refused: error.message, mayBeAnswered: operation.isQuery && error.code === '23514' };
    }
  }

  async compare(operation, answer) {
    const expected = await this.expected(operation);
    const isRefused = answer.errors !== undefined;
    const isSame = expected.refused !== undefined ? isRefused || expected.mayBeAnswered : !isRefused && show(answer.data) === show(expected.data);
    assert.ok(
      isSame,
      `SEED=${this.seed}\noperation: ${operation.query}\nvariables: ${operation.variables}\nSQL:       ${operation.sql}\n` +
        `gateway:   ${show(answer)}\nexpected:  ${expected.refused ? `refused: ${expected.refused}` : show({ data: expected.data })}`,
    );
    this.counts[isRefused ? 'refused' : 'answered'] += 1;
  }

  async sameRows() {
    const dump = `SELECT coalesce(string_agg(t::text, E'\\n' ORDER BY id), '') AS rows FROM things t`;
    const [[mine], [theirs]] = await Promise.all([this.system.sql(dump), this.system.sql(dump, [], kReference)]);
    assert.equal(mine.rows, theirs.rows, `SEED=${this.seed}: the tables differ`);
  }
}
