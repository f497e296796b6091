import type { SecretRef } from '../../state-schema/generated/state-file.ts';
import type { HostState } from '../../state-schema/host-state.ts';
import type { Fault } from '../errors.ts';
import type { Secrets } from '../secrets/secrets.ts';
import { remoteOf } from './repository-place.ts';
import type { RunnablePolicy } from './runnable-policies.ts';

type Declared = Pick<HostState, 'remotes' | 'policies'>;

/** Names of the secrets that a policy needs: its password, those of the remote it works on, and those of the policies it looks at. Pure. */
export function secretsOf(policy: RunnablePolicy, state: Declared): readonly string[] {
  switch (policy.kind) {
    case 'backup':
      return [policy.password.secret, ...ofRemote(remoteOf(policy.repository), state)];
    case 'mirror':
      return ofRemote(policy.destination.split(':')[0], state);
    case 'prune':
    case 'state':
      return secretsOf(policy.backup, state);
    case 'check':
    case 'drill':
      return policy.of.flatMap((name) => ofLookedAt(name, state));
    case 'graduate':
    case 'purge':
    case 'tier':
      return [];
  }
}

/** Why a secret that a policy needs is the last one known, while whoever keeps it is down. */
export function staleSecret(
  policy: RunnablePolicy,
  state: Declared,
  secrets: Pick<Secrets, 'stale'>,
): Fault | undefined {
  return secretsOf(policy, state)
    .map((name) => secrets.stale(name))
    .find((fault) => fault !== undefined);
}

/** Of a backup or a mirror: nothing else is looked at. */
function ofLookedAt(name: string, state: Declared): readonly string[] {
  const policy = Object.hasOwn(state.policies, name) ? state.policies[name] : undefined;
  return policy?.kind === 'backup' || policy?.kind === 'mirror' ? secretsOf(policy, state) : [];
}

function ofRemote(name: string | undefined, { remotes }: Declared): readonly string[] {
  const remote = name !== undefined && Object.hasOwn(remotes, name) ? remotes[name] : undefined;
  const values: readonly unknown[] = Object.values(remote ?? {});
  return values.filter(isReference).map(({ secret }) => secret);
}

function isReference(value: unknown): value is SecretRef {
  return typeof value === 'object' && value !== null && 'secret' in value;
}
