import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Progress, Reason } from '../../state-schema/generated/status.ts';
import type { RunReport } from '../../daemon/policies/run-report.ts';
import type { RunJob } from '../../daemon/policies/run-job.ts';
import { withRetries } from '../../daemon/policies/with-retries.ts';
import { PATIENCE_MS } from '../rig/patience.ts';

const GOOD: RunReport = { outcome: 'ok' };

test('what may be over in a moment is tried again, and the waiting is seen', async () => {
  const rig = attempts([failed('RemoteUnreachable'), failed('RepositoryLocked'), GOOD]);

  assert.deepEqual(await rig.run({ pausesMs: [1, 2, 3] }), GOOD);
  assert.equal(rig.tries(), 3);
  assert.deepEqual(
    rig.progress.map(({ phase }) => phase),
    ['waiting to try again', 'waiting to try again'],
  );
});

test('after the last attempt the failure says how often it was tried', async () => {
  const rig = attempts([failed('RemoteUnreachable')]);

  const report = await rig.run({ pausesMs: [1, 1] });

  assert.deepEqual([report.outcome, report.message], ['failed', 'no (tried 3 times)']);
});

for (const reason of ['WrongPassword', 'RepositoryChanged', 'GuardFailed', 'NoSpace', 'TimedOut'] as const) {
  test(`${reason} is not tried again`, async () => {
    const rig = attempts([failed(reason), GOOD]);

    assert.equal((await rig.run({ pausesMs: [1] })).reason, reason);
    assert.equal(rig.tries(), 1);
  });
}

test('a run that made a snapshot is not made again, whatever failed then', async () => {
  const rig = attempts([{ ...failed('RemoteUnreachable'), snapshot: 'aaaaaaaa' }, GOOD]);

  await rig.run({ pausesMs: [1] });
  assert.equal(rig.tries(), 1);
});

test('nothing is tried past the next slot', async () => {
  const rig = attempts([failed('RemoteUnreachable'), failed('RemoteUnreachable'), GOOD]);

  // A minute and a half before the next hour.
  await rig.run({ pausesMs: [1, 90_000], now: '2026-11-21T12:58:30Z' });
  assert.equal(rig.tries(), 2);
});

test('a stop ends the waiting at once', { timeout: PATIENCE_MS }, async () => {
  const rig = attempts([failed('RemoteUnreachable')]);
  const running = rig.run({ pausesMs: [600_000] });
  rig.stop.abort({ reason: 'Cancelled', message: 'stopped by a person' });

  const report = await running;

  assert.deepEqual([report.outcome, report.reason, rig.tries()], ['cancelled', 'Cancelled', 1]);
});

interface Attempted {
  readonly progress: readonly Progress[];
  readonly stop: AbortController;
  tries(): number;
  run(how: { readonly pausesMs: readonly number[]; readonly now?: string }): Promise<RunReport>;
}

/** Attempts that end as listed, the last one again and again. */
function attempts(reports: readonly RunReport[]): Attempted {
  let tries = 0;
  const progress: Progress[] = [];
  const stop = new AbortController();
  const job: RunJob = {
    runId: 'x',
    trigger: 'schedule',
    signal: stop.signal,
    lock: 0,
    onProgress: (one) => progress.push(one),
  };
  return {
    progress,
    stop,
    tries: () => tries,
    run({ pausesMs, now = '2026-11-21T12:00:00Z' }) {
      function attempt(): Promise<RunReport> {
        return Promise.resolve(reports[Math.min(tries++, reports.length - 1)] ?? GOOD);
      }
      const clock = { now: () => new Date(now), monotonic: () => 0 };
      const what = { job, schedule: '0 * * * *', timezone: 'America/New_York', attempt };
      return withRetries(what, { clock, retryPausesMs: pausesMs });
    },
  };
}

function failed(reason: Reason): RunReport {
  return { outcome: 'failed', reason, message: 'no' };
}
