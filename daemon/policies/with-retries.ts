import type { Reason, Run } from '../../state-schema/generated/status.ts';
import { pause } from '../locks/wait-for-lock.ts';
import { nextRun } from './next-run.ts';
import type { PolicyParts } from './policy-parts.ts';
import { stopped, type RunJob } from './run-job.ts';
import type { RunReport } from './run-report.ts';

/** What may be over in a moment. Everything else fails the same way again: a wrong password, a failing guard, a full disk. */
const TRANSIENT: ReadonlySet<Reason> = new Set(['RemoteUnreachable', 'RepositoryLocked', 'LockHeld']);
/** Before each further attempt. Milliseconds. */
const PAUSES_MS = [60_000, 2 * 60_000, 5 * 60_000, 10 * 60_000, 15 * 60_000] as const;

/** What is tried, and until when it makes sense. */
export interface Attempts {
  readonly job: RunJob;
  /** Five cron fields; the next slot tries by itself. */
  readonly schedule: string;
  /** IANA name. */
  readonly timezone: string;
  readonly attempt: () => Promise<RunReport>;
}

/**
 * Tries again, with growing pauses, what failed for a reason that may be over in a moment; never past the next slot of
 * the policy, and not a moment longer than the job may go on.
 */
export async function withRetries(
  { job, schedule, timezone, attempt }: Attempts,
  parts: Pick<PolicyParts, 'clock' | 'retryPausesMs'>,
): Promise<RunReport> {
  const { clock, retryPausesMs = PAUSES_MS } = parts;
  const now = clock.now();
  // By the clock that nobody sets: one that is put back must not make an hour of it.
  const deadline =
    clock.monotonic() + (nextRun({ cron: schedule, timezone, after: now }).getTime() - now.getTime());
  let report = await attempt();
  let tries = 1;
  for (const pauseMs of retryPausesMs) {
    if (!isTransient(report) || clock.monotonic() + pauseMs >= deadline) break;
    job.onProgress({ phase: 'waiting to try again', etaSeconds: Math.ceil(pauseMs / 1000) });
    await pause(pauseMs, job.signal);
    if (job.signal.aborted) return stopped(job);
    report = await attempt();
    tries++;
  }
  return tries > 1 && isTransient(report)
    ? { ...report, message: `${report.message} (tried ${tries} times)` }
    : report;
}

function isTransient({ outcome, reason, snapshot }: Pick<Run, 'outcome' | 'reason' | 'snapshot'>): boolean {
  return outcome === 'failed' && snapshot === undefined && reason !== undefined && TRANSIENT.has(reason);
}
