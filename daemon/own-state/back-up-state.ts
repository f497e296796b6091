import { backupArgs, parseBackupLine, type BackupSummary } from '../commands/restic-backup.ts';
import { forgetIdsArgs, forgetPlanArgs, parseForget } from '../commands/restic-forget.ts';
import { resticFault } from '../commands/restic-fault.ts';
import type { ResticPlace } from '../commands/restic.ts';
import type { Fault } from '../errors.ts';
import { waitForLock } from '../locks/wait-for-lock.ts';
import { guardRepository } from '../policies/guard-repository.ts';
import { knownRepository } from '../policies/known-repository.ts';
import type { NamedPolicy } from '../policies/named-policy.ts';
import type { PolicyParts } from '../policies/policy-parts.ts';
import { notSetUp, programFault } from '../policies/preflight.ts';
import { repositoryLockFile, repositoryPlace, type NamedBackup } from '../policies/repository-place.ts';
import { callPatiently } from '../policies/restic-repository.ts';
import { patienceOf, stopped, type RunJob } from '../policies/run-job.ts';
import { faultReport, type RunReport } from '../policies/run-report.ts';
import type { StatePolicy } from '../policies/runnable-policies.ts';
import { makeScratch } from '../policies/scratch.ts';

/** So many snapshots of the state are kept: by number, not by age, so that no clock decides. */
const KEPT = 60;

type NamedState = NamedPolicy<StatePolicy>;

/** The backup whose repository it uses, under the name of the state's own policy. Pure. */
export function stateBackup({ policy, state }: NamedState): NamedBackup {
  return { name: policy.of, policy: policy.backup, state };
}

/** Why it cannot begin now: as the backup whose repository it uses. */
export async function statePreflight(named: NamedState, parts: PolicyParts): Promise<Fault | undefined> {
  return (
    (await notSetUp(stateBackup(named), parts)) ??
    (await guardRepository(named.policy.backup.repository, 'write', parts)) ??
    (await programFault(parts.path))
  );
}

/** Backs up what anchord itself remembers: a copy of the database at one moment, the audit, the hashes for drills. No secret is in it. */
export async function backUpState(named: NamedState, job: RunJob, parts: PolicyParts): Promise<RunReport> {
  const backup = stateBackup(named);
  const { repository } = backup.policy;
  const had = await repositoryPlace(backup, parts);
  if (had.kind === 'fault') return faultReport('failed', had.fault);
  const file = repositoryLockFile(parts.stateDir, repository);
  job.onProgress({ phase: 'waiting for the repository' });
  const lock = await waitForLock({ file, mode: 'shared' }, patienceOf(job, parts));
  if (job.signal.aborted) return stopped(job);
  if (lock.kind === 'busy') return faultReport('failed', inUse(repository));
  let report: RunReport;
  try {
    const id = await knownRepository(backup, had.place, { parts, signal: job.signal });
    if (id.kind === 'fault') return faultReport('failed', id.fault);
    report = await makeSnapshot(named, { job, place: had.place, locks: [job.lock, lock.descriptor] }, parts);
  } finally {
    await lock.release();
  }
  if (job.signal.aborted) return stopped(job);
  return report.outcome === 'ok' ? await forgetOld(named, { job, place: had.place, report }, parts) : report;
}

async function makeSnapshot(
  named: NamedState,
  {
    job,
    place,
    locks,
  }: { readonly job: RunJob; readonly place: ResticPlace; readonly locks: readonly number[] },
  parts: PolicyParts,
): Promise<RunReport> {
  job.onProgress({ phase: 'copy' });
  await using scratch = await makeScratch(parts.stateDir, named.name);
  await parts.copyState?.(scratch.path);
  let summary: BackupSummary | undefined;
  const args = backupArgs({ host: parts.host, policy: named.name, source: scratch.path, exclude: [] });
  job.onProgress({ phase: 'backup' });
  const call = {
    args,
    locks,
    onStdoutLine(text: string): void {
      const line = parseBackupLine(text);
      if (line.kind === 'summary') summary = line.summary;
    },
  };
  const result = await callPatiently(place, call, patienceOf(job, parts));
  if (result.code === 0 && summary !== undefined) return { ...summary, outcome: 'ok' };
  return faultReport('failed', resticFault(result, subjectOf(named)));
}

/** Only its own, and only by number. Somebody who uses the repository is not waited for: the next run does it. */
async function forgetOld(
  named: NamedState,
  { job, place, report }: { readonly job: RunJob; readonly place: ResticPlace; readonly report: RunReport },
  parts: PolicyParts,
): Promise<RunReport> {
  const { repository } = named.policy.backup;
  const args = forgetPlanArgs({ host: parts.host, policy: named.name }, { last: KEPT });
  const file = repositoryLockFile(parts.stateDir, repository);
  const lock = await waitForLock({ file, mode: 'exclusive' }, { ...patienceOf(job, parts), waitMs: 0 });
  if (lock.kind === 'busy' || args === undefined) return report;
  try {
    const locks = [job.lock, lock.descriptor];
    const patience = { ...patienceOf(job, parts), waitMs: 0 };
    const listed = await callPatiently(place, { args, locks }, patience);
    if (listed.code !== 0) return report;
    const ids = parseForget(listed.stdout).remove.map(({ id }) => id);
    if (ids.length === 0 || (await guardRepository(repository, 'delete', parts)) !== undefined) return report;
    const removed = await callPatiently(place, { args: forgetIdsArgs(ids), locks }, patience);
    return removed.code === 0 ? { ...report, removed: ids.length } : report;
  } finally {
    await lock.release();
  }
}

function subjectOf({ name, policy }: NamedState): { readonly policy: string; readonly repository: string } {
  return { policy: name, repository: policy.backup.repository };
}

function inUse(repository: string): Fault {
  return {
    reason: 'LockHeld',
    message: `the repository ${repository} was in use for too long`,
    next: 'the next slot tries again; anchord policy list shows what runs',
  };
}
