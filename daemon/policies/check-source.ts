import { readdir } from 'node:fs/promises';
import type { BackupJob } from './backup-job.ts';
import type { PolicyParts } from './policy-parts.ts';
import { realDirectory } from './real-directory.ts';
import { faultReport, type RunReport } from './run-report.ts';

/** Names that do not make a tree hold anything. */
const NOTHING = /^(?:\.anchord-.*|\.recycle|lost\+found)$/;

/** Why the source of a backup must not be backed up now; undefined when it may. */
export async function checkSource(job: BackupJob, parts: PolicyParts): Promise<RunReport | undefined> {
  const { source } = job.policy;
  const found = realDirectory(source, { root: parts.root, make: false });
  if (found.kind === 'refused') return faultReport('failed', found.fault);
  if (found.kind === 'missing') {
    return faultReport('failed', {
      reason: 'SourceMissing',
      message: `the source ${source} of ${job.name} does not exist`,
      next: `declare ${source} under directories, or correct source:`,
    });
  }
  const filesBefore = job.lastOk?.files ?? 0;
  const entries = await readdir(found.path);
  if (filesBefore === 0 || entries.some((name) => !NOTHING.test(name))) return undefined;
  return faultReport('refused', {
    reason: 'SourceMissing',
    message: `the source ${source} is empty, and the last good backup of ${job.name} had ${filesBefore} files: backing it up now would in time push the good snapshots out`,
    next: `bring the files back, or remove the policy ${job.name}`,
  });
}
