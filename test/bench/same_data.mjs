// node same_data.mjs FLOOR OURS: the floor answers {"data": X}, the gateway {"data": {"field": X}}; fails unless X is the same.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

const [floor, ours] = process.argv.slice(2).map((file) => JSON.parse(readFileSync(file, 'utf8')));
assert.equal(ours.errors, undefined, JSON.stringify(ours.errors));
assert.deepEqual(Object.values(ours.data)[0], floor.data);
