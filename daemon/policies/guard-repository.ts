import type { Fault } from '../errors.ts';
import type { GuardUse } from '../guards/guard-use.ts';
import type { PolicyParts } from './policy-parts.ts';
import { realDirectory } from './real-directory.ts';
import { remoteOf, type NamedBackup } from './repository-place.ts';

/** Why the disk of a repository must not be used now; nothing of this host guards a remote. */
export async function guardRepository(
  repository: string,
  use: GuardUse,
  parts: Pick<PolicyParts, 'guard'>,
): Promise<Fault | undefined> {
  return remoteOf(repository) === undefined ? await parts.guard(repository, use) : undefined;
}

/** Why the folder of a local repository cannot be used; whether one on a remote is there, only restic can say. */
export function checkRepositoryPath(
  { name, policy }: NamedBackup,
  parts: Pick<PolicyParts, 'root'>,
): Fault | undefined {
  const { repository } = policy;
  if (remoteOf(repository) !== undefined) return undefined;
  const found = realDirectory(repository, { root: parts.root, make: false });
  if (found.kind === 'refused') return found.fault;
  if (found.kind === 'directory') return undefined;
  return {
    reason: 'RepositoryMissing',
    message: `the repository ${repository} of ${name} is gone: there is no such directory`,
    next: `bring it back; to begin a new one: anchord policy init ${name}`,
  };
}
