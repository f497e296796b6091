import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextRun } from '../../daemon/policies/next-run.ts';
import { policyStatus } from '../../daemon/policies/policy-status.ts';
import type { PolicyStatus, Run } from '../../state-schema/generated/status.ts';
import { backupPolicy } from './policy-rig.ts';
import { cpuTime } from '../rig/cpu-time.ts';

const GOOD: Run = {
  id: '1',
  policy: 'local',
  trigger: 'schedule',
  outcome: 'ok',
  startedAt: '2026-11-21T12:00:00Z',
  endedAt: '2026-11-21T12:01:00Z',
};

/** The status of an hourly backup that was good at noon and runs since one. */
function runningAt(now: string): PolicyStatus {
  return policyStatus({
    name: 'local',
    policy: backupPolicy(),
    timezone: 'UTC',
    delayMs: 0,
    last: GOOD,
    lastOk: GOOD,
    row: { policy: 'local', cron: '0 * * * *', timezone: 'UTC', nextRunAt: '2026-11-21T14:00:00Z' },
    running: { startedAt: '2026-11-21T13:00:00Z' },
    now: new Date(now),
  });
}

test('a run may take long, but one that never ends does not hide that there is no backup', () => {
  assert.equal(runningAt('2026-11-21T20:00:00Z').state, 'running');
  assert.equal(runningAt('2026-11-22T13:00:00Z').state, 'running');

  const hanging = runningAt('2026-11-22T13:00:01Z');

  assert.deepEqual([hanging.state, hanging.reason], ['overdue', 'Overdue']);
  assert.match(hanging.message, /2026-11-21T12:01:00Z, and one runs since 2026-11-21T13:00:00Z$/);
});

test('the slots of hundreds of policies are worked out once, not for every status', async () => {
  const policies = Array.from({ length: 200 }, (_, index) => `${index % 60} ${index % 24} 29 2 *`);
  const after = new Date('2026-11-21T12:00:30Z');
  function ask(): void {
    for (const cron of policies) nextRun({ cron, timezone: 'America/New_York', after });
  }
  const first = await cpuTime(ask);

  const again = await cpuTime(() => {
    for (let times = 0; times < 50; times++) ask();
  });

  assert.ok(again < 10 * first, `${again} ms for fifty times, ${first} ms for the first`);
});

test('a slot asked for within its own minute is the next one', () => {
  const question = { cron: '* * * * *', timezone: 'UTC' };

  assert.equal(
    nextRun({ ...question, after: new Date('2026-11-21T12:00:00Z') }).toISOString(),
    '2026-11-21T12:01:00.000Z',
  );
  assert.equal(
    nextRun({ ...question, after: new Date('2026-11-21T12:00:59.999Z') }).toISOString(),
    '2026-11-21T12:01:00.000Z',
  );
});
