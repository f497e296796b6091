import type { BackupSummary } from '../commands/restic-backup.ts';
import { resticFault } from '../commands/restic-fault.ts';
import type { RunResult } from '../process/run.ts';
import { faultText } from '../fault-text.ts';
import { faultReport, type RunReport } from './run-report.ts';

const SUCCESS = 0;
/** The snapshot was made, and some of the source could not be read. */
const INCOMPLETE = 3;
const UNREADABLE_LIMIT = 20;

/** How `restic backup` ended, and what it printed. */
export interface EndedBackup {
  readonly policy: string;
  readonly repository: string;
  readonly result: RunResult;
  readonly summary: BackupSummary | undefined;
  readonly unreadable: readonly string[];
}

/** What a backup came to. There is a snapshot only when both the exit code and the summary say so. Pure. */
export function backupReport(ended: EndedBackup): RunReport {
  const { result, summary } = ended;
  const code = result.end === 'exited' ? result.code : undefined;
  if (summary === undefined || (code !== SUCCESS && code !== INCOMPLETE))
    return faultReport('failed', resticFault(result, ended));
  if (code === INCOMPLETE) {
    return {
      ...summary,
      outcome: 'partial',
      reason: 'BackupPartial',
      message: faultText({
        message: `the snapshot was made without what could not be read (${some(ended.unreadable)}); nothing was forgotten`,
        next: 'make it readable, or exclude it',
      }),
      unreadable: ended.unreadable.slice(0, UNREADABLE_LIMIT),
    };
  }
  return { ...summary, outcome: 'ok' };
}

function some(paths: readonly string[]): string {
  if (paths.length === 0) return 'restic did not say what';
  return paths.length === 1 ? `${paths[0]}` : `${paths.length} paths, the first is ${paths[0]}`;
}
