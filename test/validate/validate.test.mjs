// graphql-validate against graphql-js, which is what the specification calls its reference: the same rules at the same
// places, over the cases of each rule and over random documents made of their pieces. SEED= replays a run.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { graphql } from '../clients/clients.mjs';
import { Random } from '../e2e/support/random.mjs';
import { kCases, kSchema } from './cases.mjs';
import { RandomDocuments } from './random_documents.mjs';

const kProgram = `${process.env.BUILD ?? 'build'}/graphql-validate`;
const kRandomDocuments = 1500;
// Each rule of graphql-js, made to say whose the errors are that it reports.
const kReferenceRules = Object.keys(kCases)
  .filter((rule) => rule !== 'Syntax')
  .map((rule) => [rule, graphql[`${rule === 'SubscriptionSingleRootField' ? 'SingleFieldSubscriptions' : rule}Rule`]]);
const kNamedRules = kReferenceRules.map(([rule, check]) => (context) =>
  check(Object.assign(Object.create(context), { reportError: (error) => context.reportError(Object.assign(error, { rule })) })));
const schema = graphql.buildSchema(kSchema);

function ours(documents, schemaText = kSchema) {
  const input = documents.map((document) => `${JSON.stringify({ schema: schemaText, document })}\n`).join('');
  const { stdout, stderr, signal } = spawnSync(kProgram, ['--lines'], { input, encoding: 'utf8', maxBuffer: 1 << 30 });
  assert.equal(signal, null, stderr);
  const answers = stdout.trimEnd().split('\n').map((line) => JSON.parse(line));
  assert.equal(answers.length, documents.length);
  return answers;
}

// Rule and places, as one text a mistake; of a text that is no document, the rule alone.
const kTooMany = 100;
function summary(mistakes) {
  if (mistakes.some(({ rule }) => rule === 'Syntax')) return ['Syntax'];
  return mistakes
    .map(({ rule, locations }) => `${rule} ${locations.map(({ line, column }) => `${line}:${column}`).sort().join(' ')}`)
    .sort();
}

function reference(text) {
  let document;
  try {
    document = graphql.parse(text);
  } catch {
    return ['Syntax'];
  }
  const errors = graphql.validate(schema, document, kNamedRules, { maxErrors: 10_000 });
  return summary(errors.map(({ rule, locations }) => ({ rule, locations: locations ?? [] })));
}

test('every rule has cases and graphql-js has no other', () => {
  const known = graphql.specifiedRules.map(({ name }) => name.replace(/Rule$/, ''));
  assert.deepEqual(
    kReferenceRules.map(([, check]) => check.name.replace(/Rule$/, '')).sort(),
    known.filter((name) => name !== 'MaxIntrospectionDepth' && !name.startsWith('Defer') && !name.startsWith('Stream')).sort(),
  );
});

for (const [rule, { valid, invalid, beyond = [] }] of Object.entries(kCases)) {
  test(rule, () => {
    for (const [documents, breaks] of [[valid, false], [invalid, true], [beyond, true]]) {
      const answers = documents.length === 0 ? [] : ours(documents);
      documents.forEach((document, i) => {
        assert.equal(answers[i].some((mistake) => mistake.rule === rule), breaks, `${document}\n${JSON.stringify(answers[i])}`);
        if (documents !== beyond) assert.deepEqual(summary(answers[i]), reference(document), document);
      });
    }
  });
}

