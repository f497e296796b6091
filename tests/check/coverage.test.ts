import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  afterReading,
  coveredOf,
  currentRound,
  nextParts,
  noCoverage,
  parseCoverage,
  type Coverage,
} from '../../daemon/check/coverage.ts';

/** Packs in the parts 1, 3 and 4 of four: restic goes by the first byte, here 0, 2 and 3, and 4, which is part 1 again. */
const PACKS = ['00', '02', '03', '04'].map((byte) => byte.padEnd(64, 'a'));

test('parts are read by turns, empty ones count for nothing, and after the last the first is next', () => {
  let coverage = noCoverage(4);
  const turns: (readonly number[])[] = [];
  for (const day of ['01', '02', '03', '04']) {
    const parts = nextParts(coverage, PACKS, 1);
    turns.push(parts);
    coverage = afterReading(coverage, { parts, packs: PACKS, at: `2026-11-${day}T06:00:00Z` });
  }

  assert.deepEqual(turns, [[1], [3], [4], [1]]);
  assert.deepEqual(coveredOf(coverage, PACKS), { parts: 3, done: 1 });
  assert.deepEqual([coverage.since, coverage.completedAt], ['2026-11-04T06:00:00Z', '2026-11-03T06:00:00Z']);
});

test('a part that was found damaged keeps its turn', () => {
  const coverage = afterReading(noCoverage(4), { parts: [], packs: PACKS, at: '2026-11-01T06:00:00Z' });

  assert.deepEqual(nextParts(coverage, PACKS, 2), [1, 3]);
  assert.deepEqual(coveredOf(coverage, PACKS), { parts: 3, done: 0 });
});

test('a round whose other parts were pruned away is over', () => {
  const at = '2026-11-01T06:00:00Z';
  const coverage = afterReading(noCoverage(4), { parts: [1], packs: PACKS, at });

  const pruned = currentRound(coverage, PACKS.slice(0, 1));

  assert.deepEqual([pruned.since, pruned.completedAt, pruned.read], [undefined, at, {}]);
  assert.deepEqual(nextParts(pruned, PACKS.slice(0, 1), 1), [1]);
});

test('what is remembered is read strictly', () => {
  const coverage: Coverage = {
    of: 52,
    read: { '7': '2026-11-01T06:00:00Z' },
    since: '2026-11-01T06:00:00Z',
    damaged: ['f'.repeat(64)],
  };

  assert.deepEqual(parseCoverage(JSON.parse(JSON.stringify(coverage))), coverage);
  for (const wrong of [
    null,
    [],
    { ...coverage, of: 0 },
    { ...coverage, of: 257 },
    { ...coverage, read: { x: 'y' } },
    { ...coverage, read: { '1': 2 } },
    { ...coverage, damaged: ['/etc/passwd'] },
    { ...coverage, damaged: undefined },
  ])
    assert.equal(parseCoverage(wrong), undefined, JSON.stringify(wrong));
});
