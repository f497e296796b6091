import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { root } from '../house-style/repository.ts';

const manual = readFileSync(`${root}docs/audit.md`, 'utf8');

for (const [what, file, pattern] of [
  ['kind of line', 'daemon/audit/fact.ts', /^ {2}\| '([a-z.]+)'/gm],
  ['way to be wrong', 'daemon/audit/verdict.ts', /^ {2}\| '([a-z-]+)'/gm],
] as const) {
  test(`the manual of the audit explains every ${what}`, () => {
    const names = [...readFileSync(root + file, 'utf8').matchAll(pattern)].map(([, name = '']) => name);

    assert.ok(names.length > 5);
    assert.deepEqual(
      names.filter((name) => !manual.includes(`\`${name}\``)),
      [],
    );
  });
}
