import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextRun } from '../../daemon/policies/next-run.ts';

const NEW_YORK = 'America/New_York';

test('a slot inside the hour that does not exist in spring comes an hour later, once', () => {
  assert.deepEqual(slots('30 2 * * *', NEW_YORK, '2026-03-07T12:00:00Z'), [
    '2026-03-08T07:30',
    '2026-03-09T06:30',
  ]);
});

test('a slot inside the hour that exists twice in autumn comes once, the first time', () => {
  assert.deepEqual(slots('30 1 * * *', NEW_YORK, '2026-10-31T12:00:00Z'), [
    '2026-11-01T05:30',
    '2026-11-02T06:30',
  ]);
});

test('an hourly schedule runs each real hour at both clock changes', () => {
  assert.deepEqual(slots('0 * * * *', NEW_YORK, '2026-03-08T06:00:00Z'), [
    '2026-03-08T07:00',
    '2026-03-08T08:00',
  ]);
  assert.deepEqual(slots('0 * * * *', NEW_YORK, '2026-11-01T05:00:00Z'), [
    '2026-11-01T06:00',
    '2026-11-01T07:00',
  ]);
});

test('a slot that is exactly now is not the next one', () => {
  assert.deepEqual(slots('0 5 * * *', 'UTC', '2026-11-21T05:00:00Z'), [
    '2026-11-22T05:00',
    '2026-11-23T05:00',
  ]);
  assert.deepEqual(slots('0 5 * * *', 'UTC', '2026-11-21T04:59:59.999Z'), [
    '2026-11-21T05:00',
    '2026-11-22T05:00',
  ]);
});

test('the next slot lies in the future and at most two hours away for an hourly schedule, all year in every sort of zone', () => {
  for (const timezone of [
    'UTC',
    NEW_YORK,
    'Europe/Berlin',
    'Australia/Lord_Howe',
    'Asia/Kolkata',
    'America/St_Johns',
    'Africa/Casablanca',
  ]) {
    for (let minute = 0; minute < 366 * 24 * 60; minute += 1_397) {
      const after = new Date(Date.UTC(2026, 0, 1, 0, minute, 7, 123));
      const waitMs = nextRun({ cron: '0 * * * *', timezone, after }).getTime() - after.getTime();
      assert.ok(
        waitMs > 0 && waitMs <= 2 * 3_600_000,
        `${timezone} after ${after.toISOString()}: ${waitMs} ms`,
      );
    }
  }
});

test('what is no schedule is refused with its words', () => {
  assert.throws(() => nextRun({ cron: '0 0 30 2 *', timezone: 'UTC', after: new Date(0) }), {
    name: 'RangeError',
    message: /"0 0 30 2 \*" in UTC/,
  });
  assert.throws(() => nextRun({ cron: '0 0 * * *', timezone: 'Mars/Base', after: new Date(0) }), {
    name: 'RangeError',
    message: /Mars/,
  });
});

function slots(cron: string, timezone: string, from: string): readonly string[] {
  let after = new Date(from);
  return Array.from({ length: 2 }, () => {
    after = nextRun({ cron, timezone, after });
    return after.toISOString().slice(0, 16);
  });
}
