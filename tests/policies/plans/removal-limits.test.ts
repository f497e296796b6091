import assert from 'node:assert/strict';
import test from 'node:test';
import { mostRemoved, overLimit } from '../../../daemon/policies/plans/removal-limits.ts';

test('without a limit twenty entries may go, or a tenth of many', () => {
  assert.deepEqual(
    [0, 19, 200, 201, 1_000].map((of) => mostRemoved(undefined, of)),
    [20, 20, 20, 20, 100],
  );
});

test('a number is the limit whatever there is, and 0 lets nothing go', () => {
  assert.equal(mostRemoved(3, 1_000_000), 3);
  assert.equal(overLimit(0, { entries: 0, of: 5 }), undefined);
  assert.match(overLimit(0, { entries: 1, of: 5 }) ?? '', /1 of 5 entries would go, and 0 may go at once/);
});

test('a share is of all entries, rounded down', () => {
  assert.equal(mostRemoved('5%', 39), 1);
  assert.equal(mostRemoved('100%', 39), 39);
  assert.equal(overLimit('5%', { entries: 1, of: 39 }), undefined);
  assert.match(overLimit('5%', { entries: 2, of: 39 }) ?? '', /5 % may go at once, here 1/);
});