// Sizes at which anything quadratic or exponential would not end, or not fit: the answers are what counts.
test('attacks', () => {
  const times = (count, text) => Array.from({ length: count }, (_, i) => text(i)).join(' ');
  const rules = (mistakes) => [...new Set(mistakes.map(({ rule }) => rule))].sort();
  const attacks = [
    ['the same field', `{ ${times(50_000, () => 'number')} }`, []],
    ['aliases', `{ ${times(50_000, (i) => `a${i}: number`)} }`, []],
    ['the same response name', `{ ${times(50_000, (i) => `a: ${i % 2 ? 'number' : 'added'}`)} }`, ['OverlappingFieldsCanBeMerged']],
    ['the same field with fields', `{ ${times(20_000, () => 'dog { name }')} }`, ['OverlappingFieldsCanBeMerged']],
    ['fragments that double', `{ dog { ...F0 } } ${times(300, (i) => `fragment F${i} on Dog { a: parent { ...F${i + 1} } b: parent { ...F${i + 1} } }`)} fragment F300 on Dog { name }`, []],
    ['fragments that spread all that follow', `{ ...F0 } ${times(300, (i) => `fragment F${i} on Query { x${i}: number ${times(299 - i, (j) => `...F${i + j + 1}`)} added }`)}`, ['OverlappingFieldsCanBeMerged']],
    ['a chain of fragments', `{ ...F0 } ${times(20_000, (i) => `fragment F${i} on Query { number ...F${i + 1} }`)} fragment F20000 on Query { added }`, ['OverlappingFieldsCanBeMerged']],
    ['a cycle of fragments', `{ ...F0 } ${times(20_000, (i) => `fragment F${i} on Query { ...F${(i + 1) % 20_000} }`)}`, ['NoFragmentCycles']],
    ['a chain at the root of a subscription', `subscription { ...F0 } ${times(20_000, (i) => `fragment F${i} on Subscription { ...F${i + 1} }`)} fragment F20000 on Subscription { count }`, []],
    ['directives', `{ number ${times(50_000, () => '@once')} }`, ['UniqueDirectivesPerLocation']],
    ['arguments', `{ arguments { int(${times(50_000, () => 'value: 1')}) } }`, ['UniqueArgumentNames']],
    ['variables', `query (${times(50_000, (i) => `$v${i}: Int`)}) { number }`, ['NoUnusedVariables']],
    ['operations', times(5_000, (i) => `query Q${i} { ...F }`) + ' fragment F on Query { number }', []],
    ['depth', '{ dog '.repeat(100_000), ['Syntax']],
    ['depth of a value', `{ arguments { any(value: ${'['.repeat(100_000)}) } }`, ['Syntax']],
    ['depth of a type', `query ($v: ${'['.repeat(100_000)}Int) { number }`, ['Syntax']],
  ];
  const answers = ours(attacks.map(([, document]) => document));
  attacks.forEach(([name, , expected], i) => {
    assert.deepEqual(rules(answers[i]), expected, name);
    assert.ok(answers[i].length <= kTooMany, name);
  });
});

test('random documents', (context) => {
  const seed = Number(process.env.SEED ?? Date.now() % 1e9);
  context.diagnostic(`SEED=${seed}`);
  const random = Random.of(seed, 'documents');
  // Those of Syntax have characters that graphql-js counts as two columns.
  const texts = Object.entries(kCases).flatMap(([rule, { valid, invalid }]) => (rule === 'Syntax' ? [] : [...valid, ...invalid]));
  const pieces = new RandomDocuments(graphql, random, texts);
  const documents = Array.from({ length: kRandomDocuments }, () => pieces.next());
  const answers = ours(documents);
  let compared = 0;
  let valid = 0;
  documents.forEach((document, i) => {
    const broken = new Set(answers[i].map(({ rule }) => rule));
    // Not compared: where either gave up; what graphql-js also looks for inside definitions of types; and what the
    // specification of September 2025 has and it has not (see the cases that go beyond it).
    if (answers[i].length >= kTooMany || broken.has('ExecutableDefinitions')) return;
    if (answers[i].some(({ message }) => /^subscriptions must not use @|but a member of /.test(message))) return;
    // It takes two equal lists of arguments with repetitions for different ones, of cycles that share fragments it finds
    // others first, and how often it names a field that conflicts in several ways depends on what it has compared before.
    const once = (mistake) => (mistake.startsWith('OverlappingFieldsCanBeMerged') ? [...new Set(mistake.split(' '))].join(' ') : mistake);
    const comparable = (mistakes) => [...new Set(mistakes
      .filter((mistake) => !(broken.has('UniqueArgumentNames') && mistake.startsWith('OverlappingFieldsCanBeMerged')))
      .map((mistake) => (mistake.startsWith('NoFragmentCycles') ? 'NoFragmentCycles' : once(mistake))))];
    compared += 1;
    if (answers[i].length === 0) valid += 1;
    assert.deepEqual(comparable(summary(answers[i])), comparable(reference(document)), `SEED=${seed}\n${document}`);
  });
  context.diagnostic(`${compared} compared, ${valid} of them valid`);
  assert.ok(compared > kRandomDocuments / 2 && valid > 0);
});
