import assert from 'node:assert/strict';
import { test } from 'node:test';
import { due, type DueAnswer } from '../../daemon/policies/due.ts';
import { jitterMs } from '../../daemon/policies/jitter.ts';
import { scheduleRow } from '../../daemon/policies/schedule-row.ts';
import type { ScheduleRow } from '../../daemon/store/store.ts';

test('a policy never scheduled before gets its next slot, not a catch-up', () => {
  const answer = ask({ now: '2026-11-21T12:30:00Z' });

  assert.deepEqual(answer, { runs: [], rescheduled: [row('2026-11-21T13:00:00Z')] });
});

test('a slot that has come runs, and the next one is the one after', () => {
  const answer = ask({ now: '2026-11-21T13:00:00Z', nextRunAt: '2026-11-21T13:00:00Z' });

  assert.deepEqual(answer, {
    runs: [
      {
        policy: 'p',
        trigger: 'schedule',
        scheduledFor: '2026-11-21T13:00:00Z',
        next: row('2026-11-21T14:00:00Z'),
      },
    ],
    rescheduled: [],
  });
});

test('a slot still to come does nothing', () => {
  assert.deepEqual(ask({ now: '2026-11-21T12:59:59Z', nextRunAt: '2026-11-21T13:00:00Z' }), {
    runs: [],
    rescheduled: [],
  });
});

test('however many slots were missed, one run catches up, for the oldest of them', () => {
  const answer = ask({ now: '2026-11-24T09:17:00Z', nextRunAt: '2026-11-21T13:00:00Z' });

  assert.deepEqual(answer.runs, [
    {
      policy: 'p',
      trigger: 'catch-up',
      scheduledFor: '2026-11-21T13:00:00Z',
      next: row('2026-11-24T10:00:00Z'),
    },
  ]);
});

test('a changed schedule or time zone is computed anew, even when the old slot is due', () => {
  const old = { ...row('2026-11-21T12:00:00Z'), cron: '0 12 * * *' };
  const elsewhere = { ...row('2026-11-21T12:00:00Z'), timezone: 'Asia/Kolkata' };

  for (const previous of [old, elsewhere]) {
    const answer = due({
      policies: [policy()],
      rows: [previous],
      timezone: 'UTC',
      now: new Date('2026-11-21T12:30:00Z'),
    });
    assert.deepEqual(answer, { runs: [], rescheduled: [row('2026-11-21T13:00:00Z')] });
  }
});

test('a clock that once stood in the year 2043 does not stop a policy for longer than one period', () => {
  const answer = ask({ now: '2026-11-21T12:30:00Z', nextRunAt: '2043-01-01T00:00:00Z' });

  assert.deepEqual(answer, { runs: [], rescheduled: [row('2026-11-21T13:00:00Z')] });
});

test('a clock that is set back by a second right after a run does not run the slot twice', () => {
  assert.deepEqual(ask({ now: '2026-11-21T12:59:59Z', nextRunAt: '2026-11-21T14:00:00Z' }), {
    runs: [],
    rescheduled: [],
  });
});

test('the long side of an uneven schedule is not taken for a wrong clock', () => {
  const uneven = scheduleRow({
    name: 'p',
    policy: { schedule: '0 9,10 * * *' },
    timezone: 'UTC',
    now: new Date('2026-11-21T10:00:00Z'),
  });

  const again = scheduleRow({
    name: 'p',
    policy: { schedule: '0 9,10 * * *' },
    timezone: 'UTC',
    previous: uneven,
    now: new Date('2026-11-21T10:05:00Z'),
  });

  assert.equal(again, uneven);
});

test('a row with no readable time is computed anew', () => {
  assert.deepEqual(ask({ now: '2026-11-21T12:30:00Z', nextRunAt: 'soon' }).rescheduled, [
    row('2026-11-21T13:00:00Z'),
  ]);
});

test('a delay moves the start of every slot, and no slot is lost or run twice', () => {
  const delayMs = 25 * 60_000;
  let rows: readonly ScheduleRow[] = [row('2026-11-21T13:00:00Z')];
  const started: string[] = [];

  for (let minute = 0; minute < 180; minute++) {
    const now = new Date(Date.UTC(2026, 10, 21, 12, 55 + minute));
    const answer = due({ policies: [policy(delayMs)], rows, timezone: 'UTC', now });
    for (const run of answer.runs) {
      started.push(`${run.scheduledFor.slice(11, 16)} at ${now.toISOString().slice(11, 16)} ${run.trigger}`);
      rows = [run.next];
    }
  }

  assert.deepEqual(started, [
    '13:00 at 13:25 schedule',
    '14:00 at 14:25 schedule',
    '15:00 at 15:25 schedule',
  ]);
});

test('jitter stays below its limit, is the same each time and differs between policies and hosts', () => {
  const delays = ['a', 'b', 'c', 'd'].flatMap((policyName) =>
    ['x', 'y'].map((host) => jitterMs({ host, policy: policyName }, 3600)),
  );

  for (const delay of delays) assert.ok(delay >= 0 && delay < 3_600_000 && delay % 1000 === 0);
  assert.ok(new Set(delays).size > 4);
  assert.equal(jitterMs({ host: 'x', policy: 'a' }, 3600), delays[0]);
  assert.equal(jitterMs({ host: 'x', policy: 'a' }, 0), 0);
});

function ask(given: { readonly now: string; readonly nextRunAt?: string }): DueAnswer {
  const rows = given.nextRunAt === undefined ? [] : [row(given.nextRunAt)];
  return due({ policies: [policy()], rows, timezone: 'UTC', now: new Date(given.now) });
}

function policy(delayMs = 0): { name: string; schedule: string; delayMs: number } {
  return { name: 'p', schedule: '0 * * * *', delayMs };
}

function row(nextRunAt: string): ScheduleRow {
  return { policy: 'p', cron: '0 * * * *', timezone: 'UTC', nextRunAt };
}
