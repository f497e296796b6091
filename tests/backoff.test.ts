import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backoffMs, jittered } from '../daemon/backoff.ts';

test('each failure doubles the wait, up to a quarter of an hour and no further', () => {
  const waits = Array.from({ length: 12 }, (_, n) => backoffMs(n + 1, 0.999_999) / 1000).map(Math.round);

  assert.deepEqual(waits, [2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]);
  assert.equal(backoffMs(1_000_000, 0.999_999), 900_000);
});

test('the wait is spread over its upper half, and is never nothing', () => {
  assert.equal(backoffMs(1, 0), 1_000);
  assert.equal(backoffMs(0, 0), 1_000);
  assert.equal(backoffMs(100, 0), 450_000);
});

test('an interval moves by a tenth to either side', () => {
  assert.deepEqual(
    [0, 0.5, 0.999_999].map((random) => jittered(60_000, random)),
    [54_000, 60_000, 66_000],
  );
});
