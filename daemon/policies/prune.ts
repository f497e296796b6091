import { statfs } from 'node:fs/promises';
import { pruneArgs, prunedSize } from '../commands/restic-prune.ts';
import { resticFault } from '../commands/restic-fault.ts';
import type { ResticPlace } from '../commands/restic.ts';
import type { Fault } from '../errors.ts';
import { waitForLock } from '../locks/wait-for-lock.ts';
import { checkRepository } from './check-repository.ts';
import { checkRepositoryPath, guardRepository } from './guard-repository.ts';
import type { NamedPolicy } from './named-policy.ts';
import type { PolicyParts } from './policy-parts.ts';
import { preflight } from './preflight.ts';
import { remoteOf, repositoryLockFile, repositoryPlace, type NamedBackup } from './repository-place.ts';
import { callPatiently } from './restic-repository.ts';
import { patienceOf, stopped, type RunJob } from './run-job.ts';
import { faultReport, type RunReport } from './run-report.ts';
import type { PrunePolicy } from './runnable-policies.ts';
import { suspectFault } from './suspect-fault.ts';
import { readSuspicion } from './suspects.ts';
import { withRetries } from './with-retries.ts';

/** Written anew in one prune of a repository on a remote, at the most: it is fetched and sent. Bytes. */
const REMOTE_REPACK = 20 * 1024 ** 3;
/** With less room than this on its disk nothing is written anew. Bytes. */
const ROOM = 1024 ** 3;

/** The prune of a backup policy. */
export type NamedPrune = NamedPolicy<PrunePolicy>;

/** Why a prune cannot begin now: as its backup, or a suspect snapshot of the same repository, or the clock. */
export async function prunePreflight(prune: NamedPrune, parts: PolicyParts): Promise<Fault | undefined> {
  return (
    (await preflight(backupOf(prune), parts)) ??
    (await suspicionOf(prune, parts)) ??
    (await parts.clockFault())
  );
}

/** The backup that a prune belongs to. Pure. */
export function backupOf({ policy, state }: NamedPrune): NamedBackup {
  return { name: policy.of, policy: policy.backup, state };
}

/** Gives the space of forgotten snapshots back, while nobody else uses the repository. */
export async function prune(named: NamedPrune, job: RunJob, parts: PolicyParts): Promise<RunReport> {
  const { schedule } = named.policy;
  const { timezone } = named.state.host;
  const report = await withRetries(
    { job, schedule, timezone, attempt: () => attemptPrune(named, job, parts) },
    parts,
  );
  return report.message === undefined ? report : { ...report, message: parts.secrets.redact(report.message) };
}

async function attemptPrune(named: NamedPrune, job: RunJob, parts: PolicyParts): Promise<RunReport> {
  const backup = backupOf(named);
  const { repository } = backup.policy;
  const found = await repositoryPlace(backup, parts);
  if (found.kind === 'fault') return faultReport('failed', found.fault);
  const gone = checkRepositoryPath(backup, parts);
  if (gone !== undefined) return faultReport('failed', gone);
  job.onProgress({ phase: 'waiting for the repository' });
  const file = repositoryLockFile(parts.stateDir, repository);
  const lock = await waitForLock({ file, mode: 'exclusive' }, patienceOf(job, parts));
  if (job.signal.aborted) return stopped(job);
  if (lock.kind === 'busy')
    return faultReport('failed', {
      reason: 'LockHeld',
      message: `the repository ${repository} was in use for too long`,
      next: 'the next slot tries again; anchord policy list shows what runs',
    });
  try {
    const refusal = await checkRepository({ ...backup, ...job }, found.place, parts);
    return refusal ?? (await locked(named, { job, place: found.place, lock: lock.descriptor }, parts));
  } finally {
    await lock.release();
  }
}

async function locked(
  named: NamedPrune,
  { job, place, lock }: { readonly job: RunJob; readonly place: ResticPlace; readonly lock: number },
  parts: PolicyParts,
): Promise<RunReport> {
  const { repository } = named.policy.backup;
  const refusal = (await suspicionOf(named, parts)) ?? (await mayDelete(repository, parts));
  if (refusal !== undefined) return faultReport('refused', refusal);
  job.onProgress({ phase: 'prune' });
  const maxRepack = remoteOf(repository) === undefined ? await roomFor(place.repository) : REMOTE_REPACK;
  const result = await callPatiently(
    place,
    { args: pruneArgs({ maxRepack }), locks: [job.lock, lock] },
    patienceOf(job, parts),
  );
  if (job.signal.aborted) return stopped(job);
  if (result.code !== 0)
    return faultReport('failed', resticFault(result, { policy: named.name, repository }));
  const after = await guardRepository(repository, 'read', parts);
  if (after !== undefined) return faultReport('failed', after);
  const size = prunedSize(result.stdout);
  return { outcome: 'ok', ...(size === undefined ? {} : { message: `${size} of ${repository} given back` }) };
}

/** Of this policy, and of all others whose snapshots are in the same repository. */
async function suspicionOf({ policy, state }: NamedPrune, parts: PolicyParts): Promise<Fault | undefined> {
  const sharers = Object.entries(state.policies).filter(
    ([, other]) => other.kind === 'backup' && other.repository === policy.backup.repository,
  );
  for (const [name] of sharers) {
    const { open } = await readSuspicion(parts.store, name);
    if (open.length > 0) return suspectFault(name, open);
  }
  return undefined;
}

async function mayDelete(repository: string, parts: PolicyParts): Promise<Fault | undefined> {
  return (await parts.clockFault()) ?? (await guardRepository(repository, 'delete', parts));
}

/** New packs are written before old ones go: half of what is free, and nothing on a disk that is nearly full. */
async function roomFor(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(path);
  const free = bavail * bsize;
  return free < ROOM ? 0 : free / 2;
}
