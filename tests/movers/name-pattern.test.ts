import assert from 'node:assert/strict';
import test from 'node:test';
import { matchesPattern } from '../../daemon/movers/tree/name-pattern.ts';
import { rawName } from '../../daemon/movers/tree/raw-name.ts';

const CASES: readonly (readonly [path: string, pattern: string, fits: boolean])[] = [
  ['flux/a/x.keep', '*.keep', true],
  ['flux/a/keep', '*.keep', false],
  ['flux/a/x.keep/y', '*.keep', false],
  ['flux/a', '/flux/a', true],
  ['flux/a/b', '/flux/a', false],
  ['x/flux/a', '/flux/a', false],
  ['flux/a/b/c', '/flux/**/c', true],
  ['flux/c', '/flux/**/c', true],
  ['flux/a/b', 'a/b', true],
  ['flux/a/x/b', 'a/b', false],
  ['flux/a/x/b', 'a/*/b', true],
  ['flux/a?b', 'a?b', true],
  ['flux/aXb', 'a?b', true],
  ['flux/ab', 'a?b', false],
  ['flux/über', 'ü*', true],
  ['flux/a', '', false],
  ['flux/a', '/', false],
];

test('a pattern means what a person who writes it expects', () => {
  for (const [path, pattern, fits] of CASES)
    assert.equal(matchesPattern(rawName(path).split('/'), pattern), fits, `${pattern} on ${path}`);
});

test('no pattern takes long, whatever the name', () => {
  const name = 'a'.repeat(255);
  const pattern = `${'a*'.repeat(2_000)}b`;

  assert.equal(matchesPattern([name], pattern), false);
});
