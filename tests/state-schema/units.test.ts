import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDurationSeconds, parsePercent, parseSizeBytes } from '../../state-schema/units.ts';

test('durations are seconds', () => {
  assert.deepEqual(['90s', '15m', '12h', '30d'].map(parseDurationSeconds), [90, 900, 43_200, 2_592_000]);
});

test('sizes count in thousands with GB and in 1024s with GiB', () => {
  assert.deepEqual(['0B', '500GB', '200GiB', '6TiB', '1.5KiB'].map(parseSizeBytes), [
    0,
    500e9,
    200 * 2 ** 30,
    6 * 2 ** 40,
    1536,
  ]);
});

test('a percentage is a part of one', () => {
  assert.deepEqual(['0%', '5%', '12.5%', '100%'].map(parsePercent), [0, 0.05, 0.125, 1]);
});

test('what is no unit is refused by name', () => {
  for (const text of ['', '30', '0d', '-1d', '1w', '1d ', '30 d']) {
    assert.throws(() => parseDurationSeconds(text), RangeError, text);
  }
  for (const text of ['', '5', 'GB', '1iB', '1 GB', '1gb', '1e3B']) {
    assert.throws(() => parseSizeBytes(text), RangeError, text);
  }
  for (const text of ['', '5', '101%', '-5%', '%']) assert.throws(() => parsePercent(text), RangeError, text);
});
