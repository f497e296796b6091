import type { Directory, Share } from '../../state-schema/generated/state-file.ts';
import type { HostState } from '../../state-schema/host-state.ts';

/** Declared directories and those that shares bring along, by path: so a parent comes before its children. Pure. */
export function wantedDirectories(state: HostState): readonly (readonly [string, Directory])[] {
  const brought = Object.values(state.shares).flatMap(recycleDirectories);
  const all = new Map<string, Directory>([...brought, ...Object.entries(state.directories)]);
  return [...all].toSorted(([a], [b]) => (a < b ? -1 : 1));
}

/**
 * Where deleted files of a share go: one directory for each writer, made before Samba needs it. Samba would make it, but
 * then whoever has a shell on the host could be first, and read what somebody else deletes.
 */
function recycleDirectories({ path, recycle, write = [] }: Share): readonly (readonly [string, Directory])[] {
  if (recycle === undefined) return [];
  const top = `${path}/.recycle`;
  return [
    [top, { owner: 'root', mode: '0755' }],
    ...write.map((user) => [`${top}/${user}`, { owner: user, mode: '0700' }] as const),
  ];
}
