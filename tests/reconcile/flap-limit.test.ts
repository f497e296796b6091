import assert from 'node:assert/strict';
import { test } from 'node:test';
import { afterRepair, isOver, paused, type FlapRecord } from '../../daemon/reconcile/flap-limit.ts';

const START = Date.parse('2026-11-21T12:00:00Z');
const MINUTE = 60_000;

test('five repairs in ten minutes are put up with, and then the resource is left alone for ten minutes', () => {
  const four = repaired(undefined, [0, 1, 2, 3]);
  const five = repaired(four, [4]);

  assert.equal(paused(four, at(5)), undefined);
  assert.deepEqual(paused(five, at(5))?.pause, {
    since: '2026-11-21T12:05:00.000Z',
    until: '2026-11-21T12:15:00.000Z',
    level: 1,
  });
});

test('repairs that are far apart are put up with for ever', () => {
  const record = repaired(undefined, [0, 3, 6, 9, 12, 15, 18, 21, 24]);

  assert.equal(paused(record, at(27)), undefined);
});

test('after a pause one try is made, and when that does not hold the next pause is twice as long, up to a limit', () => {
  let record = paused(repaired(undefined, [0, 1, 2, 3, 4]), at(5));
  const lengths: number[] = [];
  for (let round = 0; round < 8 && record !== undefined; round++) {
    const until: number = (Date.parse(record.pause.until) - START) / MINUTE;
    lengths.push(until - (Date.parse(record.pause.since) - START) / MINUTE);
    assert.equal(paused(record, at(until)), undefined, 'the try');
    record = paused(repaired(record, [until]), at(until + 1));
  }

  assert.deepEqual(lengths, [10, 20, 40, 80, 160, 320, 360, 360]);
});

test('a resource that stays right after a try begins anew', () => {
  const record = paused(repaired(undefined, [0, 1, 2, 3, 4]), at(5));
  assert.ok(record !== undefined);
  const tried = repaired(record, [15]);

  assert.equal(isOver(tried, at(20)), false);
  assert.equal(isOver(tried, at(26)), true);
  assert.equal(repaired(tried, [30]).pause, undefined);
});

test('another revision of a resource begins anew', () => {
  const record = afterRepair(repaired(undefined, [0, 1, 2, 3, 4]), { digest: 'new', at: at(5), what: 'x' });

  assert.equal(record.repairs.length, 1);
});

test('a clock set back does not draw a pause out, and one set ahead only ends it', () => {
  const record = paused(repaired(undefined, [0, 1, 2, 3, 4]), at(5));
  assert.ok(record !== undefined);

  assert.equal(paused(record, new Date('2025-11-21T12:00:00Z')), undefined);
  assert.equal(paused(record, new Date('2027-11-21T12:00:00Z')), undefined);
});

function repaired(record: FlapRecord | undefined, minutes: readonly number[]): FlapRecord {
  let next = record;
  for (const minute of minutes)
    next = afterRepair(next, { digest: 'd', at: at(minute), what: 'mode 0700 → 2775' });
  if (next === undefined) throw new Error('no repairs');
  return next;
}

function at(minute: number): Date {
  return new Date(START + minute * MINUTE);
}
