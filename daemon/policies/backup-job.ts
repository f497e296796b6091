import type { NamedBackup } from './repository-place.ts';
import type { RunJob } from './run-job.ts';

/** One run of a backup policy. */
export interface BackupJob extends NamedBackup, RunJob {}
