import type { Policy } from '../../state-schema/generated/state-file.ts';
import type { HostState } from '../../state-schema/host-state.ts';
import { volumeOf } from '../guards/volume-guard.ts';

/** The volumes that a policy reads from or writes to, by name: it cannot run while one of them cannot be used. Pure. */
export function volumesOfPolicy(name: string, state: HostState): readonly string[] {
  // The prune of a backup, `NAME.prune`, needs what the backup needs.
  const [declared = ''] = name.split('.');
  const policy = Object.hasOwn(state.policies, declared) ? state.policies[declared] : undefined;
  if (policy === undefined) return [];
  const found = placesOf(policy, state).flatMap((path) => volumeOf(path, state.volumes)?.name ?? []);
  return [...new Set(found)];
}

function placesOf(policy: Policy, state: HostState): readonly string[] {
  switch (policy.kind) {
    case 'backup':
      return [policy.source, policy.repository];
    case 'mirror':
      return [policy.source];
    case 'graduate':
      return [policy.from, policy.to];
    case 'purge':
      return [policy.path];
    case 'check':
    case 'drill':
      // What is looked at, not what it was made of. None of them can look at another check.
      return policy.of.flatMap((name) => {
        const of = Object.hasOwn(state.policies, name) ? state.policies[name] : undefined;
        return of?.kind === 'backup' ? [of.repository] : [];
      });
    case 'tier':
      return [];
  }
}
