import { posix } from 'node:path';
import type { Progress } from '../../state-schema/generated/status.ts';
import type { Snapshot } from '../commands/restic-snapshots.ts';
import type { ResticPlace } from '../commands/restic.ts';
import type { Fault } from '../errors.ts';
import type { DirHandle } from '../files/dir-handle.ts';
import { waitForLock } from '../locks/wait-for-lock.ts';
import { knownRepository } from '../policies/known-repository.ts';
import type { PolicyParts } from '../policies/policy-parts.ts';
import { repositoryLockFile, repositoryPlace, type NamedBackup } from '../policies/repository-place.ts';
import { bringBack } from './bring-back.ts';
import { findSnapshot, readSnapshots } from './find-snapshot.ts';
import type { RestoreReport, RestoreRequest } from './restore-request.ts';
import { safeTarget } from './safe-target.ts';
import { select, type Selection } from './selection.ts';
import { targetLockFile } from './stage.ts';
import { openTarget } from './target.ts';

/** How long a restore waits for a repository that something is removed from. Milliseconds. */
const LOCK_WAIT_MS = 10 * 60_000;

/** One restore from a restic repository. */
export interface SnapshotRestore {
  readonly request: RestoreRequest;
  readonly backup: NamedBackup;
  readonly parts: PolicyParts;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

/** What is restored, once it is found. */
export interface Found {
  readonly place: ResticPlace;
  readonly snapshot: Snapshot;
  readonly selection: Selection;
}

/**
 * Restores from a policy's repository into a folder: into a part of it that nobody else can enter, where it is compared
 * with what the snapshot says, and only then to where it was asked for.
 */
export async function restoreSnapshot(restore: SnapshotRestore): Promise<RestoreReport | Fault> {
  const { request, parts, backup, signal } = restore;
  const refusal = (await safeTarget(request, { state: backup.state, parts })) ?? (await unguarded(restore));
  if (refusal !== undefined) return refusal;
  const patience = { clock: parts.clock, waitMs: parts.lockWaitMs ?? LOCK_WAIT_MS, signal };
  const file = repositoryLockFile(parts.stateDir, backup.policy.repository);
  const lock = await waitForLock({ file, mode: 'shared' }, patience);
  if (lock.kind === 'busy') return inUse(`the repository ${backup.policy.repository}`);
  try {
    const found = await find(restore);
    if ('reason' in found) return found;
    const folderLock = targetLockFile(parts.stateDir, request.to);
    const own = await waitForLock({ file: folderLock, mode: 'exclusive' }, { ...patience, waitMs: 0 });
    if (own.kind === 'busy') return inUse(request.to);
    try {
      return await intoFolder(restore, found, [lock.descriptor, own.descriptor]);
    } finally {
      await own.release();
    }
  } finally {
    await lock.release();
  }
}

async function intoFolder(
  restore: SnapshotRestore,
  found: Found,
  locks: readonly number[],
): Promise<RestoreReport | Fault> {
  const { request } = restore;
  const opened = openTarget(request.to);
  if (opened.kind === 'refused') return opened.fault;
  using folder: DirHandle = opened.folder;
  return await bringBack({ ...restore, ...found, folder, locks });
}

async function unguarded({ parts, backup }: SnapshotRestore): Promise<Fault | undefined> {
  const { repository } = backup.policy;
  return repository.startsWith('/') ? await parts.guard(repository, 'read') : undefined;
}

async function find(restore: SnapshotRestore): Promise<Found | Fault> {
  const { request, parts, backup, signal } = restore;
  const { name, policy } = backup;
  const had = await repositoryPlace(backup, parts);
  if (had.kind === 'fault') return had.fault;
  const { place } = had;
  const subject = { policy: name, repository: policy.repository };
  const id = await knownRepository(backup, place, { parts, signal });
  if (id.kind === 'fault') return id.fault;
  const list = await readSnapshots(place, subject, signal);
  if (list.kind === 'fault') return list.fault;
  const snapshot = findSnapshot(list.snapshots, request.snapshot, { host: parts.host, policy: name });
  if ('reason' in snapshot) return snapshot;
  const path = request.path === undefined ? undefined : posix.resolve('/', request.path);
  const selection = select({ snapshot, source: policy.source, path });
  return 'reason' in selection ? selection : { place, snapshot, selection };
}

function inUse(what: string): Fault {
  return {
    reason: 'LockHeld',
    message: `${what} is in use`,
    next: 'try again when that has ended; anchord policy list shows what runs',
  };
}
