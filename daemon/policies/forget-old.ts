import { forgetArgs, parseForget } from '../commands/restic-forget.ts';
import { resticFault } from '../commands/restic-fault.ts';
import type { ResticPlace } from '../commands/restic.ts';
import type { Fault } from '../errors.ts';
import { faultText } from '../fault-text.ts';
import { waitForLock } from '../locks/wait-for-lock.ts';
import { dropManifests } from '../manifests/manifest-files.ts';
import type { BackupJob } from './backup-job.ts';
import { guardRepository } from './guard-repository.ts';
import type { PolicyParts } from './policy-parts.ts';
import { repositoryLockFile } from './repository-place.ts';
import { callPatiently } from './restic-repository.ts';
import { patienceOf } from './run-job.ts';
import { withTrouble, type RunReport } from './run-report.ts';

/** A good backup, after which old snapshots may go. */
export interface GoodBackup {
  readonly job: BackupJob;
  readonly place: ResticPlace;
  readonly report: RunReport;
}

/**
 * Forgets the snapshots of a policy that its `keep` does not keep. Only ever called after a good backup. When it fails
 * the backup stays good: the report then carries the reason ForgetFailed.
 */
export async function forgetOld(good: GoodBackup, parts: PolicyParts): Promise<RunReport> {
  const { job, place, report } = good;
  const args = forgetArgs({ host: parts.host, policy: job.name }, job.policy.keep ?? {});
  if (args === undefined) return report;
  const untrusted = await parts.clockFault();
  if (untrusted !== undefined) return failed(report, untrusted);
  const patience = patienceOf(job, parts);
  const file = repositoryLockFile(parts.stateDir, job.policy.repository);
  const lock = await waitForLock({ file, mode: 'exclusive' }, patience);
  if (lock.kind === 'busy')
    return failed(report, {
      reason: 'LockHeld',
      message: `the repository ${job.policy.repository} was in use for too long`,
    });
  try {
    const guarded = await guardRepository(job.policy.repository, 'delete', parts);
    if (guarded !== undefined) return failed(report, guarded);
    job.onProgress({ phase: 'forget' });
    const result = await callPatiently(place, { args, locks: [job.lock, lock.descriptor] }, patience);
    if (result.code !== 0)
      return failed(report, resticFault(result, { policy: job.name, repository: job.policy.repository }));
    const { keep, remove } = parseForget(result.stdout);
    if (remove.length > 0) await dropManifests(parts.stateDir, job.name, keep);
    return { ...report, removed: remove.length };
  } finally {
    await lock.release();
  }
}

function failed(report: RunReport, fault: Fault): RunReport {
  return withTrouble(report, {
    reason: 'ForgetFailed',
    message: `the backup is good; old snapshots were not forgotten: ${faultText(fault)}`,
  });
}
