import { readdir } from 'node:fs/promises';
import { initArgs } from '../commands/restic-init.ts';
import { resticFault } from '../commands/restic-fault.ts';
import { runRestic, type ResticPlace } from '../commands/restic.ts';
import type { Fault } from '../errors.ts';
import { waitForLock } from '../locks/wait-for-lock.ts';
import { guardRepository } from './guard-repository.ts';
import type { NamedPolicy } from './named-policy.ts';
import type { PolicyParts } from './policy-parts.ts';
import { realDirectory } from './real-directory.ts';
import { remoteOf, repositoryLockFile, repositoryPlace, type NamedBackup } from './repository-place.ts';
import { readRepositoryId } from './restic-repository.ts';
import { shellWord } from '../shell-word.ts';

/** An init that a killed anchord began may still be at it; restic takes a second or two. Milliseconds. */
const LOCK_WAIT_MS = 10_000;

const UNFINISHED: ReadonlySet<string> = new Set(['data', 'index', 'keys', 'locks', 'snapshots', 'tmp']);

/** `created`: a new repository was made. `adopted`: there was one that the password opens. From now on only it is used. */
export type InitResult =
  | { readonly kind: 'created' | 'adopted'; readonly id: string }
  | { readonly kind: 'refused'; readonly fault: Fault };

/**
 * Makes the repository of a policy, or adopts the one that is there, and remembers its id. Only ever because a person
 * said so: made by itself, a repository on a disk that is away would look like a backup.
 */
export async function initRepository(backup: NamedBackup, parts: PolicyParts): Promise<InitResult> {
  const { policy } = backup;
  const guarded = await guardRepository(policy.repository, 'write', parts);
  if (guarded !== undefined) return { kind: 'refused', fault: guarded };
  const found = await repositoryPlace(backup, parts);
  if (found.kind === 'fault') return { kind: 'refused', fault: found.fault };
  const lock = await waitForLock(
    { file: repositoryLockFile(parts.stateDir, policy.repository), mode: 'exclusive' },
    {
      clock: parts.clock,
      waitMs: parts.lockWaitMs ?? LOCK_WAIT_MS,
      signal: new AbortController().signal,
    },
  );
  if (lock.kind === 'busy') {
    return refused({
      reason: 'LockHeld',
      message: `the repository ${policy.repository} is in use`,
      next: 'try again when its run has ended',
    });
  }
  try {
    return await createOrAdopt(backup, { place: found.place, lock: lock.descriptor }, parts);
  } finally {
    await lock.release();
  }
}

async function createOrAdopt(
  backup: NamedBackup,
  { place, lock }: { readonly place: ResticPlace; readonly lock: number },
  parts: PolicyParts,
): Promise<InitResult> {
  const { repository } = backup.policy;
  const isLocal = remoteOf(repository) === undefined;
  const unsafe = isLocal ? makeDirectory(repository, parts) : undefined;
  if (unsafe !== undefined) return refused(unsafe);
  const subject = { policy: backup.name, repository };
  const existing = await readRepositoryId(place, subject);
  if (existing.kind === 'id') {
    await parts.store.rememberRepository(repository, existing.id);
    return { kind: 'adopted', id: existing.id };
  }
  if (existing.fault.reason !== 'RepositoryMissing') return refused(existing.fault);
  const strange = isLocal ? await foreignContent(place.repository, repository) : undefined;
  if (strange !== undefined) return refused(strange);
  // Two restics that make one repository at once give it two master keys, and none opens it.
  const made = await runRestic(place, { args: initArgs(), locks: [lock] });
  if (made.code !== 0) return refused(resticFault(made, subject));
  const created = await readRepositoryId(place, subject);
  if (created.kind === 'fault') return refused(created.fault);
  await parts.store.rememberRepository(repository, created.id);
  return { kind: 'created', id: created.id };
}

/** Why a policy of another kind than a backup has nothing to initialise. Pure. */
export function noRepository({ name, policy }: NamedPolicy): Fault {
  return {
    reason: 'NotDeclared',
    message: `${name} is a ${policy.kind} and has no repository of its own: only a backup is initialised`,
    next: 'anchord policy list',
  };
}

/** What a restic that was killed during init leaves may be there; anything else belongs to somebody. */
async function foreignContent(path: string, repository: string): Promise<Fault | undefined> {
  const foreign = (await readdir(path)).find((name) => !UNFINISHED.has(name));
  if (foreign === undefined) return undefined;
  return {
    reason: 'RepositoryMissing',
    message: `${repository} is no restic repository and not empty: it holds ${JSON.stringify(foreign)}`,
    next: 'name an empty directory as repository:',
  };
}

function makeDirectory(repository: string, parts: PolicyParts): Fault | undefined {
  const directory = realDirectory(repository, { root: parts.root, make: true });
  if (directory.kind === 'refused') return directory.fault;
  if (directory.kind === 'missing') {
    return {
      reason: 'RepositoryMissing',
      message: `${repository} vanished while it was made`,
      next: 'look who removes it',
    };
  }
  if (directory.uid === 0 || directory.uid === process.geteuid?.()) return undefined;
  return {
    reason: 'NotPermitted',
    message: `${repository} belongs to uid ${directory.uid}, who could delete every backup in it; it must belong to root`,
    next: `chown root:root ${shellWord(repository)} && chmod 0700 ${shellWord(repository)}`,
  };
}

function refused(fault: Fault): InitResult {
  return { kind: 'refused', fault };
}
