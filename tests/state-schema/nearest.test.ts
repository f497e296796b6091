import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nearest } from '../../state-schema/nearest.ts';

const KEYS = ['mount', 'fstype', 'label', 'minFree'];

test('a typing error finds the key that was meant', () => {
  assert.equal(nearest('moutn', KEYS), 'mount');
  assert.equal(nearest('minfree', KEYS), 'minFree');
  assert.equal(nearest('fs_type', KEYS), 'fstype');
});

test('a word like none of them finds nothing', () => {
  assert.equal(nearest('zzzzz', KEYS), undefined);
  assert.equal(nearest('x', ['y']), undefined);
  assert.equal(nearest('a'.repeat(100_000), KEYS), undefined);
});
