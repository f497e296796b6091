import type { Policy, SecretRef } from '../../state-schema/generated/state-file.ts';
import type { HostState } from '../../state-schema/host-state.ts';
import { remoteOf } from './repository-place.ts';

/** Names of the secrets that a policy needs: its password, and those of the remote it works on. Pure. */
export function secretsOf(policy: Policy, state: Pick<HostState, 'remotes'>): readonly string[] {
  switch (policy.kind) {
    case 'backup':
      return [policy.password.secret, ...ofRemote(remoteOf(policy.repository), state)];
    case 'mirror':
      return ofRemote(policy.destination.split(':')[0], state);
    case 'graduate':
    case 'purge':
    case 'check':
    case 'drill':
    case 'tier':
      return [];
  }
}

function ofRemote(name: string | undefined, { remotes }: Pick<HostState, 'remotes'>): readonly string[] {
  const remote = name !== undefined && Object.hasOwn(remotes, name) ? remotes[name] : undefined;
  const values: readonly unknown[] = Object.values(remote ?? {});
  return values.filter(isReference).map(({ secret }) => secret);
}

function isReference(value: unknown): value is SecretRef {
  return typeof value === 'object' && value !== null && 'secret' in value;
}
