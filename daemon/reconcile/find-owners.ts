import type { HostState } from '../../state-schema/host-state.ts';
import { lookUpOwners, type Owners } from '../resources/owners.ts';
import { wantedDirectories } from '../resources/wanted-directories.ts';

/** The numbers of every user and group that directories name, or none where owners are only simulated. */
export async function findOwners(
  state: HostState,
  place: { readonly setsOwners: boolean; readonly path: string },
): Promise<Owners> {
  if (!place.setsOwners) return { kind: 'simulated' };
  const users = new Set<string>();
  const groups = new Set<string>();
  for (const [, { owner, group }] of wantedDirectories(state)) {
    if (owner !== undefined) users.add(owner);
    if (group !== undefined) groups.add(group);
  }
  return lookUpOwners({ users: [...users], groups: [...groups], path: place.path });
}
