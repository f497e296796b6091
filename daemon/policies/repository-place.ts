import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { parseRepository } from '../../state-schema/parse-repository.ts';
import type { BackupPolicy } from '../../state-schema/generated/state-file.ts';
import type { ResticPlace } from '../commands/restic.ts';
import type { Fault } from '../errors.ts';
import { resticBackend } from '../remotes/restic-backend.ts';
import type { NamedPolicy } from './named-policy.ts';
import type { PolicyParts } from './policy-parts.ts';
import { environmentOf } from './remote-place.ts';

/** A backup policy of the current revision. */
export type NamedBackup = NamedPolicy<BackupPolicy>;

/** What restic needs to work on a policy's repository, or why it cannot be had. */
export type PlaceResult =
  | { readonly kind: 'place'; readonly place: ResticPlace }
  | { readonly kind: 'fault'; readonly fault: Fault };

/** Puts together what restic needs to work on the repository of a policy. */
export async function repositoryPlace(backup: NamedBackup, parts: PolicyParts): Promise<PlaceResult> {
  const { policy, state } = backup;
  const secret = await parts.secrets.resolve(policy.password.secret, state.secrets);
  if (secret.kind === 'missing') return { kind: 'fault', fault: secret.fault };
  const reached = await reach(backup, parts);
  if (reached.kind === 'fault') return reached;
  return {
    kind: 'place',
    place: {
      ...reached.where,
      password: secret.value,
      redact: parts.secrets.redact,
      stateDir: parts.stateDir,
      path: parts.path,
      timezone: state.host.timezone,
      priority: { nice: policy.nice, ionice: policy.ionice },
    },
  };
}

type Reached =
  | { readonly kind: 'reached'; readonly where: Pick<ResticPlace, 'repository' | 'remotes' | 'options'> }
  | { readonly kind: 'fault'; readonly fault: Fault };

/** On a disk of this host, by rclone, or by restic itself. */
async function reach({ policy, state }: NamedBackup, parts: PolicyParts): Promise<Reached> {
  const location = parseRepository(policy.repository);
  if (location.kind === 'local')
    return { kind: 'reached', where: { repository: join(parts.root, location.path) } };
  const { backend, remote, place } = location;
  const found = await environmentOf({ remote, state }, parts);
  if (found.kind === 'fault') return found;
  const byItself = resticBackend({ backend, place, options: found.options });
  if (byItself === undefined)
    return { kind: 'reached', where: { repository: `rclone:${remote}:${place}`, remotes: found.variables } };
  const { repository, variables, options } = byItself;
  return { kind: 'reached', where: { repository, remotes: variables, options } };
}

/** The remote that a repository lies on; undefined for one on a disk of this host. Pure. */
export function remoteOf(repository: string): string | undefined {
  const location = parseRepository(repository);
  return location.kind === 'remote' ? location.remote : undefined;
}

/** The file whose lock says who uses a repository; the location is as the state repo names it. Pure. */
export function repositoryLockFile(stateDir: string, location: string): string {
  const digest = createHash('sha256').update(location).digest('hex').slice(0, 16);
  return join(stateDir, 'locks', `repository-${digest}.lock`);
}

/** The file whose lock says that a policy runs. Pure. */
export function policyLockFile(stateDir: string, name: string): string {
  return join(stateDir, 'locks', `policy-${name}.lock`);
}
