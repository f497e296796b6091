import type { ResticPlace } from '../commands/restic.ts';
import type { Fault } from '../errors.ts';
import type { PolicyParts } from './policy-parts.ts';
import type { NamedBackup } from './repository-place.ts';
import { readRepositoryId, type RepositoryId } from './restic-repository.ts';

/**
 * Reads the id of a policy's repository and compares it with the one that was remembered when a person made or adopted it;
 * one that nobody did is taken as it is, for it is only read.
 */
export async function knownRepository(
  { name, policy }: NamedBackup,
  place: ResticPlace,
  { parts, signal }: { readonly parts: Pick<PolicyParts, 'store'>; readonly signal: AbortSignal },
): Promise<RepositoryId> {
  const { repository } = policy;
  const found = await readRepositoryId(place, { policy: name, repository }, signal);
  if (found.kind === 'fault') return found;
  const remembered = (await parts.store.repositoryIds()).get(repository);
  if (remembered === undefined || remembered === found.id) return found;
  const fault: Fault = {
    reason: 'RepositoryChanged',
    message: `the repository at ${repository} is another one than ${name} was initialised with: its id is ${found.id.slice(0, 8)}…, expected ${remembered.slice(0, 8)}…`,
    next: `find out who replaced it; to go on with this one: anchord policy init ${name}`,
  };
  return { kind: 'fault', fault };
}
