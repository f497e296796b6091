import type { Directory } from '../../state-schema/generated/state-file.ts';
import { faultText } from '../fault-text.ts';
import type { DirectoryWant } from '../files/file-wants.ts';
import type { DesiredResource } from './desired.ts';
import type { Owners } from './owners.ts';

/** The volume a file resource stands on. */
export interface Footing {
  readonly name: string;
  readonly mount: string;
}

/** A declared directory as a resource. */
export function desiredDirectory(
  path: string,
  directory: Directory,
  place: { footing: Footing; owners: Owners },
): DesiredResource {
  const { owners } = place;
  const unknown = owners.kind === 'real' ? unknownOwner(directory, owners) : undefined;
  const owned = directory.owner !== undefined || directory.group !== undefined;
  return {
    id: `directory:${path}`,
    kind: 'directory',
    digest: JSON.stringify([directory.owner ?? '', directory.group ?? '', directory.mode ?? '']),
    detail: detailOf(directory),
    volume: place.footing.name,
    ...(owners.kind === 'simulated' && owned
      ? { simulated: `owner ${directory.owner ?? '-'}, group ${directory.group ?? '-'}` }
      : {}),
    ...(unknown === undefined
      ? {}
      : {
          impossible: {
            reason: 'NoSuchUser',
            message: faultText({
              message: `${path} should belong to ${unknown}, which this host does not know`,
              next: `create it: adduser --system --group ${unknown.split(' ').at(-1) ?? ''}`,
            }),
          },
        }),
  };
}

/** What the file worker has to see and make for it. */
export function directoryWant(
  path: string,
  directory: Directory,
  place: { footing: Footing; owners: Owners },
): DirectoryWant {
  const { owners } = place;
  const uid =
    owners.kind === 'real' && directory.owner !== undefined ? owners.users.get(directory.owner) : undefined;
  const gid =
    owners.kind === 'real' && directory.group !== undefined ? owners.groups.get(directory.group) : undefined;
  return {
    kind: 'directory',
    id: `directory:${path}`,
    path,
    mount: place.footing.mount,
    ...(uid === undefined ? {} : { uid }),
    ...(gid === undefined ? {} : { gid }),
    ...(directory.mode === undefined ? {} : { mode: Number.parseInt(directory.mode, 8) }),
  };
}

function unknownOwner(directory: Directory, owners: Extract<Owners, { kind: 'real' }>): string | undefined {
  if (directory.owner !== undefined && !owners.users.has(directory.owner)) return `user ${directory.owner}`;
  if (directory.group !== undefined && !owners.groups.has(directory.group)) return `group ${directory.group}`;
  return undefined;
}

function detailOf({ owner, group, mode }: Directory): string {
  const parts = [];
  if (mode !== undefined) parts.push(`mode ${mode}`);
  if (owner !== undefined) parts.push(`owner ${owner}`);
  if (group !== undefined) parts.push(`group ${group}`);
  return parts.join(', ');
}
