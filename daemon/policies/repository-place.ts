import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { BackupPolicy } from '../../state-schema/generated/state-file.ts';
import type { ResticPlace } from '../commands/restic.ts';
import type { Fault } from '../errors.ts';
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
  const remote = remoteOf(policy.repository);
  const reached = remote === undefined ? undefined : await environmentOf({ remote, state }, parts);
  if (reached?.kind === 'fault') return reached;
  return {
    kind: 'place',
    place: {
      repository: remote === undefined ? join(parts.root, policy.repository) : policy.repository,
      ...(reached === undefined ? {} : { remotes: reached.variables }),
      password: secret.value,
      redact: parts.secrets.redact,
      stateDir: parts.stateDir,
      path: parts.path,
      timezone: state.host.timezone,
      priority: { nice: policy.nice, ionice: policy.ionice },
    },
  };
}

/** The remote that a repository lies on; undefined for one on a disk of this host. Pure. */
export function remoteOf(repository: string): string | undefined {
  return /^rclone:([a-z][a-z0-9]*):/.exec(repository)?.[1];
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
