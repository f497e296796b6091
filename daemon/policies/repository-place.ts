import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { BackupPolicy } from '../../state-schema/generated/state-file.ts';
import type { ResticPlace } from '../commands/restic.ts';
import type { Fault } from '../errors.ts';
import { resolveSecret } from '../secrets/resolve-secret.ts';
import type { NamedPolicy } from './named-policy.ts';
import type { PolicyParts } from './policy-parts.ts';

/** A backup policy of the current revision. */
export type NamedBackup = NamedPolicy<BackupPolicy>;

/** What restic needs to work on a policy's repository, or why it cannot be had. */
export type PlaceResult =
  | { readonly kind: 'place'; readonly place: ResticPlace }
  | { readonly kind: 'fault'; readonly fault: Fault };

/** Puts together what restic needs to work on the repository of a policy. */
export async function repositoryPlace(backup: NamedBackup, parts: PolicyParts): Promise<PlaceResult> {
  const { policy, state } = backup;
  const secret = await resolveSecret(policy.password.secret, {
    declared: state.secrets,
    allow: parts.settings.allow,
    overrides: parts.settings.overrides,
    root: parts.root,
  });
  if (secret.kind === 'missing') return { kind: 'fault', fault: secret.fault };
  return {
    kind: 'place',
    place: {
      repository: join(parts.root, policy.repository),
      password: secret.value,
      stateDir: parts.stateDir,
      path: parts.path,
      timezone: state.host.timezone,
      priority: { nice: policy.nice, ionice: policy.ionice },
    },
  };
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
