import { join } from 'node:path';
import { parseSizeBytes } from '../../state-schema/units.ts';
import { backupArgs, parseBackupLine, type BackupSummary } from '../commands/restic-backup.ts';
import type { ResticPlace } from '../commands/restic.ts';
import type { Fault } from '../errors.ts';
import { faultText } from '../fault-text.ts';
import { waitForLock } from '../locks/wait-for-lock.ts';
import type { BackupJob } from './backup-job.ts';
import { backupReport } from './backup-report.ts';
import { checkRepository } from './check-repository.ts';
import { checkSource } from './check-source.ts';
import { exclusions, type Exclusions } from './exclusions.ts';
import { forgetOld, type GoodBackup } from './forget-old.ts';
import { frozen } from './freeze.ts';
import { checkRepositoryPath } from './guard-repository.ts';
import { judgeSnapshot } from './judge-snapshot.ts';
import { makeManifest } from './make-manifest.ts';
import type { PolicyParts } from './policy-parts.ts';
import { repositoryLockFile, repositoryPlace } from './repository-place.ts';
import { callPatiently } from './restic-repository.ts';
import { patienceOf, stopped } from './run-job.ts';
import { withRetries } from './with-retries.ts';
import { faultReport, withTrouble, type RunReport } from './run-report.ts';
import { throttled } from './throttled.ts';

/** Backs a tree up into a restic repository, then forgets what its `keep` does not keep. */
export async function backup(job: BackupJob, parts: PolicyParts): Promise<RunReport> {
  const found = await repositoryPlace(job, parts);
  if (found.kind === 'fault') return faultReport('failed', found.fault);
  const { place } = found;
  const { schedule } = job.policy;
  const { timezone } = job.state.host;
  const report = await withRetries(
    { job, schedule, timezone, attempt: () => attemptBackup(job, place, parts) },
    parts,
  );
  return report.outcome === 'ok' ? await forgetOld({ job, place, report }, parts) : report;
}

async function attemptBackup(job: BackupJob, place: ResticPlace, parts: PolicyParts): Promise<RunReport> {
  const refusal = await checkSource(job, parts);
  if (refusal !== undefined) return refusal;
  const gone = checkRepositoryPath(job, parts);
  return gone === undefined ? await lockedBackup(job, place, parts) : faultReport('failed', gone);
}

/** Backups share a repository; what removes from it waits until they are done. */
async function lockedBackup(job: BackupJob, place: ResticPlace, parts: PolicyParts): Promise<RunReport> {
  job.onProgress({ phase: 'waiting for the repository' });
  const file = repositoryLockFile(parts.stateDir, job.policy.repository);
  const lock = await waitForLock({ file, mode: 'shared' }, patienceOf(job, parts));
  if (lock.kind === 'busy')
    return job.signal.aborted ? stopped(job) : faultReport('failed', lockHeld(job, lock.holder));
  try {
    const refusal = await checkRepository(job, place, parts);
    if (refusal !== undefined) return refusal;
    const report = await frozen(job, parts, () => makeSnapshot(job, place, parts));
    return report.outcome === 'ok' || report.outcome === 'partial'
      ? await withManifest({ job, place, report }, parts)
      : report;
  } finally {
    await lock.release();
  }
}

/** A backup without a sample to prove it by is a good one all the same. */
async function withManifest(made: GoodBackup, parts: PolicyParts): Promise<RunReport> {
  const { job, report } = made;
  const repository = (await parts.store.repositoryIds()).get(job.policy.repository) ?? '';
  const fault = await makeManifest({ ...made, repository }, parts);
  if (fault === undefined || report.outcome !== 'ok') return report;
  return withTrouble(report, {
    reason: 'ManifestFailed',
    message: `the backup is good; no sample was taken to prove it by: ${faultText(fault)}`,
  });
}

function lockHeld(job: BackupJob, holder: { readonly pid: number } | undefined): Fault {
  const by = holder === undefined ? '' : ` by process ${holder.pid}`;
  return {
    reason: 'LockHeld',
    message: `the repository ${job.policy.repository} was in use${by} for too long`,
    next: 'the next slot tries again; anchord policy list shows what runs',
  };
}

async function makeSnapshot(job: BackupJob, place: ResticPlace, parts: PolicyParts): Promise<RunReport> {
  const unreadable: string[] = [];
  let summary: BackupSummary | undefined;
  const tell = throttled(job.onProgress, parts.clock);
  function onLine(text: string): void {
    const line = parseBackupLine(text);
    if (line.kind === 'progress') tell(line.progress);
    if (line.kind === 'summary') summary = line.summary;
    if (line.kind === 'unreadable') unreadable.push(line.path);
  }
  const { policy, name } = job;
  const left = await exclusions(job, parts);
  const args = argsOf(job, left, parts);
  const result = await callPatiently(
    place,
    { args, onStdoutLine: onLine, locks: [job.lock] },
    patienceOf(job, parts),
  );
  if (job.signal.aborted) return stopped(job);
  for (const text of result.stderr.split('\n')) onLine(text);
  const report = backupReport({
    policy: name,
    repository: policy.repository,
    result,
    summary,
    unreadable,
  });
  return await judgeSnapshot(job, { ...report, ...noted(report, left) }, parts);
}

/** A file that is not obeyed is told, but spoils nothing: more is backed up than its author wanted. */
function noted(report: RunReport, left: Exclusions): Pick<RunReport, 'message'> {
  const words = [report.message, left.ignored].filter((text) => text !== undefined);
  return words.length === 0 ? {} : { message: words.join('; ') };
}

function argsOf(job: BackupJob, left: Exclusions, parts: PolicyParts): readonly string[] {
  const { policy, name } = job;
  return backupArgs({
    host: parts.host,
    policy: name,
    source: join(parts.root, policy.source),
    exclude: left.patterns,
    limitKiB:
      policy.bandwidth === undefined
        ? undefined
        : Math.max(1, Math.floor(parseSizeBytes(policy.bandwidth) / 1024)),
  });
}
