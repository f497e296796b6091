import type { Progress, Run } from '../../state-schema/generated/status.ts';
import type { Fault } from '../errors.ts';
import type { LockPatience } from '../locks/wait-for-lock.ts';
import type { PolicyParts } from './policy-parts.ts';
import { faultReport, type RunReport } from './run-report.ts';

/** How long a run waits for what is in use, when nobody says. */
const LOCK_WAIT_MS = 10 * 60_000;

/** One run of a policy, as its kind sees it. */
export interface RunJob {
  readonly runId: string;
  readonly trigger: Run['trigger'];
  /** Ends the run; its reason is the Fault that says why. */
  readonly signal: AbortSignal;
  /** Descriptor of the policy's lock: the programs it starts keep it for as long as they run, even when anchord is killed. */
  readonly lock: number;
  readonly onProgress: (progress: Progress) => void;
  /** The last good run, to tell an empty source from one that was always empty. */
  readonly lastOk?: Run | undefined;
}

/** How long a job waits for what others use. */
export function patienceOf(job: RunJob, parts: PolicyParts): LockPatience {
  return { clock: parts.clock, waitMs: parts.lockWaitMs ?? LOCK_WAIT_MS, signal: job.signal };
}

/** The report of a job that was stopped: by a person, because the daemon ends, or because it took too long, which is a failure. */
export function stopped(job: RunJob): RunReport {
  const why = job.signal.reason as Fault;
  return faultReport(why.reason === 'TimedOut' ? 'failed' : 'cancelled', why);
}
