import type { Progress, Run } from '../../state-schema/generated/status.ts';
import type { Fault } from '../errors.ts';
import type { LockPatience } from '../locks/wait-for-lock.ts';
import type { PolicyParts } from './policy-parts.ts';
import type { NamedBackup } from './repository-place.ts';
import { faultReport, type RunReport } from './run-report.ts';

/** How long a run waits for a repository that is in use, when nobody says. */
const LOCK_WAIT_MS = 10 * 60_000;

/** One run of a backup policy. */
export interface BackupJob extends NamedBackup {
  /** Ends the run; its reason is the Fault that says why. */
  readonly signal: AbortSignal;
  /** Descriptor of the policy's lock: restic keeps it for as long as it runs, even when anchord is killed. */
  readonly lock: number;
  readonly onProgress: (progress: Progress) => void;
  /** The last good run, to tell an empty source from one that was always empty. */
  readonly lastOk?: Run | undefined;
}

/** How long a job waits for what others use. */
export function patienceOf(job: BackupJob, parts: PolicyParts): LockPatience {
  return { clock: parts.clock, waitMs: parts.lockWaitMs ?? LOCK_WAIT_MS, signal: job.signal };
}

/** The report of a job that was stopped, by a person or because the daemon ends. */
export function stopped(job: BackupJob): RunReport {
  return faultReport('cancelled', job.signal.reason as Fault);
}
