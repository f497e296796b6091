import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keepWords } from '../../daemon/policies/keep-words.ts';
import { policyStatus, type PolicyFacts } from '../../daemon/policies/policy-status.ts';
import type { PolicyStatus, Run } from '../../state-schema/generated/status.ts';
import { backupPolicy } from './policy-rig.ts';

const ROW = { policy: 'local', cron: '0 * * * *', timezone: 'UTC', nextRunAt: '2026-11-21T13:00:00Z' };
const GOOD: Run = {
  id: '1',
  policy: 'local',
  trigger: 'schedule',
  outcome: 'ok',
  files: 12,
  snapshot: '0e16d3264bf0',
  startedAt: '2026-11-21T12:00:00Z',
  endedAt: '2026-11-21T12:01:00Z',
};

test('a policy that never ran says so, and when it will', () => {
  const status = statusOf({});

  assert.deepEqual(
    [status.state, status.reason, status.nextRunAt],
    ['never-run', 'NeverRun', '2026-11-21T13:00:00Z'],
  );
  assert.deepEqual(
    [status.source, status.target, status.keep],
    ['/flux', '/space/repo', 'everything, for ever'],
  );
});

test('a good run with the last value of a secret is not all well, and says why', () => {
  const stale = {
    reason: 'SecretStale',
    message: 'the vault is away; the last value known is used',
  } as const;

  const status = statusOf({ last: GOOD, lastOk: GOOD, stale });

  assert.deepEqual([status.state, status.reason, status.message], ['partial', stale.reason, stale.message]);
});

test('a good run is told with its files, its snapshot and its end', () => {
  const status = statusOf({ last: GOOD, lastOk: GOOD });

  assert.deepEqual(
    [status.state, status.message, status.lastSuccessAt],
    ['ok', '12 files in snapshot 0e16d326, 2026-11-21T12:01:00Z', '2026-11-21T12:01:00Z'],
  );
});

test('silence becomes overdue half a period after the slot that should have been good, plus the time a run takes', () => {
  const before = statusOf({ last: GOOD, lastOk: GOOD, now: new Date('2026-11-21T13:31:59Z') });
  const after = statusOf({ last: GOOD, lastOk: GOOD, now: new Date('2026-11-21T13:32:00Z') });

  assert.equal(before.overdueAfter, '2026-11-21T13:32:00Z');
  assert.deepEqual([before.state, after.state, after.reason], ['ok', 'overdue', 'Overdue']);
  assert.match(after.message, /last good run ended at 2026-11-21T12:01:00Z/);
});

test('a good run from a time when the clock was wrong does not vouch for years', () => {
  const future = { ...GOOD, startedAt: '2043-01-01T00:00:00Z', endedAt: '2043-01-01T00:01:00Z' };

  assert.equal(
    statusOf({ last: future, lastOk: future, now: new Date('2026-11-21T12:30:00Z') }).overdueAfter,
    '2026-11-21T13:32:00Z',
  );
});

test('the last failure, refusal or incomplete run is the state, with its own words', () => {
  const failed = statusOf({
    last: { ...GOOD, outcome: 'failed', reason: 'WrongPassword', message: 'no' },
    lastOk: GOOD,
  });
  const refused = statusOf({
    last: { ...GOOD, outcome: 'refused', reason: 'RepositoryChanged', message: 'other' },
    lastOk: GOOD,
  });
  const partial = statusOf({
    last: { ...GOOD, outcome: 'partial', reason: 'BackupPartial', message: 'some' },
    lastOk: GOOD,
  });
  const unforgotten = statusOf({
    last: { ...GOOD, reason: 'ForgetFailed', message: 'locked' },
    lastOk: GOOD,
  });

  assert.deepEqual(
    [failed, refused, partial, unforgotten].map((one) => [one.state, one.reason, one.message]),
    [
      ['failed', 'WrongPassword', 'no'],
      ['failed', 'RepositoryChanged', 'other'],
      ['partial', 'BackupPartial', 'some'],
      ['partial', 'ForgetFailed', 'locked'],
    ],
  );
});

test('a run under way comes before everything, what holds a due run before the last run', () => {
  const hold = { reason: 'NotMounted', message: '/flux is away', next: 'mount it' } as const;
  const running = { startedAt: '2026-11-21T12:00:00Z', progress: { phase: 'backup', percent: 3 } };
  const bad: Run = { ...GOOD, outcome: 'failed' };

  assert.deepEqual(statusOf({ hold, running, last: bad }).state, 'running');
  assert.deepEqual(statusOf({ hold, running, last: bad }).progress, running.progress);
  assert.deepEqual(
    [statusOf({ hold, last: bad }).state, statusOf({ hold, last: bad }).message],
    ['waiting', '/flux is away; next: mount it'],
  );
});

test('a delay moves the next run that is shown', () => {
  assert.equal(statusOf({ delayMs: 90_000 }).nextRunAt, '2026-11-21T13:01:30Z');
});

test('retention is told in words', () => {
  assert.equal(keepWords({ hourly: 24, daily: 7 }), '24 hourly, 7 daily');
  assert.equal(
    keepWords({ last: 3, yearly: 1, within: '30d' }),
    'the newest 3, 1 yearly, all of the last 30d',
  );
  assert.equal(keepWords(undefined), 'everything, for ever');
});

function statusOf(change: Partial<PolicyFacts>): PolicyStatus {
  return policyStatus({
    name: 'local',
    policy: backupPolicy(),
    timezone: 'UTC',
    row: ROW,
    delayMs: 0,
    now: new Date('2026-11-21T12:30:00Z'),
    ...change,
  });
}
