import { parseDurationSeconds } from '../../state-schema/units.ts';
import type { Fault } from '../errors.ts';
import type { NamedPolicy } from './named-policy.ts';
import type { RunJob } from './run-job.ts';
import type { RunReport } from './run-report.ts';

/** A longer timer would go off at once. About 24 days. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Carries a job out, and stops it when it takes longer than `timeout:` of its policy: whatever it does then, waiting as well. */
export async function withTimeout<Job extends RunJob>(
  { name, policy }: Pick<NamedPolicy, 'name' | 'policy'>,
  job: Job,
  run: (job: Job) => Promise<RunReport>,
): Promise<RunReport> {
  const { timeout } = policy;
  if (timeout === undefined) return await run(job);
  const late = new AbortController();
  const why: Fault = {
    reason: 'TimedOut',
    message: `${name} took longer than its timeout of ${timeout} and was stopped`,
    next: `look at what is slow, or raise timeout: of ${name}`,
  };
  const ms = Math.min(parseDurationSeconds(timeout) * 1000, LONGEST_TIMER_MS);
  const timer = setTimeout(() => late.abort(why), ms);
  try {
    return await run({ ...job, signal: AbortSignal.any([job.signal, late.signal]) });
  } finally {
    clearTimeout(timer);
  }
}
