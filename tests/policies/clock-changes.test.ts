import assert from 'node:assert/strict';
import { test } from 'node:test';
import parser from 'cron-parser';
import { nextRun } from '../../daemon/policies/next-run.ts';
import { offsetMs } from '../../daemon/policies/wall-clock.ts';
import { shownAt, slotsOf } from './slots-of.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Northern and southern, by an hour, half an hour and two, at midnight, not at a full hour, in the middle of Ramadan. */
const ZONES = [
  'America/New_York',
  'Europe/London',
  'Europe/Berlin',
  'America/St_Johns',
  'America/Havana',
  'America/Santiago',
  'America/Asuncion',
  'Asia/Beirut',
  'Asia/Jerusalem',
  'Africa/Casablanca',
  'Africa/Cairo',
  'Australia/Sydney',
  'Australia/Adelaide',
  'Australia/Lord_Howe',
  'Pacific/Auckland',
  'Pacific/Chatham',
  'Antarctica/Troll',
];

const SCHEDULES = [
  '0 * * * *',
  '*/15 * * * *',
  '30 * * * 0',
  '0 0 * * *',
  '30 0 * * *',
  '59 23 * * *',
  '0 1 * * *',
  '30 1 * * *',
  '45 1 * * *',
  '15 2 * * *',
  '30 2 * * *',
  '50 2 * * *',
  '0 3 * * *',
  '50 3 * * *',
  '0 4 * * *',
  '*/20 1,2,3 * * *',
  '0 */2 * * *',
  '30 2 * * 0',
  '0 0,23 * * 0,6',
];

test('over every change of the clocks in a year, in every sort of zone, each schedule has the slots of the wall clock', () => {
  let changes = 0;
  for (const timezone of ZONES) {
    for (const change of changesOf(timezone)) {
      changes++;
      const span = { from: new Date(change - DAY_MS), to: new Date(change + DAY_MS) };
      for (const cron of SCHEDULES)
        assert.deepEqual(
          planned(cron, timezone, span),
          slotsOf(cron, timezone, span),
          `${cron} in ${timezone} around ${new Date(change).toISOString()}`,
        );
    }
  }
  assert.ok(changes >= 2 * (ZONES.length - 2), `only ${changes} changes were found`);
});

test('a nightly schedule runs once on every night of a year, whatever its time and zone', () => {
  for (const timezone of ZONES) {
    for (const cron of ['0 0 * * *', '30 2 * * *']) {
      let after = new Date('2027-01-01T12:00:00Z');
      const days = new Set<string>();
      for (let count = 0; count < 365; count++) {
        const next = nextRun({ cron, timezone, after });
        const gap = next.getTime() - after.getTime();
        assert.ok(
          count === 0 || (gap >= 22 * HOUR_MS && gap <= 26 * HOUR_MS),
          `${cron} ${timezone} ${next.toISOString()}`,
        );
        after = next;
        days.add(new Date(shownAt(next.getTime(), timezone)).toISOString().slice(0, 10));
      }
      assert.equal(days.size, 365, `${cron} in ${timezone}`);
    }
  }
});

test('asked from any moment around a change, the next slot is the first of those that come', () => {
  const zones = ['America/New_York', 'Australia/Lord_Howe', 'America/Santiago', 'Pacific/Chatham'];
  const cases = zones.flatMap((timezone) =>
    changesOf(timezone).flatMap((change) =>
      ['*/20 1,2,3 * * *', '0,30 * * * *', '0 0 * * *'].map((cron) => ({ timezone, change, cron })),
    ),
  );
  for (const { timezone, change, cron } of cases) {
    const slots = slotsOf(cron, timezone, {
      from: new Date(change - 5 * HOUR_MS),
      to: new Date(change + 30 * HOUR_MS),
    });
    for (let at = change - 4 * HOUR_MS; at < change + 4 * HOUR_MS; at += 7 * 60_000 + 13_000) {
      const after = new Date(at);
      const expected = slots.find((slot) => slot > after.toISOString());
      assert.equal(nextRun({ cron, timezone, after }).toISOString(), expected, `${cron} ${timezone} ${at}`);
    }
  }
});

test('days are limited as cron has it, by the month or by the week when both are given', () => {
  for (const cron of [
    '0 0 13 * 5',
    '0 0 13 * *',
    '0 0 * * 5',
    '0 0 29 2 *',
    '30 4 1,15 */2 1-5',
    '0 0 31 * 7',
    '5 0 * 2 mon',
  ]) {
    const slots = parser.parseExpression(cron, { currentDate: new Date('2027-01-01T00:00:00Z'), tz: 'UTC' });
    let after = new Date('2027-01-01T00:00:00Z');
    for (let count = 0; count < 20; count++) {
      after = nextRun({ cron, timezone: 'UTC', after });
      assert.equal(after.toISOString(), slots.next().toISOString(), cron);
    }
  }
});

/** When the clocks of a zone are changed in 2027, by looking at every half hour. */
function changesOf(timezone: string): readonly number[] {
  const changes: number[] = [];
  const end = Date.UTC(2028, 0, 1);
  for (let day = Date.UTC(2027, 0, 1); day < end; day += DAY_MS) {
    if (offsetMs(day, timezone) === offsetMs(day + DAY_MS, timezone)) continue;
    for (let at = day; at < day + DAY_MS; at += HOUR_MS / 4)
      if (offsetMs(at, timezone) !== offsetMs(at + HOUR_MS / 4, timezone)) changes.push(at + HOUR_MS / 4);
  }
  return changes;
}

function planned(
  cron: string,
  timezone: string,
  { from, to }: { readonly from: Date; readonly to: Date },
): readonly string[] {
  const slots: string[] = [];
  for (
    let after = nextRun({ cron, timezone, after: from });
    after <= to;
    after = nextRun({ cron, timezone, after })
  )
    slots.push(after.toISOString());
  return slots;
}
